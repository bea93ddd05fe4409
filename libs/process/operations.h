#pragma once

#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "libs/bus/bus.h"
#include "libs/metrics/metrics.h"
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
  rpc::Server& server;
  const store::Duty& duty;
  metrics::Registry& metrics;
  rpc::Observer observer;
  const Access& access;
  // Services for operators beside AdminService.
  std::vector<rpc::Served> more = {};
  // Whether the service has reason not to trust its clock.
  std::function<bool()> clock_suspect = [] { return false; };
};

// Waits for SIGINT or SIGTERM. Meanwhile it serves operators on the admin listener, asks the
// service's own listener whether it is alive (setting self_probe_seconds), has the server answer
// health by what Health finds, and tells when certificates end; all have ended when it returns.
// UNAVAILABLE when the admin address is taken.
absl::Status OperateUntilStopped(const Operated& operated);

}  // namespace dondoc::process
