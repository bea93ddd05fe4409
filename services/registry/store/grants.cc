#include "services/registry/store/grants.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "dondoc/registry/v1/events.pb.h"
#include "libs/calendar/dates.h"
#include "libs/identity/accounts.h"
#include "libs/identity/directory_events.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/names.h"
#include "services/registry/store/body.h"

namespace dondoc::registry {
namespace {

using store::Bytes;

// Stands for "no end": sorts after every date that is accepted.
constexpr char kNoEnd[] = "9999-12-31";

int64_t NextNumber(store::Transaction& transaction) {
  return transaction.sql().Value<int64_t>("select coalesce(max(number), 0) from grants").value() +
         1;
}

}  // namespace

absl::StatusOr<Stored<RoleGrant>> FindGrant(store::Snapshot& snapshot, int64_t number) {
  const auto row = snapshot.sql().One<int64_t, Bytes>(
      "select version, body from grants where number = :number", number);
  if (!row) return error::GrantNotFound(number);
  return Stored<RoleGrant>{RestoreGrant(Decode<pb::Grant>(std::get<1>(*row))), std::get<0>(*row)};
}

pb::Grant SaveGrant(store::Transaction& transaction, Stored<RoleGrant>& grant) {
  if (grant.version == 0) grant.value.SetNumber(NextNumber(transaction));
  const RoleGrantState& state = grant.value.state();
  pb::GrantChanged event;
  *event.mutable_grant() = ToProto(grant.value, ++grant.version);
  transaction.sql().Run(
      "insert into grants (number, version, principal, role, unit, valid_from, valid_to, body) "
      "values (:number, :version, :principal, :role, :unit, :valid_from, :valid_to, :body) "
      "on conflict (number) do update set version = excluded.version, "
      "valid_to = excluded.valid_to, body = excluded.body",
      state.number, grant.version, state.principal, event.grant().role(), state.unit,
      event.grant().valid_from(), state.valid_to ? event.grant().valid_to() : std::string(kNoEnd),
      Encode(event.grant()));
  identity::PutGrant(transaction, {.name = event.grant().name(),
                                   .version = grant.version,
                                   .grant = {.principal = state.principal,
                                             .role = state.role,
                                             .unit = event.grant().unit(),
                                             .valid_from = state.valid_from,
                                             .valid_to = state.valid_to}});
  Emit(transaction,
       {.noun = "grant", .verb = "changed", .name = event.grant().name(), .version = grant.version},
       event);
  return std::move(*event.mutable_grant());
}

std::optional<RoleGrant> FindOverlapping(store::Snapshot& snapshot, const RoleGrant& grant) {
  const RoleGrantState& state = grant.state();
  std::optional<RoleGrant> found;
  snapshot.sql().ForEach<Bytes>(
      "select body from grants where principal = :principal and role = :role and unit = :unit "
      "order by number",
      [&](const Bytes& body) {
        RoleGrant other = RestoreGrant(Decode<pb::Grant>(body));
        if (!found && other.Overlaps(grant)) found = std::move(other);
      },
      state.principal, identity::ToProto(state.role), state.unit);
  return found;
}

std::optional<RoleGrant> FindOffice(store::Snapshot& snapshot, const OfficeQuery& query) {
  const std::string day = calendar::FormatDate(query.day);
  const auto body = snapshot.sql().Value<Bytes>(
      "select body from grants where role = :role and unit = '' and valid_from <= :day and "
      "valid_to > :until and number <> :except and (:anybody = 1 or principal = :of) and "
      "principal <> :not_of and (:closed_too = 1 or not exists (select 1 from identity_accounts "
      "where disabled = 1 and :account || name = principal)) "
      "order by valid_to desc, number limit 1",
      pb::ROLE_OFFICE, day, day, query.except, query.of.empty(), query.of, query.not_of,
      query.closed_too, std::string(identity::kAccountPrefix));
  if (!body) return std::nullopt;
  RoleGrant grant = RestoreGrant(Decode<pb::Grant>(*body));
  if (query.standing && !grant.IsStandingOffice()) return std::nullopt;
  return grant;
}

std::vector<pb::Grant> ListGrantBodies(store::Snapshot& snapshot, const GrantQuery& query) {
  // Without a day, every grant began by the last one and ends after the first one.
  const std::string began_by = query.as_of ? calendar::FormatDate(*query.as_of) : kNoEnd;
  const std::string ends_after = query.as_of ? calendar::FormatDate(*query.as_of) : "";
  std::vector<pb::Grant> grants;
  snapshot.sql().ForEach<Bytes>(
      "select body from grants where number > :after and valid_from <= :began_by and "
      "valid_to > :ends_after and (:any_principal = 1 or principal = :principal) and "
      "(:any_unit = 1 or unit = :unit) order by number limit :limit",
      [&](const Bytes& body) { grants.push_back(Decode<pb::Grant>(body)); }, query.after, began_by,
      ends_after, query.principal.empty(), query.principal, query.unit.empty(), query.unit,
      query.limit);
  return grants;
}

void SaveSigningKey(store::Transaction& transaction, const identity::KeyState& key) {
  identity::PutKey(transaction, key);
  pb::SigningKeyChanged event;
  event.mutable_key()->set_name(absl::StrCat("keys/", key.id));
  event.mutable_key()->set_x(key.x);
  event.mutable_key()->set_retired(key.retired);
  Emit(transaction,
       {.noun = "key", .verb = "changed", .name = event.key().name(), .version = key.version},
       event);
}

}  // namespace dondoc::registry
