// The inspection service: settings, log, database, service, bus, server; wait; drain.

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "libs/base/clock.h"
#include "libs/base/status_macros.h"
#include "libs/bus/bus.h"
#include "libs/log/log.h"
#include "libs/metrics/metrics.h"
#include "libs/rpc/observe.h"
#include "libs/rpc/server.h"
#include "libs/settings/settings.h"
#include "libs/store/database.h"
#include "services/inspection/domain/limits.h"
#include "services/inspection/domain/regulation.h"
#include "services/inspection/events/day_watch.h"
#include "services/inspection/events/registry_events.h"
#include "services/inspection/rpc/inspection_service.h"
#include "services/inspection/store/schema.h"

namespace dondoc::inspection {
namespace {

constexpr absl::Duration kDrainMax = absl::Seconds(10);

struct Settings {
  std::string listen = "127.0.0.1:7403";
  std::string metrics_listen = "127.0.0.1:9403";
  std::string database = "sqlite:inspection.db";
  std::string nats_url = "nats://127.0.0.1:4222";
  std::string nats_user;
  std::string nats_password;
  std::string clock = "system";
  std::string log_level = "info";
  std::string log_format = "text";
  bool reflection = true;
  std::string calendar_folder;
  std::string share = "30";
  bool office_counts = true;
  int team_size = 2;
  int remedy_days = 15;
};

settings::Table TableOf(Settings& settings) {
  settings::Table table("dondoc-inspection", "plans inspections and counts how far the quota is");
  table.Text("listen", settings.listen, "address:port of the gRPC API");
  table.Text("metrics_listen", settings.metrics_listen, "address:port of /metrics");
  table.Text("database", settings.database, "sqlite:<file>");
  table.Text("nats_url", settings.nats_url, "where the broker is; it may be away");
  table.Text("nats_user", settings.nats_user, "empty for none");
  table.Secret("nats_password", settings.nats_password, "of nats_user");
  table.Text("clock", settings.clock, "system, or simulated:... for a demonstration");
  table.Choice("log_level", settings.log_level, log::LevelNames(), "the least that is logged");
  table.Choice("log_format", settings.log_format, log::FormatNames(), "how a line looks");
  table.Bool("reflection", settings.reflection, "whether the API describes itself");
  table.Path("calendar_folder", settings.calendar_folder,
             {.may_be_empty = true, .must_exist = true},
             "notices of days off, one file a year; without them nothing can be planned");
  table.Text("share", settings.share,
             "per cent of units to inspect in a year whose plan names none");
  table.Bool("office_counts", settings.office_counts,
             "whether Văn phòng is one of the units of the quota");
  table.Int("team_size", settings.team_size, {.min = 1, .max = kTeamSizeMax, .unit = "inspectors"},
            "on a team when nobody says");
  table.Int("remedy_days", settings.remedy_days, {.min = 1, .max = 366, .unit = "calendar days"},
            "that a unit has to put a finding right");
  return table;
}

absl::StatusOr<Regulation> RegulationOf(const Settings& settings) {
  ASSIGN_OR_RETURN(const Share share, Share::Parse(settings.share));
  Regulation regulation{.default_share = share,
                        .counting = {.office_counts = settings.office_counts},
                        .team_size = settings.team_size,
                        .remedy_days = settings.remedy_days};
  if (settings.calendar_folder.empty()) return regulation;
  ASSIGN_OR_RETURN(regulation.holidays, calendar::LoadHolidays(settings.calendar_folder));
  return regulation;
}

absl::Status Run(int argc, char** argv) {
  rpc::HoldSignals();
  Settings settings;
  settings::Table table = TableOf(settings);
  ASSIGN_OR_RETURN(const settings::Next next, table.Read(argc, argv, std::cout));
  if (next == settings::Next::kExit) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Regulation regulation, RegulationOf(settings));
  ASSIGN_OR_RETURN(const std::unique_ptr<Clock> clock, ClockFromSetting(settings.clock));
  log::Init({.service = "inspection",
             .level = *log::LevelNamed(settings.log_level),
             .format = *log::FormatNamed(settings.log_format),
             .clock = clock.get()});

  metrics::Registry metrics;
  std::vector<store::Migration> migrations = inspection_schema();
  for (store::Migration& step : bus::Migrations()) migrations.push_back(std::move(step));
  ASSIGN_OR_RETURN(const std::unique_ptr<store::Database> database,
                   store::Database::Open(
                       {.url = settings.database, .migrations = std::move(migrations)}, *clock));
  metrics.AddGaugeFunction({.name = "dondoc_write_queue", .help = "Writes waiting for a commit."},
                           [&] { return static_cast<double>(database->QueueLength()); });
  ASSIGN_OR_RETURN(const auto exposer, metrics::Exposer::Start(settings.metrics_listen, metrics));

  InspectionService service(*database, regulation, rpc::LogAndCount(metrics));
  ASSIGN_OR_RETURN(
      const std::unique_ptr<rpc::Server> server,
      rpc::Server::Start(
          {.listen = settings.listen, .service = "inspection", .reflection = settings.reflection},
          {&service}));
  std::unique_ptr<bus::Bus> bus =
      bus::Bus::Start({.url = settings.nats_url,
                       .service = "inspection",
                       .user = settings.nats_user,
                       .password = settings.nats_password,
                       .metrics = &metrics},
                      *database, {"registry"}, RegistrySubscriptions(regulation));
  auto day_watch = std::make_unique<DayWatch>(*database, *clock, regulation);
  for (const std::string& name : table.UnknownInEnvironment()) {
    log::Warning("settings.unknown", {{"name", name}});
  }
  log::Info("ready", {{"port", server->port()}, {"metrics_port", exposer->port()}});

  rpc::WaitForStop();
  log::Info("stopping");
  day_watch.reset();
  bus.reset();
  service.StopFeeds();
  server->Drain(kDrainMax);
  database->Stop();
  return absl::OkStatus();
}

}  // namespace
}  // namespace dondoc::inspection

int main(int argc, char** argv) {
  const absl::Status done = dondoc::inspection::Run(argc, argv);
  dondoc::log::Shutdown();
  if (done.ok()) return 0;
  fprintf(stderr, "dondoc-inspection: %s\n", std::string(done.message()).c_str());
  return 1;
}
