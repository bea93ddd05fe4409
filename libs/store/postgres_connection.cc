#include "libs/store/postgres_connection.h"

#include <soci/postgresql/soci-postgresql.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/store/errors.h"

namespace dondoc::store {
namespace {

// How long a connector refuses after a failure: at first, and at most. A server that comes back is
// used again within the second one.
constexpr absl::Duration kPauseMin = absl::Milliseconds(100);
constexpr absl::Duration kPauseMax = absl::Seconds(2);

// What is added to a URL that does not say otherwise. A host that does not answer is given up after
// five seconds, and data that it does not acknowledge after ten: callers are to be answered within
// that. After a failover the old primary, or a standby, must not be taken for the new one.
constexpr std::pair<const char*, const char*> kDefaults[] = {
    {"connect_timeout", "5"},    {"tcp_user_timeout", "10000"},
    {"keepalives_idle", "10"},   {"keepalives_interval", "5"},
    {"keepalives_count", "2"},   {"application_name", "dondoc"},
    {"client_encoding", "UTF8"}, {"target_session_attrs", "read-write"}};

// statement_timeout: no statement of ours takes a second; one that does stands in everybody's way.
// lock_timeout: how long a replica waits for its turn to write, before its callers are told to come
//   back; their own deadlines are about as long.
// idle_in_transaction_session_timeout: a replica that stands still inside its turn (paused,
//   partitioned) lets the others go on after this.
// tcp_keepalives: a replica whose host is gone holds no lock for longer than twenty seconds.
// synchronous_commit: an answered write is on disk; a stronger setting of the server stays.
constexpr char kSession[] =
    "set statement_timeout = '15s'; set lock_timeout = '5s'; "
    "set idle_in_transaction_session_timeout = '10s'; "
    "set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 2; "
    "set client_min_messages = warning; set bytea_output = hex; "
    "select set_config('synchronous_commit', 'on', false) "
    "where current_setting('synchronous_commit') in ('off', 'local', 'remote_write')";

std::string NameOf(const std::vector<std::pair<std::string, std::string>>& given) {
  const auto value = [&](absl::string_view key, const char* otherwise) -> std::string {
    for (const auto& [name, text] : given) {
      if (name == key) return text;
    }
    return otherwise;
  };
  return absl::StrCat(value("host", "localhost"), ":", value("port", "5432"), "/",
                      value("dbname", ""));
}

}  // namespace

PostgresConnection::PostgresConnection(const std::string& url)
    : session(soci::postgresql, url), sql(session) {
  session << kSession;
}

std::string SqlState(const soci::soci_error& failure) {
  const auto* postgres = dynamic_cast<const soci::postgresql_soci_error*>(&failure);
  if (postgres == nullptr || postgres->sqlstate()[0] == ' ') return "";
  return postgres->sqlstate();
}

bool PostgresConnection::LostBy(const soci::soci_error& failure) {
  auto* backend = static_cast<soci::postgresql_session_backend*>(session.get_backend());
  if (backend->conn_ == nullptr || PQstatus(backend->conn_) != CONNECTION_OK) return true;
  const std::string state = SqlState(failure);
  // 08: the connection; 57P0x: the server goes, or this connection was ended; 25P03: so was it for
  // standing still.
  return absl::StartsWith(state, "08") || absl::StartsWith(state, "57P0") || state == "25P03";
}

absl::StatusOr<std::unique_ptr<PostgresConnector>> PostgresConnector::For(const std::string& url) {
  char* why = nullptr;
  PQconninfoOption* options = PQconninfoParse(url.c_str(), &why);
  if (options == nullptr) {
    PQfreemem(why);
    return error::PostgresUrlNotUnderstood();
  }
  std::vector<std::pair<std::string, std::string>> given;
  for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
    if (option->val != nullptr) given.emplace_back(option->keyword, option->val);
  }
  PQconninfoFree(options);
  std::string whole = url;
  for (const auto& [key, value] : kDefaults) {
    const bool said = std::any_of(given.begin(), given.end(),
                                  [key = key](const auto& option) { return option.first == key; });
    if (said) continue;
    absl::StrAppend(&whole, absl::StrContains(whole, '?') ? "&" : "?", key, "=", value);
  }
  return std::unique_ptr<PostgresConnector>(new PostgresConnector(std::move(whole), NameOf(given)));
}

absl::StatusOr<std::unique_ptr<PostgresConnection>> PostgresConnector::Connect() {
  if (Waits()) return error::DatabaseUnreachable(name_);
  try {
    auto connection = std::make_unique<PostgresConnection>(url_);
    Succeeded();
    return connection;
  } catch (const soci::soci_error& failure) {
    Failed(failure.what());
    return error::DatabaseUnreachable(name_);
  }
}

bool PostgresConnector::Waits() {
  std::lock_guard lock(mutex_);
  return absl::Now() < not_before_;
}

std::string PostgresConnector::LastFailure() {
  std::lock_guard lock(mutex_);
  return last_failure_;
}

void PostgresConnector::Failed(std::string why) {
  std::lock_guard lock(mutex_);
  last_failure_ = std::move(why);
  pause_ = std::clamp(2 * pause_, kPauseMin, kPauseMax);
  not_before_ = absl::Now() + pause_;
}

void PostgresConnector::Succeeded() {
  std::lock_guard lock(mutex_);
  pause_ = absl::ZeroDuration();
  not_before_ = absl::InfinitePast();
}

}  // namespace dondoc::store
