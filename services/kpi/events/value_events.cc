#include "services/kpi/events/value_events.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "dondoc/kpi/v1/events.pb.h"
#include "libs/base/ids.h"
#include "libs/base/status_macros.h"
#include "libs/base/trace.h"
#include "libs/calendar/periods.h"
#include "services/kpi/domain/names.h"
#include "services/kpi/store/values.h"

namespace dondoc::kpi {
namespace {

using store::Bytes;

// What makes two events say the same: figures and verdicts, not when or from which revision.
std::string FingerprintOf(pb::ValueChanged event) {
  const auto strip = [](pb::Value& value) {
    value.clear_compute_time();
    value.clear_revision();
  };
  strip(*event.mutable_value());
  for (pb::Judgement& judgement : *event.mutable_judgements()) {
    strip(*judgement.mutable_value());
    judgement.mutable_target()->clear_etag();
  }
  return Sha256(event.SerializeAsString());
}

}  // namespace

absl::Status EmitValueChanged(store::Transaction& transaction, const IndicatorEntry& entry,
                              int year) {
  ASSIGN_OR_RETURN(const calendar::Period period,
                   calendar::Period::Create(calendar::PeriodKind::kYear, year));
  const ValueName name{
      .indicator = IndicatorName(entry.indicator.id), .unit = {}, .period = period.id()};
  pb::ValueChanged event;
  ASSIGN_OR_RETURN(*event.mutable_value(), ComputeValue(transaction, entry, name, period));
  ASSIGN_OR_RETURN(const std::vector<pb::Judgement> judgements,
                   JudgeAll(transaction, entry, period, event.value()));
  event.mutable_judgements()->Assign(judgements.begin(), judgements.end());

  const auto published = transaction.sql().One<int64_t, Bytes>(
      "select version, fingerprint from published_values "
      "where indicator_id = :indicator and year = :year",
      entry.row, year);
  const std::string fingerprint = FingerprintOf(event);
  if (published ? std::get<1>(*published).value == fingerprint
                : event.value().observation_count() == 0) {
    return absl::OkStatus();
  }
  const int64_t version = published ? std::get<0>(*published) + 1 : 1;
  transaction.sql().Run(
      "insert into published_values (indicator_id, year, version, fingerprint) "
      "values (:indicator, :year, :version, :fingerprint) "
      "on conflict (indicator_id, year) do update set version = excluded.version, "
      "fingerprint = excluded.fingerprint",
      entry.row, year, version, Bytes{fingerprint});
  transaction.Emit({.type = "dondoc.kpi.value.changed",
                    .name = absl::StrCat(name.indicator, "/values/", name.period),
                    .version = version,
                    .schema = event.GetDescriptor()->full_name(),
                    .payload = event.SerializeAsString(),
                    .traceparent = CurrentTrace()});
  return absl::OkStatus();
}

}  // namespace dondoc::kpi
