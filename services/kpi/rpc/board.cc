#include "services/kpi/rpc/board.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "services/kpi/domain/errors.h"
#include "services/kpi/domain/names.h"
#include "services/kpi/rpc/narrow.h"
#include "services/kpi/store/indicators.h"
#include "services/kpi/store/values.h"

namespace dondoc::kpi {
namespace {

absl::Status CheckUnit(const Catalog& catalog, const std::string& unit) {
  if (unit.empty() || catalog.FindUnit(unit)) return absl::OkStatus();
  return error::UnitUnknown(unit);
}

// The period that was asked for, else the year of the plan, else this year.
absl::StatusOr<calendar::Period> BoardPeriod(store::Snapshot& snapshot, const std::string& plan,
                                             const std::string& period) {
  if (!period.empty()) return calendar::Period::FromId(period);
  std::optional<int> year;
  if (!plan.empty()) year = PlanYear(snapshot.sql(), plan);
  return calendar::Period::Create(calendar::PeriodKind::kYear,
                                  year.value_or(static_cast<int>(snapshot.today().year())));
}

// Several targets of a board share one value.
class BoardValues {
 public:
  BoardValues(store::Snapshot& snapshot, std::string unit, const calendar::Period& period)
      : snapshot_(snapshot), unit_(std::move(unit)), period_(period) {}

  absl::StatusOr<pb::Value> Of(const IndicatorEntry& entry) {
    const auto found = values_.find(entry.row);
    if (found != values_.end()) return found->second;
    const ValueName name{
        .indicator = IndicatorName(entry.indicator.id), .unit = unit_, .period = period_.id()};
    ASSIGN_OR_RETURN(pb::Value value, ComputeValue(snapshot_, entry, name, period_));
    return values_.emplace(entry.row, std::move(value)).first->second;
  }

 private:
  store::Snapshot& snapshot_;
  const std::string unit_;
  const calendar::Period period_;
  std::map<int64_t, pb::Value> values_;
};

}  // namespace

absl::StatusOr<pb::GetBoardResponse> GetBoard(Catalog& catalog, const rpc::Call& call,
                                              store::Snapshot& snapshot,
                                              const pb::GetBoardRequest& request) {
  std::string plan;
  if (!request.plan().empty()) {
    ASSIGN_OR_RETURN(plan, PlanId("plan", request.plan()));
  }
  catalog.CatchUp(snapshot);
  RETURN_IF_ERROR(CheckUnit(catalog, request.unit()));
  RETURN_IF_ERROR(CheckSeen(call, request.unit()));
  ASSIGN_OR_RETURN(const calendar::Period period, BoardPeriod(snapshot, plan, request.period()));

  pb::GetBoardResponse response;
  BoardValues values(snapshot, request.unit(), period);
  std::map<pb::Verdict, int> counts;
  for (const Target& target : BoardTargets(snapshot.sql(), plan)) {
    const SharedEntry found = catalog.FindIndicator(IndicatorName(target.indicator));
    if (found == nullptr) continue;
    ASSIGN_OR_RETURN(const pb::Value value, values.Of(*found));
    pb::BoardRow& row = *response.add_rows();
    *row.mutable_indicator() = ToProto(found->indicator);
    ASSIGN_OR_RETURN(*row.mutable_judgement(), JudgeValue(snapshot, *found, target, period, value));
    ++counts[row.judgement().verdict()];
  }
  for (int verdict = pb::VERDICT_MET; verdict <= pb::Verdict_MAX; ++verdict) {
    pb::VerdictCount& count = *response.add_verdict_counts();
    count.set_verdict(static_cast<pb::Verdict>(verdict));
    count.set_count(counts[static_cast<pb::Verdict>(verdict)]);
  }
  return response;
}

}  // namespace dondoc::kpi
