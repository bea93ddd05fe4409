#include "libs/bus/metrics.h"

#include "libs/bus/steady.h"

namespace dondoc::bus {
Metrics::Metrics(metrics::Registry& registry, bool listens)
    : unpublished_(registry.AddGauge({.name = "dondoc_bus_unpublished_events",
                                      .help = "Events of the log that the broker has not yet."})),
      published_(registry.AddCounter({.name = "dondoc_bus_published_total",
                                      .help = "Events that the broker has acknowledged."})),
      too_large_(registry.AddCounter({.name = "dondoc_bus_too_large_total",
                                      .help = "Events that the broker will never take."})),
      broker_ahead_(registry.AddGauge(
          {.name = "dondoc_bus_broker_ahead_events",
           .help = "Events that the broker has of this service and its log has not."})),
      applied_(registry.AddCounters({.name = "dondoc_bus_applied_total",
                                     .help = "Events that have taken effect here.",
                                     .labels = {"source"}})),
      failed_(registry.AddCounters({.name = "dondoc_bus_failed_total",
                                    .help = "Attempts to apply an event that failed.",
                                    .labels = {"source"}})),
      parked_(
          registry.AddGauge({.name = "dondoc_bus_parked_events",
                             .help = "Events that wait for an earlier version or an attempt."})),
      dead_letters_(registry.AddGauge(
          {.name = "dondoc_bus_dead_letters", .help = "Events that could not be applied."})),
      lag_(registry.AddGauges({.name = "dondoc_bus_lag_events",
                               .help = "Events at the broker that are not acknowledged here.",
                               .labels = {"source"}})),
      connected_(registry.AddGauges(
          {.name = "dondoc_bus_connected",
           .help = "1 while the broker serves this service; 0 also where it stands by.",
           .labels = {"role"}})),
      listens_(listens),
      heard_at_(std::make_shared<std::atomic<int64_t>>(absl::ToUnixMicros(SteadyNow()))) {
  SetRelayConnected(false);
  if (!listens_) return;
  SetConsumerConnected(false);
  registry.AddGaugeFunction(
      {.name = "dondoc_bus_heard_seconds",
       .help = "Since the broker last answered for all that is listened to, or the start."},
      [heard_at = heard_at_] {
        return absl::ToDoubleSeconds(SteadyNow() - absl::FromUnixMicros(*heard_at));
      });
}

void Metrics::Heard() { *heard_at_ = absl::ToUnixMicros(SteadyNow()); }

void Metrics::SetWaiting(int64_t parked, int64_t dead_letters) {
  parked_.Set(static_cast<double>(parked));
  dead_letters_.Set(static_cast<double>(dead_letters));
}

void Metrics::Rest(const std::vector<std::string>& sources) {
  SetUnpublished(0);
  SetBrokerAhead(0);
  SetWaiting(0, 0);
  SetRelayConnected(false);
  if (listens_) SetConsumerConnected(false);
  for (const std::string& source : sources) SetLag(source, 0);
}

}  // namespace dondoc::bus
