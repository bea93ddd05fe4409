#include "services/kpi/rpc/observations.h"

#include <string>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/base/text.h"
#include "libs/calendar/dates.h"
#include "libs/rpc/page.h"
#include "services/kpi/domain/errors.h"
#include "services/kpi/domain/names.h"
#include "services/kpi/rpc/narrow.h"
#include "services/kpi/store/indicators.h"
#include "services/kpi/store/units.h"

namespace dondoc::kpi {
namespace {

// The sources of a batch, each cleaned and kept once: most batches name a single one.
class Sources {
 public:
  // The position of a source.
  absl::StatusOr<size_t> PositionOf(const std::string& raw) {
    const auto found = positions_.find(raw);
    if (found != positions_.end()) return found->second;
    ASSIGN_OR_RETURN(std::string clean, CleanLine("source", raw, kShortTextMax));
    positions_[raw] = texts_.size();
    texts_.push_back(std::move(clean));
    return texts_.size() - 1;
  }

  std::vector<std::string> Take() { return std::move(texts_); }

 private:
  std::unordered_map<std::string, size_t> positions_;
  std::vector<std::string> texts_;
};

absl::StatusOr<NewObservation> CheckOne(const Catalog::Look& look, const identity::Reach& reach,
                                        const pb::Observation& proto, absl::CivilDay today,
                                        Sources& sources) {
  const IndicatorEntry* indicator = look.Indicator(proto.indicator());
  if (indicator == nullptr) return error::IndicatorNotFound("indicator", proto.indicator());
  if (indicator->indicator.computed) return error::IndicatorComputed(proto.indicator());
  const UnitEntry* unit = look.Unit(proto.unit());
  if (unit == nullptr) return error::UnitUnknown(proto.unit());
  RETURN_IF_ERROR(identity::CheckUnit(reach, unit->name));

  NewObservation observation;
  observation.indicator = indicator->row;
  observation.unit = unit->row;
  observation.by_case = indicator->indicator.aggregation == Aggregation::kMaximum;
  ASSIGN_OR_RETURN(observation.figures, CheckFigures({.date = proto.date(),
                                                      .numerator = proto.numerator(),
                                                      .denominator = proto.denominator()},
                                                     indicator->indicator.aggregation, today));
  RETURN_IF_ERROR(CheckUnitExists(unit->name, unit->days, observation.figures.date));
  ASSIGN_OR_RETURN(observation.source, sources.PositionOf(proto.source()));
  ASSIGN_OR_RETURN(observation.key, CheckKey("key", proto.key()));
  if (!proto.replaces_key().empty()) {
    ASSIGN_OR_RETURN(observation.replaces_key, CheckKey("replaces_key", proto.replaces_key()));
  }
  return observation;
}

}  // namespace

absl::StatusOr<ObservationBatch> CheckBatch(const Catalog& catalog, const identity::Reach& reach,
                                            const pb::RecordObservationsRequest& request,
                                            absl::CivilDay today) {
  const auto size = static_cast<size_t>(request.observations_size());
  if (size == 0) return error::BatchEmpty();
  if (size > kBatchMax) return error::BatchTooLarge(size);
  ObservationBatch batch;
  batch.observations.reserve(size);
  Sources sources;
  const Catalog::Look look(catalog);
  for (const pb::Observation& proto : request.observations()) {
    absl::StatusOr<NewObservation> observation = CheckOne(look, reach, proto, today, sources);
    if (!observation.ok()) {
      return error::WithDetail(observation.status(), "index",
                               absl::StrCat(batch.observations.size()));
    }
    batch.observations.push_back(*std::move(observation));
  }
  batch.sources = sources.Take();
  return batch;
}

absl::StatusOr<pb::ListObservationsResponse> ListObservations(
    const rpc::Call& call, store::Snapshot& snapshot, const pb::ListObservationsRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, IndicatorId("parent", request.parent()));
  const SharedEntry entry = ReadIndicator(snapshot.sql(), id);
  if (entry == nullptr) return error::IndicatorNotFound("parent", request.parent());
  if (!request.unit().empty()) {
    if (!ReadUnit(snapshot.sql(), request.unit())) return error::UnitUnknown(request.unit());
    RETURN_IF_ERROR(CheckSeen(call, request.unit()));
  }
  const std::string list = absl::StrCat(request.parent(), "\n", request.unit());
  ASSIGN_OR_RETURN(const rpc::Page page,
                   rpc::ReadPage(request.page_size(), request.page_token(), list));
  const ObservationPage found = ListObservations(
      snapshot.sql(), {.indicator = entry->row, .unit = request.unit(), .reach = call.reach()},
      page.after, page.size);
  pb::ListObservationsResponse response;
  for (const KeptObservation& kept : found.observations) {
    pb::Observation& proto = *response.add_observations();
    proto.set_indicator(request.parent());
    proto.set_unit(kept.unit);
    proto.set_date(calendar::FormatDate(kept.figures.date));
    proto.set_numerator(kept.figures.numerator.ToString());
    proto.set_denominator(kept.figures.denominator.ToString());
    proto.set_source(kept.source);
    proto.set_key(kept.key);
    proto.set_replaces_key(kept.replaces_key);
  }
  if (!found.next_after.empty()) {
    response.set_next_page_token(rpc::NextPageToken(found.next_after, list));
  }
  return response;
}

}  // namespace dondoc::kpi
