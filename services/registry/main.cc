// dondoc-registry: keeps units, plans, tasks, assignments and periodic reports.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/clock.h"
#include "libs/base/status_macros.h"
#include "libs/bus/bus.h"
#include "libs/calendar/holidays.h"
#include "libs/identity/accounts.h"
#include "libs/log/log.h"
#include "libs/metrics/metrics.h"
#include "libs/process/operations.h"
#include "libs/process/process.h"
#include "libs/rpc/observe.h"
#include "libs/rpc/server.h"
#include "libs/settings/settings.h"
#include "libs/store/database.h"
#include "libs/store/duty.h"
#include "libs/store/lease.h"
#include "services/registry/rpc/account_service.h"
#include "services/registry/rpc/registry_service.h"
#include "services/registry/rpc/workers.h"
#include "services/registry/store/account_log.h"
#include "services/registry/store/units.h"

namespace dondoc {

// Made by CMake from store/schema/ and libs/identity/schema/.
std::vector<store::Migration> registry_schema();
std::vector<store::Migration> identity_schema();

namespace registry {
namespace {

struct Settings {
  process::Settings common = process::DefaultsOf("registry", 7401);
  std::string calendar_folder;
};

settings::Table TableOf(Settings& settings) {
  settings::Table table("dondoc-registry", "keeps units, plans, tasks, assignments and reports");
  process::AddTo(table, settings.common);
  table.Path("calendar_folder", settings.calendar_folder, {.may_be_empty = true},
             "notices of days off, one file a year; empty for none");
  return table;
}

std::vector<store::Migration> Schema() {
  std::vector<store::Migration> schema = registry_schema();
  for (store::Migration& step : identity_schema()) schema.push_back(std::move(step));
  return schema;
}

// Every copy of the directory must know the units of an older database.
absl::Status FillDirectory(store::Database& database) {
  return database.WriteAndWait([](store::Transaction& transaction) {
    TellUnknownUnitsAgain(transaction);
    return absl::OkStatus();
  });
}

// Accounts whose tokens say what every service is told to believe.
identity::AccountsOptions AccountsOptionsOf(const process::AccessSettings& access) {
  identity::AccountsOptions options = LoggedAccounts();
  options.issuer = access.account_issuer;
  options.audience = access.account_audience;
  return options;
}

// Serves until it is told to stop. Members own in the order of the text, so the end is its reverse.
absl::Status Serve(const Settings& settings, const Clock& clock) {
  metrics::Registry metrics;
  std::optional<calendar::Holidays> holidays;
  if (!settings.calendar_folder.empty()) {
    ASSIGN_OR_RETURN(holidays, calendar::LoadHolidays(settings.calendar_folder));
  }
  ASSIGN_OR_RETURN(const auto database,
                   process::OpenDatabase(settings.common, clock, Schema(), metrics));
  identity::Accounts accounts(*database, AccountsOptionsOf(settings.common.access));
  RETURN_IF_ERROR(FillDirectory(*database));
  ASSIGN_OR_RETURN(const auto exposer,
                   metrics::Exposer::Start(settings.common.metrics_listen, metrics));
  store::Lease lease(*database);
  const auto bus =
      bus::Bus::Prepare(process::BusOptionsOf(settings.common, metrics), lease.database(), {}, {});
  const rpc::Observer observer = rpc::LogAndCount(metrics);
  const process::Access access(settings.common.access, process::PlaceOf(settings.common), clock);
  Workers workers({});
  const AccountParts parts = {.database = *database, .accounts = accounts, .workers = workers};
  RegistryService service(*database, holidays ? &*holidays : nullptr, observer, access.door());
  AccountService account_service(parts, observer, access.door());
  RegistryAdminService admin_service(parts, observer, access.admin_door());
  ASSIGN_OR_RETURN(
      const auto server,
      rpc::Server::Start(process::ServerOptionsOf(settings.common, clock, observer, access.door()),
                         {{pb::RegistryService::service_full_name(), &service},
                          {identity::v1::AccountService::service_full_name(), &account_service}}));
  store::Duty duty(lease, process::WorkOf(*bus));
  log::Info("ready", {{"port", server->port()},
                      {"metrics_port", exposer->port()},
                      {"database", store::SafeUrl(settings.common.database)},
                      {"last_sequence", database->LastSequence()}});

  RETURN_IF_ERROR(process::OperateUntilStopped(
      {.settings = settings.common,
       .clock = clock,
       .database = *database,
       .bus = *bus,
       .server = *server,
       .duty = duty,
       .metrics = metrics,
       .observer = observer,
       .access = access,
       .more = {{pb::RegistryAdminService::service_full_name(), &admin_service}}}));
  log::Info("draining");
  service.StopFeeds();
  server->Drain(process::kDrainGrace);
  duty.Stop();
  database->Stop();
  return absl::OkStatus();
}

}  // namespace
}  // namespace registry
}  // namespace dondoc

int main(int argc, char** argv) {
  using namespace dondoc;
  registry::Settings settings;
  settings::Table table = registry::TableOf(settings);
  return process::Run(argc, argv, table, settings.common,
                      [&](const Clock& clock) { return registry::Serve(settings, clock); });
}
