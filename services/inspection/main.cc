// The inspection service: settings, log, database, service, bus, server; wait; drain.

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
#include "libs/process/operations.h"
#include "libs/process/process.h"
#include "libs/rpc/observe.h"
#include "libs/rpc/server.h"
#include "libs/settings/settings.h"
#include "libs/store/database.h"
#include "libs/store/duty.h"
#include "libs/store/lease.h"
#include "services/inspection/domain/limits.h"
#include "services/inspection/domain/regulation.h"
#include "services/inspection/events/day_watch.h"
#include "services/inspection/events/registry_events.h"
#include "services/inspection/rpc/inspection_service.h"
#include "services/inspection/store/schema.h"

namespace dondoc::inspection {
namespace {

struct Settings {
  process::Settings common = process::DefaultsOf("inspection", 7403);
  std::string calendar_folder;
  std::string share = "30";
  bool office_counts = true;
  int team_size = 2;
  int remedy_days = 15;
};

settings::Table TableOf(Settings& settings) {
  settings::Table table("dondoc-inspection", "plans inspections and counts how far the quota is");
  process::AddTo(table, settings.common);
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

// Serves until it is told to stop. What is named later is ended first.
absl::Status Serve(const Settings& settings, const Clock& clock) {
  ASSIGN_OR_RETURN(const Regulation regulation, RegulationOf(settings));
  metrics::Registry metrics;
  ASSIGN_OR_RETURN(const auto database,
                   process::OpenDatabase(settings.common, clock, inspection_schema(), metrics));
  ASSIGN_OR_RETURN(const auto exposer,
                   metrics::Exposer::Start(settings.common.metrics_listen, metrics));

  const rpc::Observer observer = rpc::LogAndCount(metrics);
  const process::Access access(settings.common.access, process::PlaceOf(settings.common), clock);
  InspectionService service(*database, regulation, observer, access.door());
  ASSIGN_OR_RETURN(
      const auto server,
      rpc::Server::Start(process::ServerOptionsOf(settings.common, clock, observer, access.door()),
                         {{pb::InspectionService::service_full_name(), &service}}));
  store::Lease lease(*database);
  const auto bus =
      bus::Bus::Prepare(process::BusOptionsOf(settings.common, metrics), lease.database(),
                        {"registry"}, RegistrySubscriptions(regulation));
  std::unique_ptr<DayWatch> day_watch;
  store::Duty duty(lease, {.begin =
                               [&] {
                                 bus->Begin();
                                 day_watch = std::make_unique<DayWatch>(lease.database(), clock,
                                                                        regulation);
                                 return absl::OkStatus();
                               },
                           .end =
                               [&] {
                                 day_watch.reset();
                                 bus->End();
                               }});
  log::Info("ready", {{"port", server->port()}, {"metrics_port", exposer->port()}});

  RETURN_IF_ERROR(process::OperateUntilStopped({.settings = settings.common,
                                                .clock = clock,
                                                .database = *database,
                                                .bus = *bus,
                                                .server = *server,
                                                .duty = duty,
                                                .metrics = metrics,
                                                .observer = observer,
                                                .access = access}));
  log::Info("stopping");
  duty.Stop();
  service.StopFeeds();
  server->Drain(process::kDrainGrace);
  database->Stop();
  return absl::OkStatus();
}

}  // namespace
}  // namespace dondoc::inspection

int main(int argc, char** argv) {
  using namespace dondoc;
  inspection::Settings settings;
  settings::Table table = inspection::TableOf(settings);
  return process::Run(argc, argv, table, settings.common,
                      [&](const Clock& clock) { return inspection::Serve(settings, clock); });
}
