// dondoc-notification: keeps deadlines, tells them in time, and delivers what it tells.
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/status_macros.h"
#include "libs/bus/bus.h"
#include "libs/calendar/dates.h"
#include "libs/log/log.h"
#include "libs/metrics/metrics.h"
#include "libs/process/operations.h"
#include "libs/process/process.h"
#include "libs/rpc/feed.h"
#include "libs/rpc/observe.h"
#include "libs/rpc/server.h"
#include "libs/settings/settings.h"
#include "libs/store/database.h"
#include "libs/store/duty.h"
#include "libs/store/lease.h"
#include "services/notification/delivery/courier.h"
#include "services/notification/events/arrivals.h"
#include "services/notification/events/subscriptions.h"
#include "services/notification/rpc/notification_service.h"
#include "services/notification/store/backlog.h"
#include "services/notification/timers/clock_watch.h"
#include "services/notification/timers/timer_thread.h"

namespace dondoc {

// Made by CMake from store/schema/.
std::vector<store::Migration> notification_schema();

namespace notification {
namespace {

struct Settings {
  process::Settings common = process::DefaultsOf("notification", 7404);
  Outside outside;
  bool webhook_allow_loopback = false;
  std::string clock_vouched_for;
};

settings::Table TableOf(Settings& settings) {
  Outside& outside = settings.outside;
  settings::Table table("dondoc-notification",
                        "tells deadlines in time, by inbox, e-mail, webhook");
  process::AddTo(table, settings.common);
  table.Text("smtp_url", outside.smtp_url, "smtp://host:port or smtps://...; empty for no e-mail");
  table.Text("smtp_from", outside.smtp_from, "the sender's address");
  table.Text("smtp_user", outside.smtp_user, "login at the mail server; empty for none");
  table.Secret("smtp_password", outside.smtp_password, "password at the mail server");
  table.Choice("smtp_starttls", outside.starttls, {"off", "try", "required"},
               "whether the line to the mail server is encrypted");
  table.Bool("webhook_allow_loopback", settings.webhook_allow_loopback,
             "whether a webhook may name this machine, also over http; for tests");
  table.Text("clock_vouched_for", settings.clock_vouched_for,
             "YYYY-MM-DD, when the log calls the clock suspect and it is right; else empty");
  return table;
}

void AddGauges(metrics::Registry& metrics, store::Database& database) {
  const auto add = [&](const char* name, const char* help, double (*figure)(const Backlog&)) {
    metrics.AddGaugeFunction({.name = name, .help = help}, [&database, figure] {
      Backlog backlog;
      const absl::Status status = database.Read([&](store::Snapshot& snapshot) {
        backlog = ReadBacklog(snapshot);
        return absl::OkStatus();
      });
      // Not known: neither zero, which is well, nor below it, which is nothing.
      return status.ok() ? figure(backlog) : std::numeric_limits<double>::quiet_NaN();
    });
  };
  add("dondoc_notification_deliveries_waiting", "Deliveries that have not ended.",
      [](const Backlog& backlog) { return static_cast<double>(backlog.deliveries_waiting); });
  add("dondoc_notification_deliveries_dead", "Deliveries that were given up and not retried.",
      [](const Backlog& backlog) { return static_cast<double>(backlog.deliveries_dead); });
  add("dondoc_notification_timers_behind_seconds", "Age of the earliest timer that is due.",
      [](const Backlog& backlog) { return absl::ToDoubleSeconds(backlog.timers_behind); });
}

absl::StatusOr<std::optional<absl::CivilDay>> VouchedFor(const Settings& settings) {
  std::optional<absl::CivilDay> day;
  if (!settings.clock_vouched_for.empty()) {
    ASSIGN_OR_RETURN(day, calendar::ParseDate("clock_vouched_for", settings.clock_vouched_for));
  }
  return day;
}

// What one replica does alone: it hears what others say, tells what falls due, and delivers it.
class OnDuty {
 public:
  struct Parts {
    store::Database& database;
    const Clock& clock;
    const Outside& outside;
    std::optional<absl::CivilDay> clock_vouched_for;
    bus::BusOptions bus;
    metrics::Counter& given_up;
  };

  explicit OnDuty(Parts parts)
      : parts_(std::move(parts)),
        channels_(parts_.outside.channels()),
        bus_(bus::Bus::Prepare(parts_.bus, parts_.database, EventSources(),
                               arrivals_.Watch(Subscriptions(channels_)))) {}

