#pragma once

#include <hiredis/hiredis.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dondoc::cache {

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

// A command and its arguments, as bytes; nothing is ever formatted into a command.
using Command = std::vector<absl::string_view>;

struct Server {
  // An address is better than a name: looking a name up knows no timeout.
  std::string host = "127.0.0.1";
  int port = 6379;
  // The ACL user; with a password alone it is "default".
  std::string user = {};
  std::string password = {};
  absl::Duration connect_timeout = absl::Milliseconds(50);
  absl::Duration command_timeout = absl::Milliseconds(50);
};

// One connection to Redis. After an error it must be thrown away: hiredis 0.14 would hand out the
// late reply to an earlier command as the answer to the next one. Not thread-safe.
class Connection {
 public:
  // Connects and logs in. UNAVAILABLE when either fails.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const Server& server);

  // Sends all commands at once and reads one reply for each, in order. UNAVAILABLE when the
  // connection failed or did not answer in time; a reply may still be an error of its command.
  absl::StatusOr<std::vector<Reply>> Run(const std::vector<Command>& commands);

 private:
  struct FreeContext {
    void operator()(redisContext* context) const { redisFree(context); }
  };
  using Context = std::unique_ptr<redisContext, FreeContext>;

  explicit Connection(Context context) : context_(std::move(context)) {}

  absl::Status LogIn(const Server& server);
  absl::Status Broken() const;

  Context context_;
};

}  // namespace dondoc::cache
