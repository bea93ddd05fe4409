#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/testing/child_process.h"
#include "libs/testing/temp_dir.h"

// The real servers that tests talk to. Each listens on 127.0.0.1 only and keeps its files, and its
// log as <name>.log, in the folder that it is given.
namespace dondoc::testing {

struct ServerOptions {
  // 0: a free one.
  int port = 0;
  // More arguments of the command line, after ours.
  std::vector<std::string> arguments = {};
};

// redis-server without persistence.
absl::StatusOr<std::unique_ptr<ChildProcess>> StartRedis(const TempDir& folder,
                                                         const ServerOptions& options = {});

// nats-server with JetStream; its store survives a restart in the same folder.
absl::StatusOr<std::unique_ptr<ChildProcess>> StartNats(const TempDir& folder,
                                                        const ServerOptions& options = {});

}  // namespace dondoc::testing
