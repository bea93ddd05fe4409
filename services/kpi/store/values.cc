#include "services/kpi/store/values.h"

#include <utility>

#include "libs/base/status_macros.h"
#include "services/kpi/domain/judge.h"
#include "services/kpi/domain/names.h"
#include "services/kpi/store/sums.h"

namespace dondoc::kpi {
namespace {

calendar::Window DaysOf(const calendar::Period& period) {
  return {.first = period.first(), .last = period.last()};
}

}  // namespace

absl::StatusOr<pb::Value> ComputeValue(store::Snapshot& snapshot, const IndicatorEntry& entry,
                                       const ValueName& name, const calendar::Period& period) {
  ASSIGN_OR_RETURN(const MeasuredValue measured,
                   ReadValue(snapshot.sql(), entry.row, name.unit, DaysOf(period)));
  return ToProto(name, entry.indicator, measured, snapshot.now());
}

absl::StatusOr<pb::Judgement> JudgeValue(store::Snapshot& snapshot, const IndicatorEntry& entry,
                                         const Target& target, const calendar::Period& period,
                                         const pb::Value& value) {
  const calendar::Window whole = DaysOf(period);
  const std::optional<calendar::Window> judged = JudgedDays(target, whole);
  if (judged == whole) {
    const ValueSum sum = SumFromStored(entry.indicator, value);
    return ToProto(target, value, Judge(entry.indicator, target, sum, whole, snapshot.today()));
  }
  const ValueName name{
      .indicator = value.indicator(), .unit = value.unit(), .period = value.period()};
  MeasuredValue part;
  part.revision = value.revision();
  if (judged) {
    ASSIGN_OR_RETURN(part, ReadValue(snapshot.sql(), entry.row, name.unit, *judged));
  }
  return ToProto(target, ToProto(name, entry.indicator, part, snapshot.now()),
                 Judge(entry.indicator, target, part.sum, whole, snapshot.today()));
}

absl::StatusOr<std::vector<pb::Judgement>> JudgeAll(store::Snapshot& snapshot,
                                                    const IndicatorEntry& entry,
                                                    const calendar::Period& period,
                                                    const pb::Value& value) {
  std::vector<pb::Judgement> judgements;
  for (const Target& target : entry.targets) {
    ASSIGN_OR_RETURN(pb::Judgement judgement, JudgeValue(snapshot, entry, target, period, value));
    judgements.push_back(std::move(judgement));
  }
  return judgements;
}

std::vector<calendar::Period> PeriodsOfMonth(int64_t month) {
  using calendar::PeriodKind;
  const absl::CivilDay day(month / 12, static_cast<int>(month % 12) + 1, 1);
  std::vector<calendar::Period> periods;
  for (const PeriodKind kind :
       {PeriodKind::kYear, PeriodKind::kHalf, PeriodKind::kQuarter, PeriodKind::kMonth}) {
    if (auto period = calendar::Period::Containing(kind, day)) periods.push_back(*period);
  }
  return periods;
}

}  // namespace dondoc::kpi
