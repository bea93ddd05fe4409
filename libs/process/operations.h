#pragma once

#include <vector>

#include "absl/status/status.h"
#include "libs/bus/bus.h"
#include "libs/process/access.h"
#include "libs/process/process.h"
#include "libs/rpc/observe.h"
#include "libs/rpc/server.h"
#include "libs/store/database.h"
#include "libs/store/duty.h"

namespace dondoc::process {

// What one replica of a service does alone, when that is its bus and nothing else. Borrows it.
store::Duty::Work WorkOf(bus::Bus& bus);

// What an operator may look at while a service runs; all borrowed.
struct Operated {
  const Settings& settings;
  const Clock& clock;
  store::Database& database;
  bus::Bus& bus;
  const rpc::Server& server;
  rpc::Observer observer;
  const Access& access;
  // Services for operators beside AdminService.
  std::vector<rpc::Served> more = {};
};

// Waits for SIGINT or SIGTERM. Meanwhile it serves operators on the admin listener and asks the
// service's own listener whether it is alive (setting self_probe_seconds); both have ended when it
// returns. UNAVAILABLE when the admin address is taken.
absl::Status OperateUntilStopped(const Operated& operated);

}  // namespace dondoc::process
