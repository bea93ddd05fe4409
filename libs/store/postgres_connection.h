#pragma once

#include <libpq-fe.h>

#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/store/sql.h"

namespace dondoc::store {

// One connection to PostgreSQL and its prepared statements.
struct PostgresConnection {
  explicit PostgresConnection(const std::string& url);
  // Whether it is of no use any more: the server has gone, is going, or takes no writes.
  bool LostBy(const soci::soci_error& failure);

  soci::session session;
  Sql sql;
};

// The five letters of SQLSTATE; "" when there are none.
std::string SqlState(const soci::soci_error& failure);

// Makes connections to one database. After a failure it refuses at once for a while that grows, so
// that callers are answered instead of queueing for a server that is not there. Thread-safe.
class PostgresConnector {
 public:
  // INVALID_ARGUMENT, reason DATABASE_URL_INVALID, when libpq does not understand the URL.
  static absl::StatusOr<std::unique_ptr<PostgresConnector>> For(const std::string& url);

  // UNAVAILABLE, reason DATABASE_UNREACHABLE, when there is no server that takes writes.
  absl::StatusOr<std::unique_ptr<PostgresConnection>> Connect();

  // What libpq said of the last failure to connect.
  std::string LastFailure();

  // "host:port/database": the URL without its password.
  const std::string& name() const { return name_; }

 private:
  PostgresConnector(std::string url, std::string name)
      : url_(std::move(url)), name_(std::move(name)) {}
  bool Waits();
  void Failed(std::string why);
  void Succeeded();

  const std::string url_;
  const std::string name_;

  std::mutex mutex_;
  absl::Time not_before_ = absl::InfinitePast();
  absl::Duration pause_ = absl::ZeroDuration();
  std::string last_failure_;
};

}  // namespace dondoc::store
