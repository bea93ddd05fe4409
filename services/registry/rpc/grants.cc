#include "services/registry/rpc/grants.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"
#include "libs/rpc/page.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/names.h"
#include "services/registry/rpc/checks.h"
#include "services/registry/rpc/cut_page.h"
#include "services/registry/store/grants.h"
#include "services/registry/store/units.h"

namespace dondoc::registry {
namespace {

constexpr char kFirstDecision[] = "first-office";

// The unit is there on the grant's first day; what becomes of it later ends its power by itself.
absl::Status CheckUnitOf(store::Snapshot& snapshot, const RoleGrantState& grant) {
  if (grant.unit.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Stored<Unit> unit, FindUnit(snapshot, grant.unit));
  return unit.value.ExistsOn(grant.valid_from) ? absl::OkStatus()
                                               : error::UnitNotThere(grant.unit, grant.valid_from);
}

absl::StatusOr<pb::Grant> Give(store::Transaction& transaction, NewRoleGrant fields) {
  ASSIGN_OR_RETURN(RoleGrant grant, RoleGrant::Create(std::move(fields), transaction.today()));
  RETURN_IF_ERROR(CheckUnitOf(transaction, grant.state()));
  if (const auto other = FindOverlapping(transaction, grant)) {
    return error::GrantExists(other->state().number, grant.state().principal);
  }
  Stored<RoleGrant> stored = {std::move(grant)};
  return SaveGrant(transaction, stored);
}

}  // namespace

absl::StatusOr<pb::GrantRoleResponse> GrantRole(const rpc::Call&, store::Transaction& transaction,
                                                const pb::GrantRoleRequest& request) {
  ASSIGN_OR_RETURN(NewRoleGrant fields, ReadNewGrant(request.grant()));
  pb::GrantRoleResponse response;
  ASSIGN_OR_RETURN(*response.mutable_grant(), Give(transaction, std::move(fields)));
  return response;
}

absl::StatusOr<pb::EndGrantResponse> EndGrant(const rpc::Call&, store::Transaction& transaction,
                                              const pb::EndGrantRequest& request) {
  ASSIGN_OR_RETURN(const int64_t number, ParseGrantName("name", request.name()));
  std::optional<absl::CivilDay> valid_to;
  if (!request.valid_to().empty()) {
    ASSIGN_OR_RETURN(valid_to, calendar::ParseDate("valid_to", request.valid_to()));
  }
  ASSIGN_OR_RETURN(Stored<RoleGrant> grant, FindGrant(transaction, number));
  RETURN_IF_ERROR(CheckEtag(request.name(), request.etag(), grant.version));
  const bool was_standing_office = grant.value.IsStandingOffice();
  RETURN_IF_ERROR(grant.value.End(valid_to, transaction.today()));
  if (was_standing_office) {
    const absl::CivilDay end = *grant.value.state().valid_to;
    if (!FindOffice(transaction, {.day = end, .standing = true, .except = number})) {
      return error::LastOfficeGrant(number);
    }
  }
  pb::EndGrantResponse response;
  *response.mutable_grant() = SaveGrant(transaction, grant);
  return response;
}

absl::StatusOr<pb::ListGrantsResponse> ListGrants(const rpc::Call&, store::Snapshot& snapshot,
                                                  const pb::ListGrantsRequest& request) {
  GrantQuery query;
  if (!request.as_of().empty()) {
    ASSIGN_OR_RETURN(query.as_of, calendar::ParseDate("as_of", request.as_of()));
  }
  if (!request.unit().empty()) {
    ASSIGN_OR_RETURN(query.unit, ParseUnitName("unit", request.unit()));
  }
  query.principal = request.principal();
  const std::string filter =
      absl::StrCat("grants|", request.as_of(), "|", request.unit(), "|", request.principal());
  ASSIGN_OR_RETURN(const rpc::Page page,
                   rpc::ReadPage(request.page_size(), request.page_token(), filter));
  // A token that was not forged holds the number of a grant.
  if (!page.after.empty() && !absl::SimpleAtoi(page.after, &query.after)) query.after = 0;
  query.limit = page.size + 1;
  std::vector<pb::Grant> grants = ListGrantBodies(snapshot, query);

  pb::ListGrantsResponse response;
  if (CutPage(grants, page.size)) {
    ASSIGN_OR_RETURN(const int64_t last, ParseGrantName("name", grants.back().name()));
    response.set_next_page_token(rpc::NextPageToken(absl::StrCat(last), filter));
  }
  for (pb::Grant& grant : grants) *response.add_grants() = std::move(grant);
  return response;
}

absl::Status CheckNoOffice(store::Snapshot& snapshot) {
  if (const auto office = FindOffice(snapshot, {.day = snapshot.today(), .closed_too = true})) {
    return error::OfficePresent(office->state().number, office->state().principal);
  }
  return absl::OkStatus();
}

absl::StatusOr<pb::Grant> GiveFirstOffice(store::Transaction& transaction,
                                          const std::string& principal) {
  RETURN_IF_ERROR(CheckNoOffice(transaction));
  return Give(
      transaction,
      {.principal = principal, .role = identity::Role::kOffice, .decision = kFirstDecision});
}

}  // namespace dondoc::registry
