#include "services/notification/testing/world.h"

#include <chrono>
#include <cstdlib>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "dondoc/inspection/v1/events.pb.h"
#include "dondoc/registry/v1/events.pb.h"
#include "libs/bus/bus.h"
#include "libs/calendar/dates.h"
#include "libs/identity/directory.h"
#include "services/notification/events/subscriptions.h"
#include "services/notification/store/deadlines.h"
#include "services/notification/store/deliveries.h"
#include "services/notification/store/notices.h"
#include "services/notification/store/preferences.h"
#include "services/notification/timers/fire.h"

namespace dondoc {
std::vector<store::Migration> notification_schema();
}  // namespace dondoc

namespace dondoc::notification {
namespace {

namespace rpb = ::dondoc::registry::v1;
namespace ipb = ::dondoc::inspection::v1;

const char* WordOf(NoticeKind kind) {
  static constexpr const char* kWords[] = {"", "before", "due", "overdue", "check-in"};
  return kWords[static_cast<int>(kind)];
}

std::string StepLine(absl::Time fire_at, NoticeKind kind, int days_left) {
  return absl::StrCat(calendar::FormatDate(DateOf(fire_at)), " ", WordOf(kind), " ", days_left);
}

// What a test does must work; where it must not, the test says so itself.
void Must(const absl::Status& status) {
  if (status.ok()) return;
  fprintf(stderr, "%s\n", status.ToString().c_str());
  std::abort();
}

}  // namespace

bool Await(const std::function<bool()>& condition) {
  using Steady = std::chrono::steady_clock;
  const Steady::time_point deadline = Steady::now() + std::chrono::minutes(1);
  while (!condition()) {
    if (Steady::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

absl::Time Morning(absl::CivilDay day) { return StartOf(day) + absl::Hours(7); }

World::World(absl::Time now, Channels channels)
    : clock_(now),
      channels_(channels),
      database_(identity::WithDirectory(notification_schema()), clock_) {}

absl::Status World::Apply(const google::protobuf::Message& changed, absl::string_view type,
                          absl::Time at) {
  bus::Event event;
  event.type = std::string(type);
  event.version = ++heard_;
  event.at = at;
  event.schema = changed.GetTypeName();
  event.payload = changed.SerializeAsString();
  const std::string topic(type.substr(0, type.rfind('.')));
  return database_->WriteAndWait([&](store::Transaction& tx) {
    tx.SetOrigin(
        {.actor = "system", .request_id = {}, .request_hash = {}, .traceparent = traceparent_});
    absl::Status status = absl::NotFoundError(absl::StrCat("nobody listens to ", type));
    for (const bus::Subscription& subscription : Subscriptions(channels_)) {
      if (subscription.pattern != topic + ".*") continue;
      status = subscription.handler(tx, event);
      if (!status.ok()) break;
    }
    return status;
  });
}

void World::Say(const rpb::Unit& unit) {
  rpb::UnitChanged changed;
  *changed.mutable_unit() = unit;
  Must(Apply(changed, "dondoc.registry.unit.changed", clock_.Now()));
}

void World::Say(const rpb::Assignment& assignment) { Say(assignment, clock_.Now()); }

void World::Say(const rpb::Assignment& assignment, absl::Time at) {
  rpb::AssignmentChanged changed;
  *changed.mutable_assignment() = assignment;
  Must(Apply(changed, "dondoc.registry.assignment.changed", at));
}

void World::Say(const rpb::PeriodicReport& report) {
  rpb::PeriodicReportChanged changed;
  *changed.mutable_report() = report;
  Must(Apply(changed, "dondoc.registry.report.scheduled", clock_.Now()));
}

void World::Say(const ipb::Inspection& inspection) {
  ipb::InspectionChanged changed;
  *changed.mutable_inspection() = inspection;
  Must(Apply(changed, "dondoc.inspection.inspection.changed", clock_.Now()));
}

void World::SetRules(const std::string& plan, const PlanRules& rules) {
  Must(database_->WriteAndWait([&](store::Transaction& tx) {
    KeptRules kept = FindRules(tx.sql(), plan).value_or(KeptRules{.plan = plan});
    kept.rules = rules;
    ++kept.version;
    PutRules(tx, kept);
    RulesChanged(tx.sql(), plan, tx.now());
    return absl::OkStatus();
  }));
}

void World::SetContact(const std::string& recipient, const std::string& email,
                       const std::string& webhook_url, const std::string& webhook_secret) {
  Must(database_->WriteAndWait([&](store::Transaction& tx) {
    KeptContact kept = FindContact(tx.sql(), recipient);
    kept.contact = {.recipient = recipient,
                    .email = email,
                    .webhook_url = webhook_url,
                    .webhook_secret = webhook_secret};
    kept.set_by_hand = true;
    ++kept.version;
    PutContact(tx, kept);
    return absl::OkStatus();
  }));
}

void World::RunAt(absl::Time now, int64_t batch) {
  clock_.Set(now);
  bool more = true;
  while (more) {
    Must(database_->WriteAndWait([&](store::Transaction& tx) {
      more = RunTimers(tx, channels_, batch);
      return absl::OkStatus();
    }));
  }
}

std::vector<Notice> World::Notices() {
  std::vector<Notice> notices;
  Must(database_->Read([&](store::Snapshot& snapshot) {
    notices = NoticesBefore(snapshot.sql(), {}, INT64_MAX, INT64_MAX);
    return absl::OkStatus();
  }));
  return {notices.rbegin(), notices.rend()};
}

std::vector<std::string> World::Lines() {
  std::vector<std::string> lines;
  for (const Notice& notice : Notices()) {
    const bool late = DateOf(notice.told_at) != DateOf(notice.planned_at);
    const char* state = notice.state == NoticeState::kSent  ? " sent"
                        : notice.state == NoticeState::kDue ? " on its way"
                                                            : " skipped: ";
    lines.push_back(absl::StrCat(StepLine(notice.planned_at, notice.kind, notice.days_left), state,
                                 notice.skip_reason,
                                 late && notice.skip_reason.empty() ? " late" : ""));
  }
  return lines;
}

std::vector<std::string> World::Upcoming() {
  std::vector<std::string> lines;
  Must(database_->Read([&](store::Snapshot& snapshot) {
    RuleBook rules(snapshot.sql());
    for (const auto& row : UpcomingDeadlines(snapshot.sql(), {}, {}, INT64_MAX)) {
      const auto step = NextStep(rules.For(row.plan), row.deadline, row.told_to);
      if (step) lines.push_back(StepLine(step->fire_at, step->kind, step->days_left));
    }
    return absl::OkStatus();
  }));
  return lines;
}

std::vector<std::string> World::EventTypes() {
  std::vector<std::string> types;
  Must(database_->Read([&](store::Snapshot& snapshot) {
    for (const store::Event& event : store::ReadEvents(snapshot, 1, INT64_MAX)) {
      types.push_back(event.type);
    }
    return absl::OkStatus();
  }));
  return types;
}

std::vector<std::string> World::EventTraces() {
  std::vector<std::string> traces;
  Must(database_->Read([&](store::Snapshot& snapshot) {
    for (const store::Event& event : store::ReadEvents(snapshot, 1, INT64_MAX)) {
      traces.push_back(absl::StrCat(event.type, " ", event.traceparent));
    }
    return absl::OkStatus();
  }));
  return traces;
}

std::vector<Delivery> World::Outgoing() {
  std::vector<Delivery> outgoing;
  Must(database_->Read([&](store::Snapshot& snapshot) {
    for (Delivery& delivery : DeliveriesBefore(snapshot.sql(), {}, "", INT64_MAX)) {
      if (delivery.channel != Channel::kInbox) outgoing.push_back(std::move(delivery));
    }
    return absl::OkStatus();
  }));
  return {outgoing.rbegin(), outgoing.rend()};
}

int64_t World::Count(const char* query) {
  int64_t count = 0;
  Must(database_->Read([&](store::Snapshot& snapshot) {
    count = snapshot.sql().Value<int64_t>(query).value_or(0);
    return absl::OkStatus();
  }));
  return count;
}

rpb::Assignment AssignmentOf(absl::string_view unit, absl::CivilDay due) {
  return AssignmentOf(unit, due, 29);
}

rpb::Assignment AssignmentOf(absl::string_view unit, absl::CivilDay due, int task) {
  rpb::Assignment assignment;
  assignment.set_name(absl::StrCat("plans/cchc-2023/tasks/", task, "/phases/1/assignments/", unit));
  assignment.set_unit(absl::StrCat("units/", unit));
  assignment.set_progress(rpb::PROGRESS_NOT_STARTED);
  assignment.set_due_date(calendar::FormatDate(due));
  assignment.set_task_text("Rà soát quy trình nội bộ");
  return assignment;
}

rpb::Unit UnitNamed(absl::string_view id) {
  rpb::Unit unit;
  unit.set_name(absl::StrCat("units/", id));
  unit.set_display_name(absl::StrCat("Phòng ", id));
  unit.set_kind(rpb::UNIT_KIND_DIVISION);
  unit.set_valid_from("2020-01-01");
  unit.set_illustrative(true);
  return unit;
}

}  // namespace dondoc::notification
