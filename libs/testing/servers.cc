#include "libs/testing/servers.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace dondoc::testing {
namespace {

absl::StatusOr<std::unique_ptr<ChildProcess>> StartServer(std::vector<std::string> command,
                                                          const std::vector<std::string>& more,
                                                          int port, std::string log_path) {
  command.insert(command.end(), more.begin(), more.end());
  return ChildProcess::Start(
      {.command = std::move(command), .port = port, .log_path = std::move(log_path)});
}

}  // namespace

absl::StatusOr<std::unique_ptr<ChildProcess>> StartRedis(const TempDir& folder,
                                                         const ServerOptions& options) {
  const int port = options.port == 0 ? FreePort() : options.port;
  return StartServer({"redis-server", "--bind", "127.0.0.1", "--port", absl::StrCat(port), "--dir",
                      folder.path(), "--save", "", "--appendonly", "no"},
                     options.arguments, port, folder.File("redis.log"));
}

absl::StatusOr<std::unique_ptr<ChildProcess>> StartNats(const TempDir& folder,
                                                        const ServerOptions& options) {
  const int port = options.port == 0 ? FreePort() : options.port;
  return StartServer({"nats-server", "--addr", "127.0.0.1", "--port", absl::StrCat(port),
                      "--jetstream", "--store_dir", folder.File("jetstream")},
                     options.arguments, port, folder.File("nats.log"));
}

}  // namespace dondoc::testing
