#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "dondoc/inspection/v1/programme.pb.h"
#include "dondoc/registry/v1/plan.pb.h"
#include "dondoc/registry/v1/task.pb.h"
#include "dondoc/registry/v1/unit.pb.h"
#include "libs/base/clock.h"
#include "libs/store/test_database.h"
#include "services/notification/domain/delivery.h"
#include "services/notification/domain/notice.h"
#include "services/notification/domain/plan_rules.h"
#include "services/notification/timers/channels.h"

namespace dondoc::notification {

// Waits, at most a minute, for something that another thread brings about. False when it does not
// come.
bool Await(const std::function<bool()>& condition);

// 7:00 in Vietnam, the hour at which notices fall due.
absl::Time Morning(absl::CivilDay day);

// Stands still until it is set, from whatever thread; threads that wait for it look often.
class HandClock final : public Clock {
 public:
  explicit HandClock(absl::Time now) : micros_(absl::ToUnixMicros(now)) {}
  absl::Time Now() const override { return absl::FromUnixMicros(micros_); }
  absl::Duration RealTimeUntil(absl::Time instant) const override {
    return instant <= Now() ? absl::ZeroDuration() : absl::Milliseconds(10);
  }
  void Set(absl::Time now) { micros_ = absl::ToUnixMicros(now); }
  void Advance(absl::Duration by) { Set(Now() + by); }

 private:
  std::atomic<int64_t> micros_;
};

// A notification service without its threads: a real database, a clock that stands until it is set,
// events handed in by hand. For tests.
class World {
 public:
  explicit World(absl::Time now, Channels channels = {});

  HandClock& clock() { return clock_; }
  store::Database& database() { return *database_; }
  std::string database_file() const { return database_.File(); }
  // Closes the database and opens it again.
  void Restart() { database_.Reopen(); }

  // Applies an event of another service, as the consumer does. The event happened at `at`.
  absl::Status Apply(const google::protobuf::Message& changed, absl::string_view type,
                     absl::Time at);
  // The trace of the events that are applied from now on.
  void SetTrace(const std::string& traceparent) { traceparent_ = traceparent; }
  void Say(const registry::v1::Unit& unit);
  void Say(const registry::v1::Assignment& assignment);
  // As it was said at `at`, and has arrived only now.
  void Say(const registry::v1::Assignment& assignment, absl::Time at);
  void Say(const registry::v1::PeriodicReport& report);
  void Say(const inspection::v1::Inspection& inspection);

  void SetRules(const std::string& plan, const PlanRules& rules);
  void SetContact(const std::string& recipient, const std::string& email,
                  const std::string& webhook_url = "", const std::string& webhook_secret = "");

  // Sets the clock and runs the timers until nothing is due.
  void RunAt(absl::Time now, int64_t batch = 4'000);

  // All notices, the oldest first.
  std::vector<Notice> Notices();
  // "2023-03-24 before 7 sent", "2023-03-31 due 0 skipped: done"; the date is the planned one, with
  // "late" behind it when it was told on another day.
  std::vector<std::string> Lines();
  // "2023-03-24 before 7": what is still to come, the earliest first.
  std::vector<std::string> Upcoming();
  // The types of all events, in order.
  std::vector<std::string> EventTypes();
  // "dondoc.notification.notice.due <traceparent>" of all events, in order.
  std::vector<std::string> EventTraces();
  const Channels& channels() const { return channels_; }
  // All deliveries that leave the service, the oldest first.
  std::vector<Delivery> Outgoing();
  // A number that a query answers.
  int64_t Count(const char* query);

 private:
  HandClock clock_;
  const Channels channels_;
  std::string traceparent_;
  testing::TestDatabase database_;
  // The version of the last event, whatever it was about: it only has to grow.
  int64_t heard_ = 0;
};

// Task 29 of the plan of 2023 as `unit` owes it, open.
registry::v1::Assignment AssignmentOf(absl::string_view unit, absl::CivilDay due);
// The same for another task.
registry::v1::Assignment AssignmentOf(absl::string_view unit, absl::CivilDay due, int task);
registry::v1::Unit UnitNamed(absl::string_view id);

}  // namespace dondoc::notification
