#include "libs/identity/directory.h"

#include <utility>

#include "absl/status/status.h"
#include "libs/base/status_macros.h"
#include "libs/identity/base64url.h"
#include "libs/identity/roles.h"
#include "libs/log/log.h"

namespace dondoc {

// Made by CMake from schema/.
std::vector<store::Migration> directory_schema();

namespace identity {
namespace {

// Before every revision: a view of nothing.
constexpr int64_t kNever = -1;

constexpr absl::CivilDay kEpoch(1970, 1, 1);

int64_t NumberOf(absl::CivilDay day) { return day - kEpoch; }
absl::CivilDay DayOf(int64_t number) { return kEpoch + number; }
std::optional<int64_t> NumberOf(const std::optional<absl::CivilDay>& day) {
  return day ? std::optional(NumberOf(*day)) : std::nullopt;
}
std::optional<absl::CivilDay> DayOf(const std::optional<int64_t>& number) {
  return number ? std::optional(DayOf(*number)) : std::nullopt;
}

std::optional<int64_t> RevisionOf(store::Sql& sql) {
  return sql.Value<int64_t>("select revision from directory_revision where id = 1");
}

// Runs `put`, which writes a row with the revision that it is given and tells how many it changed.
// Only a change counts.
template <typename Put>
void InNextRevision(store::Sql& sql, Put put) {
  const int64_t next = RevisionOf(sql).value_or(0) + 1;
  if (put(next) == 0) return;
  sql.Run("update directory_revision set revision = :revision where id = 1", next);
}

bool ChangedSince(store::Sql& sql, const char* query, int64_t revision) {
  return sql.Value<int64_t>(query, revision).has_value();
}

std::shared_ptr<const View::Grants> ReadGrants(store::Sql& sql) {
  auto grants = std::make_shared<View::Grants>();
  sql.ForEach<std::string, std::string, std::string, std::string, int64_t, std::optional<int64_t>>(
      "select name, principal, role, unit, valid_from, valid_to from directory_grants order by "
      "name",
      [&](const std::string& name, std::string principal, const std::string& role_name,
          std::string unit, int64_t valid_from, const std::optional<int64_t>& valid_to) {
        const auto role = RoleNamed(role_name);
        if (!role) {
          // One that a later version knows gives nothing here.
          log::Warning("directory.role_unknown", {{"grant", name}, {"role", role_name}});
          return;
        }
        std::vector<Grant>& mine = (*grants)[principal];
        mine.push_back({.principal = std::move(principal),
                        .role = *role,
                        .unit = std::move(unit),
                        .valid_from = DayOf(valid_from),
                        .valid_to = DayOf(valid_to)});
      });
  return grants;
}

std::shared_ptr<const View::Keys> ReadKeys(store::Sql& sql) {
  auto keys = std::make_shared<View::Keys>();
  sql.ForEach<std::string, std::string>(
      "select id, x from directory_keys where retired = 0",
      [&](std::string id, const std::string& x) {
        auto key = PublicKey::OfEd25519(FromBase64Url(x).value_or(std::string()));
        if (key) {
          keys->emplace(std::move(id), *std::move(key));
        } else {
          log::Error("directory.key_unusable", {{"key", id}});
        }
      });
  return keys;
}

// `before` with what has changed since.
std::shared_ptr<const UnitTree> ReadTree(store::Sql& sql, const UnitTree* before, int64_t since) {
  auto tree = before ? std::make_shared<UnitTree>(*before) : std::make_shared<UnitTree>();
  sql.ForEach<std::string, std::string, int64_t, std::optional<int64_t>>(
      "select name, parent, valid_from, valid_to from directory_units where revision > :since",
      [&](std::string name, std::string parent, int64_t valid_from,
          const std::optional<int64_t>& valid_to) {
        tree->Put({.name = std::move(name),
                   .parent = std::move(parent),
                   .valid_from = DayOf(valid_from),
                   .valid_to = DayOf(valid_to)});
      },
      since);
  return tree;
}

absl::Status RevisionMissing() {
  return absl::DataLossError("the directory of roles holds no revision");
}

}  // namespace

std::vector<store::Migration> DirectoryMigrations() { return directory_schema(); }

std::vector<store::Migration> WithDirectory(std::vector<store::Migration> schema) {
  for (store::Migration& step : directory_schema()) schema.push_back(std::move(step));
  return schema;
}

void PutGrant(store::Transaction& transaction, const GrantState& state) {
  const Grant& grant = state.grant;
  InNextRevision(transaction.sql(), [&](int64_t revision) {
    return transaction.sql().Run(
        "insert into directory_grants (name, version, principal, role, unit, valid_from, valid_to, "
        "revision) values (:name, :version, :principal, :role, :unit, :valid_from, :valid_to, "
        ":revision) on conflict (name) do update set version = excluded.version, principal = "
        "excluded.principal, role = excluded.role, unit = excluded.unit, valid_from = "
        "excluded.valid_from, valid_to = excluded.valid_to, revision = excluded.revision "
        "where excluded.version > directory_grants.version",
        state.name, state.version, grant.principal, RoleName(grant.role), grant.unit,
        NumberOf(grant.valid_from), NumberOf(grant.valid_to), revision);
  });
}

void PutUnit(store::Transaction& transaction, const UnitState& state) {
  const UnitTree::Unit& unit = state.unit;
  InNextRevision(transaction.sql(), [&](int64_t revision) {
    return transaction.sql().Run(
        "insert into directory_units (name, version, parent, valid_from, valid_to, revision) "
        "values (:name, :version, :parent, :valid_from, :valid_to, :revision) on conflict (name) "
        "do update set version = excluded.version, parent = excluded.parent, valid_from = "
        "excluded.valid_from, valid_to = excluded.valid_to, revision = excluded.revision "
        "where excluded.version > directory_units.version",
        unit.name, state.version, unit.parent, NumberOf(unit.valid_from), NumberOf(unit.valid_to),
        revision);
  });
}

void PutKey(store::Transaction& transaction, const KeyState& state) {
  InNextRevision(transaction.sql(), [&](int64_t revision) {
    return transaction.sql().Run(
        "insert into directory_keys (id, version, x, retired, revision) values (:id, :version, :x, "
        ":retired, :revision) on conflict (id) do update set version = excluded.version, x = "
        "excluded.x, retired = excluded.retired, revision = excluded.revision "
        "where excluded.version > directory_keys.version",
        state.id, state.version, state.x, state.retired, revision);
  });
}

const std::vector<Grant>& View::GrantsOf(absl::string_view principal) const {
  static const std::vector<Grant> kNone;
  const auto found = grants_->find(principal);
  return found == grants_->end() ? kNone : found->second;
}

std::optional<PublicKey> View::FindKey(absl::string_view id) const {
  const auto found = keys_->find(id);
  if (found == keys_->end()) return std::nullopt;
  return found->second;
}

std::shared_ptr<const View> Directory::Cached() const {
  std::lock_guard lock(mutex_);
  return cached_;
}

void Directory::Remember(std::shared_ptr<const View> view) {
  std::lock_guard lock(mutex_);
  if (!cached_ || cached_->revision() < view->revision()) cached_ = std::move(view);
}

absl::StatusOr<std::shared_ptr<const View>> Directory::Read(
    store::Sql& sql, const std::shared_ptr<const View>& cached) {
  const std::optional<int64_t> revision = RevisionOf(sql);
  if (!revision) return RevisionMissing();
  if (cached && cached->revision() == *revision) return cached;
  // A snapshot may be older than what another thread has seen since; it is answered from nothing.
  const View* base = cached && cached->revision() < *revision ? cached.get() : nullptr;
  const int64_t since = base ? base->revision() : kNever;
  auto view = std::make_shared<View>();
  view->revision_ = *revision;
  const auto changed = [&](const char* query) {
    return base == nullptr || ChangedSince(sql, query, since);
  };
  view->grants_ = changed("select 1 from directory_grants where revision > :since limit 1")
                      ? ReadGrants(sql)
                      : base->grants_;
  view->keys_ = changed("select 1 from directory_keys where revision > :since limit 1")
                    ? ReadKeys(sql)
                    : base->keys_;
  view->tree_ = changed("select 1 from directory_units where revision > :since limit 1")
                    ? ReadTree(sql, base ? base->tree_.get() : nullptr, since)
                    : base->tree_;
  return view;
}

absl::StatusOr<std::shared_ptr<const View>> Directory::At(store::Snapshot& snapshot) {
  const std::shared_ptr<const View> cached = Cached();
  ASSIGN_OR_RETURN(std::shared_ptr<const View> view, Read(snapshot.sql(), cached));
  if (view != cached) Remember(view);
  return view;
}

absl::StatusOr<std::shared_ptr<const View>> Directory::At(store::Transaction& transaction) {
  const std::shared_ptr<const View> cached = Cached();
  ASSIGN_OR_RETURN(std::shared_ptr<const View> view, Read(transaction.sql(), cached));
  if (view != cached) transaction.AfterCommit([this, view] { Remember(view); });
  return view;
}

}  // namespace identity
}  // namespace dondoc
