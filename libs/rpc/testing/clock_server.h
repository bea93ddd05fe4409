#pragma once

#include <memory>
#include <string>
#include <utility>

#include "libs/base/clock.h"
#include "libs/rpc/server.h"

namespace dondoc::testing {

// A server that tells the time and nothing else: gRPC starts none that serves nothing at all. Ends
// the test program where the address is not to be had.
inline std::unique_ptr<rpc::Server> StartClockServer(std::string listen = "127.0.0.1:0",
                                                     rpc::TlsFiles tls = {}) {
  static const SystemClock clock;
  return rpc::Server::Start({.listen = std::move(listen),
                             .tls = std::move(tls),
                             .service = "nothing",
                             .clock = &clock},
                            {})
      .value();
}

}  // namespace dondoc::testing
