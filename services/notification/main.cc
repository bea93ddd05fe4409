// dondoc-notification: keeps deadlines, tells them in time, and delivers what it tells.
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/status_macros.h"
#include "libs/bus/bus.h"
#include "libs/log/log.h"
#include "libs/metrics/metrics.h"
#include "libs/rpc/feed.h"
#include "libs/rpc/observe.h"
#include "libs/rpc/server.h"
#include "libs/settings/settings.h"
#include "libs/store/database.h"
#include "services/notification/delivery/courier.h"
#include "services/notification/events/arrivals.h"
#include "services/notification/events/subscriptions.h"
#include "services/notification/rpc/notification_service.h"
#include "services/notification/store/backlog.h"
#include "services/notification/timers/timer_thread.h"

namespace dondoc {

// Made by CMake from store/schema/.
std::vector<store::Migration> notification_schema();

namespace notification {
namespace {

constexpr absl::Duration kDrainGrace = absl::Seconds(10);

struct Settings {
  std::string listen = "127.0.0.1:7404";
  std::string metrics_listen = "127.0.0.1:9404";
  std::string database = "sqlite:notification.db";
  std::string nats_url = "nats://127.0.0.1:4222";
  std::string clock = "system";
  std::string log_level = "info";
  std::string log_format = "text";
  bool reflection = true;
  Outside outside;
  bool webhook_allow_loopback = false;
};

absl::StatusOr<settings::Next> ReadSettings(int argc, char** argv, Settings& settings) {
  Outside& outside = settings.outside;
  settings::Table table("dondoc-notification",
                        "tells deadlines in time, by inbox, e-mail, webhook");
  table.Text("listen", settings.listen, "address:port of the gRPC API");
  table.Text("metrics_listen", settings.metrics_listen, "address:port of /metrics");
  table.Text("database", settings.database, "sqlite:<file>");
  table.Text("nats_url", settings.nats_url, "where events come from and go to");
  table.Text("clock", settings.clock, "\"system\", or \"simulated:...\" for a demonstration");
  table.Choice("log_level", settings.log_level, log::LevelNames(), "what is worth a line");
  table.Choice("log_format", settings.log_format, log::FormatNames(), "how a line looks");
  table.Bool("reflection", settings.reflection, "whether grpcurl may ask for the API");
  table.Text("smtp_url", outside.smtp_url, "smtp://host:port or smtps://...; empty for no e-mail");
  table.Text("smtp_from", outside.smtp_from, "the sender's address");
  table.Text("smtp_user", outside.smtp_user, "login at the mail server; empty for none");
  table.Secret("smtp_password", outside.smtp_password, "password at the mail server");
  table.Choice("smtp_starttls", outside.starttls, {"off", "try", "required"},
               "whether the line to the mail server is encrypted");
  table.Bool("webhook_allow_loopback", settings.webhook_allow_loopback,
             "whether a webhook may name this machine, also over http; for tests");
  ASSIGN_OR_RETURN(const settings::Next next, table.Read(argc, argv, std::cout));
  if (settings.webhook_allow_loopback) outside.webhook_loopback = LoopbackRule::kAllow;
  RETURN_IF_ERROR(CheckOutside(outside));
  return next;
}

std::vector<store::Migration> Schema() {
  std::vector<store::Migration> migrations = bus::Migrations();
  for (store::Migration& step : notification_schema()) migrations.push_back(std::move(step));
  return migrations;
}

void AddGauges(metrics::Registry& metrics, store::Database& database) {
  const auto add = [&](const char* name, const char* help, double (*figure)(const Backlog&)) {
    metrics.AddGaugeFunction({.name = name, .help = help}, [&database, figure] {
      Backlog backlog;
      const absl::Status status = database.Read([&](store::Snapshot& snapshot) {
        backlog = ReadBacklog(snapshot);
        return absl::OkStatus();
      });
      return status.ok() ? figure(backlog) : -1;
    });
  };
  add("dondoc_notification_deliveries_waiting", "Deliveries that have not ended.",
      [](const Backlog& backlog) { return static_cast<double>(backlog.deliveries_waiting); });
  add("dondoc_notification_deliveries_dead", "Deliveries that were given up.",
      [](const Backlog& backlog) { return static_cast<double>(backlog.deliveries_dead); });
  add("dondoc_notification_timers_behind_seconds", "Age of the earliest timer that is due.",
      [](const Backlog& backlog) { return absl::ToDoubleSeconds(backlog.timers_behind); });
  metrics.AddGaugeFunction(
      {.name = "dondoc_notification_write_queue", .help = "Writes that wait for the database."},
      [&database] { return static_cast<double>(database.QueueLength()); });
}

// Serves until it is told to stop. What is named later is ended first.
absl::Status Serve(const Settings& settings, const Clock& clock) {
  metrics::Registry metrics;
  ASSIGN_OR_RETURN(
      const auto database,
      store::Database::Open({.url = settings.database, .migrations = Schema()}, clock));
  AddGauges(metrics, *database);
  const Channels channels = settings.outside.channels();
  Arrivals arrivals;
  const auto bus =
      bus::Bus::Start({.url = settings.nats_url,
                       .service = "notification",
                       .user = {},
                       .password = {},
                       .metrics = &metrics},
                      *database, EventSources(), arrivals.Watch(Subscriptions(channels)));
  TimerThread timers(*database, clock, channels,
                     [&] { return arrivals.Settled(bus->Connected()); });
  Courier courier(*database, clock, settings.outside);
  rpc::Feeds feeds(*database);
  NotificationService service(*database, feeds, settings.outside.webhook_loopback,
                              rpc::LogAndCount(metrics));
  ASSIGN_OR_RETURN(const auto server, rpc::Server::Start({.listen = settings.listen,
                                                          .service = "notification",
                                                          .reflection = settings.reflection},
                                                         {&service}));
  ASSIGN_OR_RETURN(const auto exposer, metrics::Exposer::Start(settings.metrics_listen, metrics));
  log::Info("ready", {{"port", server->port()},
                      {"metrics_port", exposer->port()},
                      {"database", settings.database},
                      {"email", channels.email},
                      {"last_sequence", database->LastSequence()}});

  rpc::WaitForStop();
  log::Info("draining");
  feeds.Stop();
  server->Drain(kDrainGrace);
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  rpc::HoldSignals();
  Settings settings;
  const absl::StatusOr<settings::Next> next = ReadSettings(argc, argv, settings);
  if (next.ok() && *next == settings::Next::kExit) return 0;
  absl::Status status = next.status();
  if (status.ok()) {
    const auto clock = ClockFromSetting(settings.clock);
    status = clock.status();
    if (status.ok()) {
      log::Init({.service = "notification",
                 .level = *log::LevelNamed(settings.log_level),
                 .format = *log::FormatNamed(settings.log_format),
                 .clock = clock->get()});
      status = Serve(settings, **clock);
      log::Shutdown();
    }
  }
  if (!status.ok()) std::cerr << status.message() << std::endl;
  return status.ok() ? 0 : 1;
}

}  // namespace
}  // namespace notification
}  // namespace dondoc

int main(int argc, char** argv) { return dondoc::notification::Main(argc, argv); }
