#include "libs/store/migrate.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/ids.h"
#include "libs/base/refusal.h"
#include "libs/store/dialect.h"
#include "libs/store/script.h"

namespace dondoc::store {
namespace {

using StepKey = std::pair<std::string, int>;

absl::Status SchemaNewer(const StepKey& step) {
  return Refuse(absl::StatusCode::kFailedPrecondition, "SCHEMA_NEWER",
                {.vi = absl::StrCat("Cơ sở dữ liệu mới hơn chương trình này (bước ", step.first,
                                    " ", step.second, "); hãy chạy phiên bản mới hơn."),
                 .en = absl::StrCat("the database is newer than this program (step ", step.first,
                                    " ", step.second, "); run a newer version")});
}

absl::Status SchemaAltered(const StepKey& step) {
  return Refuse(absl::StatusCode::kFailedPrecondition, "SCHEMA_ALTERED",
                {.vi = absl::StrCat("Bước lược đồ ", step.first, " ", step.second,
                                    " đã bị sửa sau khi áp dụng; hãy thêm bước mới."),
                 .en = absl::StrCat("schema step ", step.first, " ", step.second,
                                    " was changed after it had been applied; add a new step")});
}

std::map<StepKey, std::string> AppliedSteps(soci::session& session) {
  MakeStepsTable(session);
  std::map<StepKey, std::string> applied;
  std::string component;
  int number = 0;
  std::string hash;
  soci::statement rows = (session.prepare << "select component, number, sha256 from schema_steps",
                          soci::into(component), soci::into(number), soci::into(hash));
  for (bool got = rows.execute(true); got; got = rows.fetch()) applied[{component, number}] = hash;
  return applied;
}

void Apply(soci::session& session, const Migration& step, const std::string& hash) {
  soci::transaction transaction(session);
  const bool postgres = internal::IsPostgres(session);
  for (const std::string& statement : SplitScript(step.sql)) {
    session << (postgres ? ForPostgres(statement) : statement);
  }
  session << "insert into schema_steps (component, number, sha256) values (:c, :n, :h)",
      soci::use(step.component), soci::use(step.number), soci::use(hash);
  transaction.commit();
}

}  // namespace

void MakeStepsTable(soci::session& session) {
  session << "create table if not exists schema_steps ("
             "component text not null, number integer not null, sha256 text not null, "
             "primary key (component, number))";
}

absl::Status Migrate(soci::session& session, const std::vector<Migration>& migrations) {
  if (internal::IsPostgres(session)) session << kPostgresPrelude;
  std::map<StepKey, std::string> unknown = AppliedSteps(session);
  std::vector<std::pair<const Migration*, std::string>> missing;
  for (const Migration& step : migrations) {
    std::string hash = Hex(Sha256(step.sql));
    const auto applied = unknown.find({step.component, step.number});
    if (applied == unknown.end()) {
      missing.emplace_back(&step, std::move(hash));
      continue;
    }
    if (applied->second != hash) return SchemaAltered(applied->first);
    unknown.erase(applied);
  }
  if (!unknown.empty()) return SchemaNewer(unknown.begin()->first);
  for (const auto& [step, hash] : missing) Apply(session, *step, hash);
  return absl::OkStatus();
}

}  // namespace dondoc::store