  // The last right reading of the clocks may be another replica's: it is read anew each time.
  absl::Status Begin() {
    ASSIGN_OR_RETURN(auto watch, ClockWatch::Start(parts_.database, parts_.clock_vouched_for));
    // The clock of this moment is what later ones are held against, also one that is set before
    // the timers have begun to ask.
    watch->MayTell();
    {
      std::lock_guard lock(mutex_);
      clock_watch_ = std::move(watch);
    }
    arrivals_.Restart();
    bus_->Begin();
    timers_.emplace(parts_.database, parts_.clock, channels_,
                    TimerThread::Conditions{
                        .ready = [this] { return arrivals_.Settled(bus_->Connected()); },
                        .may_tell = [watch = clock_watch_.get()] { return watch->MayTell(); }});
    courier_.emplace(parts_.database, parts_.clock, parts_.outside, [this](int64_t deliveries) {
      parts_.given_up.Increment(static_cast<double>(deliveries));
    });
    return absl::OkStatus();
  }
  void End() {
    courier_.reset();
    timers_.reset();
    bus_->End();
    std::lock_guard lock(mutex_);
    clock_watch_.reset();
  }

  bus::Bus& bus() { return *bus_; }
  bool ClockSuspect() const {
    std::lock_guard lock(mutex_);
    return clock_watch_ && clock_watch_->suspect();
  }

 private:
  const Parts parts_;
  const Channels channels_;
  Arrivals arrivals_;
  const std::unique_ptr<bus::Bus> bus_;
  mutable std::mutex mutex_;
  std::unique_ptr<ClockWatch> clock_watch_;
  std::optional<TimerThread> timers_;
  std::optional<Courier> courier_;
};

// Serves until it is told to stop. What is named later is ended first.
absl::Status Serve(Settings& settings, const Clock& clock) {
  if (settings.webhook_allow_loopback) settings.outside.webhook_loopback = LoopbackRule::kAllow;
  RETURN_IF_ERROR(CheckOutside(settings.outside));
  ASSIGN_OR_RETURN(const auto vouched_for, VouchedFor(settings));
  metrics::Registry metrics;
  ASSIGN_OR_RETURN(const auto database,
                   process::OpenDatabase(settings.common, clock, notification_schema(), metrics));
  AddGauges(metrics, *database);
  store::Lease lease(*database);
  OnDuty on_duty(
      {.database = lease.database(),
       .clock = clock,
       .outside = settings.outside,
       .clock_vouched_for = vouched_for,
       .bus = process::BusOptionsOf(settings.common, metrics),
       .given_up = metrics.AddCounter({.name = "dondoc_notification_deliveries_given_up_total",
                                       .help = "Deliveries that were given up by this process."})});
  metrics.AddGaugeFunction({.name = "dondoc_notification_clock_suspect",
                            .help = "1 while the clock of this machine is not trusted."},
                           [&] { return on_duty.ClockSuspect() ? 1.0 : 0.0; });
  store::Duty duty(lease,
                   {.begin = [&] { return on_duty.Begin(); }, .end = [&] { on_duty.End(); }});
  const rpc::Observer observer = rpc::LogAndCount(metrics);
  const process::Access access(settings.common.access, process::PlaceOf(settings.common), clock);
  rpc::Feeds feeds(*database, access.door(), observer);
  NotificationService service(*database, feeds, settings.outside.webhook_loopback, observer,
                              access.door());
  ASSIGN_OR_RETURN(
      const auto server,
      rpc::Server::Start(process::ServerOptionsOf(settings.common, clock, observer, access.door()),
                         {{pb::NotificationService::service_full_name(), &service}}));
  ASSIGN_OR_RETURN(const auto exposer,
                   metrics::Exposer::Start(settings.common.metrics_listen, metrics));
  log::Info("ready", {{"port", server->port()},
                      {"metrics_port", exposer->port()},
                      {"database", store::SafeUrl(settings.common.database)},
                      {"email", settings.outside.channels().email},
                      {"last_sequence", database->LastSequence()}});

  RETURN_IF_ERROR(
      process::OperateUntilStopped({.settings = settings.common,
                                    .clock = clock,
                                    .database = *database,
                                    .bus = on_duty.bus(),
                                    .server = *server,
                                    .duty = duty,
                                    .metrics = metrics,
                                    .observer = observer,
                                    .access = access,
                                    .clock_suspect = [&] { return on_duty.ClockSuspect(); }}));
  log::Info("draining");
  feeds.Stop();
  server->Drain(process::kDrainGrace);
  duty.Stop();
  return absl::OkStatus();
}

}  // namespace
}  // namespace notification
}  // namespace dondoc

int main(int argc, char** argv) {
  using namespace dondoc;
  notification::Settings settings;
  settings::Table table = notification::TableOf(settings);
  return process::Run(argc, argv, table, settings.common,
                      [&](const Clock& clock) { return notification::Serve(settings, clock); });
}
