#include "libs/rpc/observe.h"

#include "libs/base/refusal.h"
#include "libs/log/audit.h"
#include "libs/log/log.h"

namespace dondoc::rpc {

void LogRefusal(const Call& call, const absl::Status& status, absl::Duration took) {
  if (status.ok()) {
    log::Debug("rpc.answered", {{"method", call.method},
                                {"actor", call.actor},
                                {"took_us", absl::ToInt64Microseconds(took)}});
    return;
  }
  const std::string code = absl::StatusCodeToString(status.code());
  const int64_t took_us = absl::ToInt64Microseconds(took);
  if (absl::IsInternal(status) || absl::IsUnknown(status) || absl::IsDataLoss(status)) {
    log::Error("rpc.failed", {{"method", call.method},
                              {"code", code},
                              {"actor", call.actor},
                              {"what", std::string(status.message())},
                              {"took_us", took_us}});
    return;
  }
  log::Info("rpc.refused", {{"method", call.method},
                            {"code", code},
                            {"reason", ReasonOf(status)},
                            {"actor", call.actor},
                            {"took_us", took_us}});
}

Observer LogAndCount(metrics::Registry& registry) {
  auto& seconds = registry.AddHistograms(
      {.name = "dondoc_rpc_seconds", .help = "How long calls take.", .labels = {"method"}});
  auto& calls = registry.AddCounters({.name = "dondoc_rpc_total",
                                      .help = "Calls answered, by status code.",
                                      .labels = {"method", "code"}});
  auto& refused = registry.AddCounters({.name = "dondoc_rpc_refused_total",
                                        .help = "Calls refused, by reason.",
                                        .labels = {"reason"}});
  return [&seconds, &calls, &refused](const Call& call, const absl::Status& status,
                                      absl::Duration took) {
    seconds.With({call.method}).Observe(absl::ToDoubleSeconds(took));
    calls.With({call.method, absl::StatusCodeToString(status.code())}).Increment();
    if (const std::string reason = ReasonOf(status); !reason.empty()) {
      refused.With({reason}).Increment();
    }
    LogRefusal(call, status, took);
  };
}

void Audit(const Call& call, const absl::Status& status) {
  if (call.rule == nullptr || !call.rule->audited) return;
  log::Audit("audit", {{"caller", call.actor},
                       {"method", call.rule->method},
                       {"outcome", absl::StatusCodeToString(status.code())},
                       {"reason", ReasonOf(status)},
                       {"request_id", call.request_id},
                       {"resource", call.resource}});
}

}  // namespace dondoc::rpc
