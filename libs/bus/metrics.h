#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "libs/metrics/metrics.h"

namespace dondoc::bus {

// What the bus counts. Thread-safe.
class Metrics {
 public:
  // Borrows the registry, to which the metrics are added; those of a consumer only for a service
  // that listens to somebody.
  Metrics(metrics::Registry& registry, bool listens);

  // Of the relay.
  void SetUnpublished(int64_t events) { unpublished_.Set(static_cast<double>(events)); }
  void CountPublished(int64_t events) { published_.Increment(static_cast<double>(events)); }
  void CountTooLarge() { too_large_.Increment(); }
  void SetRelayConnected(bool connected) { connected_.With({"relay"}).Set(connected ? 1 : 0); }
  void SetBrokerAhead(int64_t events) { broker_ahead_.Set(static_cast<double>(events)); }

  // Of the consumer.
  void CountApplied(const std::string& source) { applied_.With({source}).Increment(); }
  void CountFailed(const std::string& source) { failed_.With({source}).Increment(); }
  void SetWaiting(int64_t parked, int64_t dead_letters);
  void SetLag(const std::string& source, int64_t events) {
    lag_.With({source}).Set(static_cast<double>(events));
  }

  void SetConsumerConnected(bool connected) {
    connected_.With({"consumer"}).Set(connected ? 1 : 0);
  }
  // The broker has answered for every source that is listened to.
  void Heard();

  // Nothing is known any more of what only those at work know.
  void Rest(const std::vector<std::string>& sources);

 private:
  metrics::Gauge& unpublished_;
  metrics::Counter& published_;
  metrics::Counter& too_large_;
  metrics::Gauge& broker_ahead_;
  metrics::Family<metrics::Counter>& applied_;
  metrics::Family<metrics::Counter>& failed_;
  metrics::Gauge& parked_;
  metrics::Gauge& dead_letters_;
  metrics::Family<metrics::Gauge>& lag_;
  metrics::Family<metrics::Gauge>& connected_;
  const bool listens_;
  // Microseconds of the steady clock. The registry, which asks for the age, may outlive this.
  const std::shared_ptr<std::atomic<int64_t>> heard_at_;
};

}  // namespace dondoc::bus
