#pragma once

#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace prometheus {
class Exposer;
}

namespace dondoc::metrics {

using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;

// What a metric is called, by Prometheus's conventions: it begins with "dondoc_", the unit comes
// last
// ("_seconds", "_bytes"), and a counter ends in "_total".
struct Name {
  std::string name;
  std::string help;
  // The names of the labels whose values With() is given, in this order.
  std::vector<std::string> labels = {};
};

// From half a millisecond to ten seconds: what a call or a commit may take.
std::vector<double> LatencyBuckets();

// All metrics of one name. Thread-safe.
//
// With() finds a child by its label values; the child lives as long as the registry, so what is hot
// keeps the reference and pays one atomic addition. Labels take few values (a method, a state),
// never ids: past `kChildrenMax` every new child is the one whose labels are all "other".
template <typename Metric>
class Family {
 public:
  static constexpr size_t kChildrenMax = 1'000;

  using Make = std::function<Metric&(const prometheus::Labels&)>;
  Family(std::vector<std::string> labels, Make make)
      : labels_(std::move(labels)), make_(std::move(make)) {}

  // `values` in the order of the labels; another number of them is a mistake in the program.
  Metric& With(const std::vector<std::string>& values);

 private:
  const std::vector<std::string> labels_;
  const Make make_;
  std::shared_mutex mutex_;
  std::map<std::vector<std::string>, Metric*> children_;
};

// Every metric of a process. main() owns it; it outlives whatever counts. Thread-safe.
//
// Each metric is added once, at start; a bad or a doubled name ends the program, because it is a
// mistake in it.
class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // One metric without labels.
  Counter& AddCounter(const Name& name);
  Gauge& AddGauge(const Name& name);
  Histogram& AddHistogram(const Name& name, std::vector<double> buckets = LatencyBuckets());

  // One for each combination of label values.
  Family<Counter>& AddCounters(const Name& name);
  Family<Gauge>& AddGauges(const Name& name);
  Family<Histogram>& AddHistograms(const Name& name,
                                   std::vector<double> buckets = LatencyBuckets());

  // A gauge whose value is asked for when it is read. `value` must be thread-safe and quick, and
  // whatever it borrows must outlive the exposer.
  void AddGaugeFunction(const Name& name, std::function<double()> value);

  // Everything in Prometheus's text format.
  std::string Text() const;

 private:
  friend class Exposer;
  class Functions;

  void Claim(const Name& name, bool counter);

  std::shared_ptr<prometheus::Registry> registry_;
  std::shared_ptr<Functions> functions_;
  std::mutex mutex_;
  std::set<std::string> claimed_;
  std::vector<std::unique_ptr<Family<Counter>>> counters_;
  std::vector<std::unique_ptr<Family<Gauge>>> gauges_;
  std::vector<std::unique_ptr<Family<Histogram>>> histograms_;
};

// Answers GET /metrics from a registry until it is destroyed.
class Exposer {
 public:
  // `address` is "host:port" or "port"; port 0 takes a free one. Borrows `registry`. UNAVAILABLE
  // when the address cannot be had.
  static absl::StatusOr<std::unique_ptr<Exposer>> Start(const std::string& address,
                                                        const Registry& registry);
  ~Exposer();

  // The port that it listens on.
  int port() const;

 private:
  explicit Exposer(std::unique_ptr<prometheus::Exposer> exposer);

  std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace dondoc::metrics
