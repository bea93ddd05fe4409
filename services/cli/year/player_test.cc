#include "services/cli/year/player.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/calendar/dates.h"

// What the player asks of the services when its turns come late. What the services make of it is
// tested with them.
namespace dondoc::cli::year {
namespace {

namespace registry_pb = ::dondoc::registry::v1;
namespace inspection_pb = ::dondoc::inspection::v1;
using ::dondoc::testing::IsOk;
using ::testing::ElementsAre;

const absl::CivilDay kProposed(2023, 3, 1);
const absl::CivilDay kAdHocAsked(2023, 9, 18);
const absl::CivilDay kAdHocPlanned(2023, 10, 10);

// A plan without work: only the turns of the script are left.
class EmptyRegistry final : public registry_pb::RegistryService::Service {
 public:
  grpc::Status ListAssignments(grpc::ServerContext*, const registry_pb::ListAssignmentsRequest*,
                               registry_pb::ListAssignmentsResponse*) override {
    return grpc::Status::OK;
  }
  grpc::Status ListPeriodicReports(grpc::ServerContext*,
                                   const registry_pb::ListPeriodicReportsRequest*,
                                   registry_pb::ListPeriodicReportsResponse*) override {
    return grpc::Status::OK;
  }
  grpc::Status ListUnits(grpc::ServerContext*, const registry_pb::ListUnitsRequest*,
                         registry_pb::ListUnitsResponse*) override {
    return grpc::Status::OK;
  }
};

// Grants everything, and keeps what it was asked in the order in which it was.
class PatientInspection final : public inspection_pb::InspectionService::Service {
 public:
  grpc::Status ProposeProgramme(grpc::ServerContext*,
                                const inspection_pb::ProposeProgrammeRequest* request,
                                inspection_pb::ProposeProgrammeResponse*) override {
    return Keep("propose", request->start_date());
  }
  grpc::Status ApproveProgramme(grpc::ServerContext*, const inspection_pb::ApproveProgrammeRequest*,
                                inspection_pb::ApproveProgrammeResponse*) override {
    return Keep("approve", "");
  }
  grpc::Status AddInspection(grpc::ServerContext*,
                             const inspection_pb::AddInspectionRequest* request,
                             inspection_pb::AddInspectionResponse*) override {
    return Keep("add", request->planned_date());
  }
  grpc::Status ListInspections(grpc::ServerContext*, const inspection_pb::ListInspectionsRequest*,
                               inspection_pb::ListInspectionsResponse*) override {
    return grpc::Status::OK;
  }

  struct Asked {
    std::string call;
    std::string date;
  };
  std::vector<Asked> Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(asked_, {});
  }

 private:
  grpc::Status Keep(const std::string& call, const std::string& date) {
    const std::lock_guard lock(mutex_);
    asked_.push_back({call, date});
    return grpc::Status::OK;
  }

  std::mutex mutex_;
  std::vector<Asked> asked_;
};

// Nobody has to wait on it, and whoever has waited comes `days_late` days after the moment.
class BusyClock final : public Clock {
 public:
  BusyClock(absl::Time now, int days_late) : now_(now), late_(absl::Hours(24) * days_late) {}
  absl::Time Now() const override { return now_; }
  absl::Duration RealTimeUntil(absl::Time instant) const override {
    now_ = std::max(now_, instant + late_);
    return absl::ZeroDuration();
  }

 private:
  mutable absl::Time now_;
  const absl::Duration late_;
};

class LateTurns : public ::testing::Test {
 protected:
  LateTurns() {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&registry_);
    builder.RegisterService(&inspection_);
    server_ = builder.BuildAndStart();
    address_ = absl::StrCat("127.0.0.1:", port);
  }
  ~LateTurns() override { server_->Shutdown(std::chrono::system_clock::now()); }

  // What the inspection service was asked, until `last_day` was played.
  std::vector<PatientInspection::Asked> Play(const Clock& clock, absl::CivilDay last_day) {
    const auto script = ReadScript(
        "plan cchc-2023\n"
        "office van-phong \"Văn phòng Sở\" director \"Ban Giám đốc\"\n"
        "habit * punctual 100\n"
        "at 2023-03-01 propose-programme 1 \"a:A:van-phong\"\n"
        "at 2023-03-20 approve-programme 31/QĐ\n"
        "at 2023-09-18 ad-hoc-inspection thanh-tra 2023-10-10 a \"Phản ánh\"\n");
    EXPECT_THAT(script, IsOk());
    Actors actors(
        {.registry = address_, .kpi = address_, .inspection = address_, .notification = address_});
    std::ostringstream out;
    Player player(*script, {.year = 2023, .last_day = last_day, .service_command = {}}, clock,
                  actors, out);
    EXPECT_THAT(player.Play(), IsOk()) << out.str();
    std::vector<PatientInspection::Asked> asked = inspection_.Take();
    std::vector<std::string> calls;
    for (const auto& one : asked) calls.push_back(one.call);
    EXPECT_THAT(calls, ElementsAre("propose", "approve", "add")) << out.str();
    asked.resize(3);
    return asked;
  }

  static absl::CivilDay DayOf(const PatientInspection::Asked& asked) {
    const auto day = calendar::ParseDate(asked.call, asked.date);
    EXPECT_THAT(day, IsOk());
    return day.value_or(absl::CivilDay());
  }

  EmptyRegistry registry_;
  PatientInspection inspection_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

TEST_F(LateTurns, OnTimeTheDaysAreThoseOfTheScript) {
  const BusyClock clock(StartOf(absl::CivilDay(2023, 2, 15)), /*days_late=*/0);
  const auto asked = Play(clock, kAdHocAsked);
  EXPECT_EQ(DayOf(asked[0]), kProposed + 14);
  EXPECT_EQ(DayOf(asked[2]), kAdHocPlanned);
}

// A service refuses to plan for days that are past, and then the year has no programme.
TEST_F(LateTurns, OnABusyMachineTheDaysAreStillToCome) {
  for (const int days_late : {1, 7, 14, 15, 20, 22, 23, 30, 60}) {
    SCOPED_TRACE(absl::StrCat(days_late, " days late"));
    const BusyClock clock(StartOf(absl::CivilDay(2023, 2, 15)), days_late);
    const auto asked = Play(clock, kAdHocAsked);
    EXPECT_GT(DayOf(asked[0]), kProposed + days_late);
    EXPECT_GT(DayOf(asked[2]), kAdHocAsked + days_late);
    // Visits are made on working days.
    EXPECT_EQ(absl::GetWeekday(DayOf(asked[2])), absl::GetWeekday(kAdHocPlanned));
  }
}

TEST_F(LateTurns, WhatWasMissedWhileServicesWereStartingIsPlannedFromTodayOn) {
  const absl::CivilDay today(2023, 10, 12);
  const FixedClock clock(StartOf(today) + absl::Hours(12));
  const auto asked = Play(clock, today);
  EXPECT_GT(DayOf(asked[0]), today);
  EXPECT_GT(DayOf(asked[2]), today);
  EXPECT_EQ(absl::GetWeekday(DayOf(asked[2])), absl::GetWeekday(kAdHocPlanned));
}

}  // namespace
}  // namespace dondoc::cli::year
