#include "libs/cache/connection.h"

#include <sys/time.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"

namespace dondoc::cache {

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const Server& server) {
  Context context(redisConnectWithTimeout(server.host.c_str(), server.port,
                                          absl::ToTimeval(server.connect_timeout)));
  if (context == nullptr) return absl::UnavailableError("no memory for a Redis connection");
  std::unique_ptr<Connection> connection(new Connection(std::move(context)));
  if (connection->context_->err != 0) return connection->Broken();
  if (redisSetTimeout(connection->context_.get(), absl::ToTimeval(server.command_timeout)) !=
      REDIS_OK) {
    return connection->Broken();
  }
  RETURN_IF_ERROR(connection->LogIn(server));
  return connection;
}

absl::Status Connection::LogIn(const Server& server) {
  if (server.password.empty()) return absl::OkStatus();
  Command command = {"AUTH"};
  if (!server.user.empty()) command.push_back(server.user);
  command.push_back(server.password);
  ASSIGN_OR_RETURN(const std::vector<Reply> replies, Run({command}));
  if (replies.front()->type != REDIS_REPLY_STATUS) {
    return absl::UnavailableError("Redis refused the user or the password");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Reply>> Connection::Run(const std::vector<Command>& commands) {
  for (const Command& command : commands) {
    std::vector<const char*> arguments;
    std::vector<size_t> sizes;
    for (const absl::string_view argument : command) {
      arguments.push_back(argument.data());
      sizes.push_back(argument.size());
    }
    if (redisAppendCommandArgv(context_.get(), static_cast<int>(arguments.size()), arguments.data(),
                               sizes.data()) != REDIS_OK) {
      return Broken();
    }
  }
  std::vector<Reply> replies;
  replies.reserve(commands.size());
  for (size_t i = 0; i < commands.size(); ++i) {
    void* reply = nullptr;
    if (redisGetReply(context_.get(), &reply) != REDIS_OK || reply == nullptr) return Broken();
    replies.emplace_back(static_cast<redisReply*>(reply));
  }
  return replies;
}

absl::Status Connection::Broken() const {
  return absl::UnavailableError(absl::StrCat("Redis: ", context_->errstr));
}

}  // namespace dondoc::cache
