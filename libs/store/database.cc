#include "libs/store/database.h"

#include <future>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/base/trace.h"
#include "libs/store/errors.h"
#include "libs/store/postgres_database.h"
#include "libs/store/sqlite_database.h"

namespace dondoc {
std::vector<store::Migration> store_schema();
}

namespace dondoc::store {
namespace {

bool IsPostgresUrl(absl::string_view url) {
  return absl::StartsWith(url, "postgresql://") || absl::StartsWith(url, "postgres://");
}

}  // namespace

std::string SafeUrl(absl::string_view url) {
  if (!IsPostgresUrl(url)) return std::string(url);
  auto connector = PostgresConnector::For(std::string(url));
  return absl::StrCat("postgresql://", connector.ok() ? (*connector)->name() : "");
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(DatabaseOptions options,
                                                         const Clock& clock) {
  std::vector<Migration> all = store_schema();
  all.insert(all.end(), options.migrations.begin(), options.migrations.end());
  options.migrations = std::move(all);
  if (IsPostgresUrl(options.url)) return PostgresDatabase::Open(std::move(options), clock);
  absl::string_view file = options.url;
  if (!absl::ConsumePrefix(&file, "sqlite:") || file.empty()) {
    return error::UrlNotUnderstood(options.url);
  }
  return SqliteDatabase::Open(std::string(file), std::move(options), clock);
}

void Transaction::AfterCommit(std::function<void()> then) {
  if (origin_.traceparent.empty()) {
    after_commit_.push_back(std::move(then));
    return;
  }
  after_commit_.push_back([traceparent = origin_.traceparent, then = std::move(then)] {
    const TraceScope trace(traceparent);
    then();
  });
}

absl::Status Database::WriteAndWait(WriteWork work) {
  std::promise<absl::Status> answer;
  Write(std::move(work), [&](absl::Status status) { answer.set_value(std::move(status)); });
  return answer.get_future().get();
}

absl::StatusOr<std::optional<std::string>> Transaction::EarlierResponse(
    absl::string_view request_id, absl::string_view request_hash) {
  const auto earlier = sql().One<Bytes, Bytes>(
      "select request_hash, coalesce(response, payload) from events where request_id = :id",
      request_id);
  if (!earlier) return std::optional<std::string>();
  const auto& [hash, response] = *earlier;
  if (hash.value != request_hash) return error::RequestIdReused(request_id);
  return std::optional<std::string>(response.value);
}

}  // namespace dondoc::store
