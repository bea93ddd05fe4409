#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/identity/access_table.h"
#include "libs/rpc/clock_service.h"
#include "libs/rpc/doorkeeper.h"
#include "libs/rpc/message_guard.h"
#include "libs/rpc/observe.h"
#include "libs/rpc/tls.h"

namespace dondoc::rpc {

struct ServerOptions {
  // "127.0.0.1:7401"; port 0 takes a free one.
  std::string listen = {};
  // When they are named, the port speaks mutual TLS and nothing else.
  TlsFiles tls = {};
  // For log lines and as health service name.
  std::string service = {};
  // Whether the port tells strangers what it serves, for tools like grpcurl.
  bool reflection = false;
  // The largest request; an import of 2 MiB and its frame fit.
  int message_bytes_max = 4 * 1024 * 1024;
  // Told of requests that no service has seen, because they cannot be read.
  Observer observer = LogRefusal;
  // What GetClock tells, borrowed; without one the server has no ClockService.
  const Clock* clock = nullptr;
  // Whom GetClock, and what is told of calls that cannot be read, goes by; borrowed. The services
  // have been given it themselves.
  const Doorkeeper* door = &Doorkeeper::Open();
  // The server does not start when a method that it serves has no row here; borrowed. Null: for
  // tests of what is no service of ours.
  const identity::AccessTable* table = nullptr;
};

// A service and its full name in the contract.
struct Served {
  // "dondoc.kpi.v1.KpiService", as service_full_name() of the generated class gives it.
  std::string name;
  grpc::Service* service = nullptr;
};

// A gRPC server with health, clock, reflection, limits and keepalive as reliability.md (d.1) has
// them, and a MessageGuard before each service.
class Server {
 public:
  // Borrows the services. UNAVAILABLE when the address is taken, INVALID_ARGUMENT when
  // the files of TLS cannot be used, FAILED_PRECONDITION METHOD_WITHOUT_RULE.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       const std::vector<Served>& services);
  ~Server();

  // The port it listens on.
  int port() const { return port_; }

  // What health answers until Drain(): SERVING from the start on.
  void SetServing(bool serving);

  // Health answers NOT_SERVING, new calls are refused, running ones have `grace` to finish.
  void Drain(absl::Duration grace);

 private:
  Server() = default;
  std::unique_ptr<ClockService> clock_service_;
  std::vector<std::unique_ptr<MessageGuard>> guards_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

// Blocks SIGINT and SIGTERM in the calling thread and all threads it starts later: call it first in
// main(). SIGPIPE is ignored.
void HoldSignals();

// Waits for SIGINT or SIGTERM.
void WaitForStop();

}  // namespace dondoc::rpc
