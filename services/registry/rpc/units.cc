#include "services/registry/rpc/units.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"
#include "libs/log/log.h"
#include "libs/rpc/page.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/names.h"
#include "services/registry/rpc/checks.h"
#include "services/registry/rpc/cut_page.h"
#include "services/registry/store/plans.h"
#include "services/registry/store/units.h"

namespace dondoc::registry {
namespace {

absl::Status CheckPlaceAndNames(store::Snapshot& snapshot, const Unit& unit) {
  PlaceInTree place;
  ASSIGN_OR_RETURN(place.above, ChainUpFrom(snapshot, unit.state().parent));
  place.height_below = HeightBelow(snapshot, unit.id());
  RETURN_IF_ERROR(CheckPlace(unit, place));

  std::vector<Unit> others;
  for (const std::string& name : unit.Names()) {
    for (Unit& other : UnitsNamed(snapshot, name)) {
      if (other.id() != unit.id()) others.push_back(std::move(other));
    }
  }
  return CheckNames(unit, others);
}

// A group that was resolved by kind does not grow by itself: nobody is obliged in silence.
void WarnOfGroupsWithout(store::Snapshot& snapshot, const Unit& unit) {
  for (const GroupOfKind& group : GroupsOfKind(snapshot, unit.state().kind)) {
    log::Warning("unit.not_in_group", {{"unit", UnitName(unit.id())},
                                       {"plan", PlanName(group.plan)},
                                       {"group", group.group_text},
                                       {"advice", "set the group rule again to oblige it"}});
  }
}

}  // namespace

absl::StatusOr<pb::AddUnitResponse> AddUnit(const rpc::Call&, store::Transaction& transaction,
                                            const pb::AddUnitRequest& request) {
  ASSIGN_OR_RETURN(NewUnit fields, ReadNewUnit(request.unit()));
  ASSIGN_OR_RETURN(Unit unit, Unit::Create(std::move(fields)));
  if (UnitExists(transaction, unit.id())) return error::UnitExists(unit.id());
  RETURN_IF_ERROR(CheckPlaceAndNames(transaction, unit));

  WarnOfGroupsWithout(transaction, unit);
  Stored<Unit> stored = {std::move(unit)};
  pb::AddUnitResponse response;
  *response.mutable_unit() = SaveUnit(transaction, stored, "added");
  return response;
}

absl::StatusOr<pb::UpdateUnitResponse> UpdateUnit(const rpc::Call&, store::Transaction& transaction,
                                                  const pb::UpdateUnitRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseUnitName("unit.name", request.unit().name()));
  ASSIGN_OR_RETURN(UnitChange change, ReadUnitChange(request.unit()));
  ASSIGN_OR_RETURN(Stored<Unit> unit, FindUnit(transaction, id));
  RETURN_IF_ERROR(CheckEtag(request.unit().name(), request.unit().etag(), unit.version));
  RETURN_IF_ERROR(unit.value.Update(std::move(change)));
  RETURN_IF_ERROR(CheckPlaceAndNames(transaction, unit.value));

  pb::UpdateUnitResponse response;
  *response.mutable_unit() = SaveUnit(transaction, unit, "changed");
  return response;
}

absl::StatusOr<pb::GetUnitResponse> GetUnit(const rpc::Call&, store::Snapshot& snapshot,
                                            const pb::GetUnitRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseUnitName("name", request.name()));
  ASSIGN_OR_RETURN(const Stored<Unit> unit, FindUnit(snapshot, id));
  pb::GetUnitResponse response;
  *response.mutable_unit() = ToProto(unit.value, unit.version);
  return response;
}

absl::StatusOr<pb::ListUnitsResponse> ListUnits(const rpc::Call&, store::Snapshot& snapshot,
                                                const pb::ListUnitsRequest& request) {
  UnitQuery query;
  if (!request.as_of().empty()) {
    ASSIGN_OR_RETURN(query.as_of, calendar::ParseDate("as_of", request.as_of()));
  }
  const std::string filter = absl::StrCat("units|", request.as_of());
  ASSIGN_OR_RETURN(const rpc::Page page,
                   rpc::ReadPage(request.page_size(), request.page_token(), filter));
  query.after = page.after;
  query.limit = page.size + 1;
  std::vector<pb::Unit> units = ListUnitBodies(snapshot, query);

  pb::ListUnitsResponse response;
  if (CutPage(units, page.size)) {
    ASSIGN_OR_RETURN(const std::string last, ParseUnitName("name", units.back().name()));
    response.set_next_page_token(rpc::NextPageToken(last, filter));
  }
  for (pb::Unit& unit : units) *response.add_units() = std::move(unit);
  return response;
}

}  // namespace dondoc::registry
