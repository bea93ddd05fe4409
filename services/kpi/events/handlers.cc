#include "services/kpi/events/handlers.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "dondoc/inspection/v1/events.pb.h"
#include "dondoc/registry/v1/events.pb.h"
#include "libs/base/status_macros.h"
#include "libs/identity/directory_events.h"
#include "services/kpi/domain/plan_indicators.h"
#include "services/kpi/store/indicators.h"
#include "services/kpi/store/obligations.h"
#include "services/kpi/store/observations.h"
#include "services/kpi/store/units.h"
#include "services/kpi/wire/registry.h"

namespace dondoc::kpi {
namespace {

constexpr char kCoverageSource[] = "Chương trình kiểm tra";

template <typename Payload>
absl::StatusOr<Payload> Parse(const bus::Event& event) {
  Payload payload;
  if (event.schema != Payload::descriptor()->full_name() ||
      !payload.ParseFromString(event.payload)) {
    return absl::InvalidArgumentError(
        absl::StrCat(event.type, ": payload is no ", Payload::descriptor()->full_name()));
  }
  return payload;
}

// A plan or a programme may say what has no place here; the same words would never fit.
absl::Status Permanent(const absl::Status& status) {
  return status.ok() ? status : absl::InvalidArgumentError(status.message());
}

absl::Status UnitChanged(store::Transaction& transaction, Catalog& catalog,
                         const bus::Event& event) {
  ASSIGN_OR_RETURN(const auto payload, Parse<registry::v1::UnitChanged>(event));
  ASSIGN_OR_RETURN(const UnitFacts unit, FromEvent(payload.unit()));
  PutUnit(transaction, catalog, unit);
  return absl::OkStatus();
}

absl::Status PlanChanged(store::Transaction& transaction, Catalog& catalog,
                         const bus::Event& event) {
  ASSIGN_OR_RETURN(const auto payload, Parse<registry::v1::PlanChanged>(event));
  ASSIGN_OR_RETURN(const PlanFacts plan, FromEvent(payload.plan()));
  PutPlanYear(transaction, plan.id, plan.year);
  return Permanent(PutMeasures(transaction, catalog, MeasuresOf(plan)));
}

absl::Status AssignmentChanged(store::Transaction& transaction, Catalog& catalog,
                               const bus::Event& event) {
  ASSIGN_OR_RETURN(const auto payload, Parse<registry::v1::AssignmentChanged>(event));
  ASSIGN_OR_RETURN(const AssignmentFacts assignment, FromEvent(payload.assignment()));
  return PutAssignment(transaction, catalog, assignment);
}

// The figures of a year stand on the day on which they came about, within the year.
Figures CoverageFigures(const CoverageFacts& coverage, const std::optional<Figures>& before,
                        absl::Time at) {
  const absl::CivilDay date = std::clamp(DateOf(at), absl::CivilDay(coverage.year, 1, 1),
                                         absl::CivilDay(coverage.year, 12, 31));
  const Figures figures{.date = date,
                        .numerator = Decimal::OfWhole(coverage.concluded),
                        .denominator = Decimal::OfWhole(coverage.units)};
  const bool same = before && before->numerator == figures.numerator &&
                    before->denominator == figures.denominator;
  return same ? *before : figures;
}

absl::Status CoverageChanged(store::Transaction& transaction, Catalog& catalog,
                             const bus::Event& event) {
  ASSIGN_OR_RETURN(const auto payload, Parse<inspection::v1::CoverageChanged>(event));
  ASSIGN_OR_RETURN(const CoverageFacts coverage, FromEvent(payload.coverage()));
  PlanMeasure measure{.indicator = InspectionCoverage(), .targets = {}};
  if (coverage.share) measure.targets.push_back(CoverageTargetOf(coverage.year, *coverage.share));
  RETURN_IF_ERROR(Permanent(PutMeasures(transaction, catalog, {measure})));
  const int64_t indicator = ReadIndicator(transaction.sql(), kInspectionCoverage)->row;
  const std::string key = absl::StrCat("programmes/", coverage.year, "/coverage");
  const std::optional<Figures> before = FindFigures(transaction.sql(), indicator, key);
  SumChanges sums;
  PutComputed(transaction,
              {.indicator = indicator,
               .unit = 0,
               .key = key,
               .source = kCoverageSource,
               .figures = CoverageFigures(coverage, before, event.at)},
              sums);
  return sums.Write(transaction, catalog);
}

}  // namespace

std::vector<std::string> Sources() { return {"registry", "inspection"}; }

std::vector<bus::Subscription> Subscriptions(Catalog& catalog) {
  using Meaning = absl::Status (*)(store::Transaction&, Catalog&, const bus::Event&);
  const auto on = [&catalog](std::string pattern, Meaning meaning) {
    return bus::Subscription{
        .pattern = std::move(pattern),
        .handler = [&catalog, meaning](store::Transaction& transaction, const bus::Event& event) {
          return meaning(transaction, catalog, event);
        }};
  };
  std::vector<bus::Subscription> all = identity::DirectorySubscriptions();
  all.push_back(on("dondoc.registry.unit.*", &UnitChanged));
  all.push_back(on("dondoc.registry.plan.*", &PlanChanged));
  all.push_back(on("dondoc.registry.assignment.*", &AssignmentChanged));
  all.push_back(on("dondoc.inspection.coverage.*", &CoverageChanged));
  return all;
}

}  // namespace dondoc::kpi
