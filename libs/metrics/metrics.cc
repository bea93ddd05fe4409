#include "libs/metrics/metrics.h"

#include <prometheus/check_names.h>
#include <prometheus/exposer.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace dondoc::metrics {
namespace {

// Prometheus asks once in some seconds; a second thread serves a person who looks meanwhile.
constexpr char kExposerThreads[] = "2";
constexpr char kRequestTimeoutMs[] = "5000";

}  // namespace

std::vector<double> LatencyBuckets() {
  return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

template <typename Metric>
Metric& Family<Metric>::With(const std::vector<std::string>& values) {
  if (values.size() != labels_.size()) std::abort();
  {
    std::shared_lock lock(mutex_);
    const auto found = children_.find(values);
    if (found != children_.end()) return *found->second;
  }
  std::unique_lock lock(mutex_);
  const std::vector<std::string> others(labels_.size(), "other");
  const std::vector<std::string>& kept = children_.size() < kChildrenMax ? values : others;
  const auto [child, is_new] = children_.try_emplace(kept, nullptr);
  if (is_new) {
    prometheus::Labels labels;
    for (size_t i = 0; i < labels_.size(); ++i) labels[labels_[i]] = kept[i];
    child->second = &make_(labels);
  }
  return *child->second;
}

template class Family<Counter>;
template class Family<Gauge>;
template class Family<Histogram>;

// The gauges whose values are asked for.
class Registry::Functions final : public prometheus::Collectable {
 public:
  void Add(const Name& name, std::function<double()> value) {
    std::lock_guard lock(mutex_);
    functions_.emplace_back(name, std::move(value));
  }

  std::vector<prometheus::MetricFamily> Collect() const override {
    std::lock_guard lock(mutex_);
    std::vector<prometheus::MetricFamily> families;
    for (const auto& [name, value] : functions_) {
      prometheus::ClientMetric metric;
      metric.gauge.value = value();
      families.push_back({.name = name.name,
                          .help = name.help,
                          .type = prometheus::MetricType::Gauge,
                          .metric = {metric}});
    }
    return families;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<Name, std::function<double()>>> functions_;
};

Registry::Registry()
    : registry_(std::make_shared<prometheus::Registry>()),
      functions_(std::make_shared<Functions>()) {}

Registry::~Registry() = default;

void Registry::Claim(const Name& name, bool counter) {
  const bool conventional = absl::StartsWith(name.name, "dondoc_") &&
                            prometheus::CheckMetricName(name.name) && !name.help.empty() &&
                            absl::EndsWith(name.name, "_total") == counter;
  const bool labels_fit =
      std::all_of(name.labels.begin(), name.labels.end(), prometheus::CheckLabelName);
  std::lock_guard lock(mutex_);
  if (!conventional || !labels_fit || !claimed_.insert(name.name).second) std::abort();
}

Family<Counter>& Registry::AddCounters(const Name& name) {
  Claim(name, /*counter=*/true);
  auto& family = prometheus::BuildCounter().Name(name.name).Help(name.help).Register(*registry_);
  std::lock_guard lock(mutex_);
  return *counters_.emplace_back(std::make_unique<Family<Counter>>(
      name.labels,
      [&family](const prometheus::Labels& labels) -> Counter& { return family.Add(labels); }));
}

Family<Gauge>& Registry::AddGauges(const Name& name) {
  Claim(name, /*counter=*/false);
  auto& family = prometheus::BuildGauge().Name(name.name).Help(name.help).Register(*registry_);
  std::lock_guard lock(mutex_);
  return *gauges_.emplace_back(std::make_unique<Family<Gauge>>(
      name.labels,
      [&family](const prometheus::Labels& labels) -> Gauge& { return family.Add(labels); }));
}

Family<Histogram>& Registry::AddHistograms(const Name& name, std::vector<double> buckets) {
  Claim(name, /*counter=*/false);
  auto& family = prometheus::BuildHistogram().Name(name.name).Help(name.help).Register(*registry_);
  std::lock_guard lock(mutex_);
  return *histograms_.emplace_back(std::make_unique<Family<Histogram>>(
      name.labels,
      [&family, buckets = std::move(buckets)](const prometheus::Labels& labels) -> Histogram& {
        return family.Add(labels, buckets);
      }));
}

Counter& Registry::AddCounter(const Name& name) { return AddCounters(name).With({}); }

Gauge& Registry::AddGauge(const Name& name) { return AddGauges(name).With({}); }

Histogram& Registry::AddHistogram(const Name& name, std::vector<double> buckets) {
  return AddHistograms(name, std::move(buckets)).With({});
}

void Registry::AddGaugeFunction(const Name& name, std::function<double()> value) {
  Claim(name, /*counter=*/false);
  functions_->Add(name, std::move(value));
}

std::string Registry::Text() const {
  std::vector<prometheus::MetricFamily> families = registry_->Collect();
  for (prometheus::MetricFamily& family : functions_->Collect()) {
    families.push_back(std::move(family));
  }
  return prometheus::TextSerializer().Serialize(families);
}

Exposer::Exposer(std::unique_ptr<prometheus::Exposer> exposer) : exposer_(std::move(exposer)) {}

Exposer::~Exposer() = default;

absl::StatusOr<std::unique_ptr<Exposer>> Exposer::Start(const std::string& address,
                                                        const Registry& registry) {
  try {
    auto exposer = std::make_unique<prometheus::Exposer>(
        std::vector<std::string>{"listening_ports", address, "num_threads", kExposerThreads,
                                 "request_timeout_ms", kRequestTimeoutMs});
    exposer->RegisterCollectable(registry.registry_);
    exposer->RegisterCollectable(registry.functions_);
    return std::unique_ptr<Exposer>(new Exposer(std::move(exposer)));
  } catch (const std::exception& error) {
    return absl::UnavailableError(
        absl::StrCat("cannot answer /metrics on \"", address, "\": ", error.what()));
  }
}

int Exposer::port() const { return exposer_->GetListeningPorts().front(); }

}  // namespace dondoc::metrics
