#include "tests/system/busy_day.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "dondoc/inspection/v1/events.pb.h"
#include "libs/base/status_matchers.h"
#include "tests/system/acts.h"
#include "tests/system/log_check.h"

namespace dondoc::testing {
namespace {

// Results that are accepted, and as many units that are added.
constexpr int kResults = 40;
constexpr int kBatches = 60;
constexpr int kBatchSize = 5;
constexpr char kIndicator[] = "cchc-2023-i-2-d";

template <typename Stub, typename Request, typename Response>
Writes::Write Calling(City& city,
                      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      const Request& request, const std::string& actor = "chuyen-vien") {
  return [=, &city]() -> absl::StatusOr<std::string> {
    const absl::StatusOr<Response> response = city.Call(method, request, actor);
    if (!response.ok()) return response.status();
    return response->SerializeAsString();
  };
}

// Results are reported, handed in and accepted, and the department grows.
void FillRegistryWrites(City& city, Writes& writes) {
  const std::vector<registry_pb::Assignment> assignments = AllAssignments(city);
  ASSERT_GT(assignments.size(), kResults);
  for (int i = 0; i < kResults; ++i) {
    registry_pb::ReportProgressRequest report = Report({}, i);
    registry_pb::SubmitResultRequest submit = Submit({});
    registry_pb::AcceptResultRequest accept = Accept({});
    report.set_name(assignments[i].name());
    submit.set_name(assignments[i].name());
    accept.set_name(assignments[i].name());
    writes.Add(Calling(city, &Registry::ReportProgress, report));
    writes.Add(Calling(city, &Registry::SubmitResult, submit));
    writes.Add(Calling(city, &Registry::AcceptResult, accept, "giam-doc"));
    writes.Add(Calling(city, &Registry::AddUnit, AddUnit(absl::StrCat("them-", i))));
  }
}

// Observations of which each counts for 1 out of 2.
std::vector<std::vector<kpi_pb::Observation>> Batches() {
  std::vector<std::vector<kpi_pb::Observation>> batches(kBatches);
  for (int i = 0; i < kBatches * kBatchSize; ++i) {
    kpi_pb::Observation observation = Observe(kIndicator, "2023-02-01", "1", "2");
    observation.set_key(absl::StrCat("phieu-", i));
    batches[i / kBatchSize].push_back(observation);
  }
  return batches;
}

}  // namespace

void Writes::Run() {
  for (const Write& write : writes_) {
    const absl::StatusOr<std::string> answer = write();
    EXPECT_THAT(answer, IsOk());
    answers_.push_back(answer.value_or(""));
    ++answered_;
  }
}

void Writes::RunAgain() const {
  for (size_t i = 0; i < writes_.size(); ++i) {
    const absl::StatusOr<std::string> answer = writes_[i]();
    EXPECT_THAT(answer, IsOk());
    EXPECT_EQ(answer.value_or(""), answers_[i]) << "write " << i;
  }
}

std::set<std::string> OpenAssignments(City& city) {
  std::set<std::string> names;
  for (const registry_pb::Assignment& assignment : AllAssignments(city)) {
    if (assignment.progress() != registry_pb::PROGRESS_DONE) names.insert(assignment.name());
  }
  return names;
}

// What the notification service still has to tell about; an assignment twice shows as a failure.
std::set<std::string> AwaitedAssignments(City& city) {
  std::set<std::string> names;
  for (const notification_pb::Notice& notice : Upcoming(city)) {
    if (!absl::StrContains(notice.subject(), "/assignments/")) continue;
    EXPECT_TRUE(names.insert(notice.subject()).second) << notice.subject() << " twice";
  }
  return names;
}

BusyDay::BusyDay(City& city) : city_(city), batches_(Batches()) {
  city_.AddUnits();
  city_.ImportPlan();
  city_.ResolveGroups();
  EXPECT_TRUE(Eventually([&] { return AwaitedAssignments(city_) == OpenAssignments(city_); }));
  // The kpi service knows the unit and the indicator that observations are about.
  EXPECT_TRUE(Eventually(
      [&] { return Record(city_, {Observe(kIndicator, "2023-02-01", "0", "0")}).ok(); }));
  FillRegistryWrites(city_, registry_);
}

BusyDay::~BusyDay() { End(); }

void BusyDay::Begin() {
  registry_writer_ = std::thread([this] { registry_.Run(); });
  kpi_writer_ = std::thread([this] {
    for (const auto& batch : batches_) EXPECT_THAT(Record(city_, batch), IsOk());
  });
}

void BusyDay::End() {
  if (registry_writer_.joinable()) registry_writer_.join();
  if (kpi_writer_.joinable()) kpi_writer_.join();
}

void BusyDay::AwaitShare(double share) {
  const auto enough = static_cast<size_t>(share * static_cast<double>(registry_.size()));
  EXPECT_TRUE(Eventually([&] { return registry_.answered() >= enough; }));
}

void BusyDay::AwaitMore() {
  const size_t enough = std::min(registry_.answered() + registry_.size() / 10, registry_.size());
  EXPECT_TRUE(Eventually([&] { return registry_.answered() >= enough; }));
}

void BusyDay::ExpectAllOnce() {
  registry_.RunAgain();
  int64_t recorded_again = 0;
  for (const auto& batch : batches_) {
    const auto again = Record(city_, batch);
    ASSERT_THAT(again, IsOk());
    recorded_again += again->recorded_count();
  }
  EXPECT_EQ(recorded_again, 0);

  ExpectWholeLogs();
  EXPECT_EQ(OpenAssignments(city_).size(), AllAssignments(city_).size() - kResults);
  EXPECT_EQ(ValueOf(city_, kIndicator),
            absl::StrCat(kBatches * kBatchSize, "/", 2 * kBatches * kBatchSize));
  const std::string all_on_time = absl::StrCat(kResults, "/", kResults);
  EXPECT_TRUE(Eventually([&] { return ValueOf(city_, "cchc-2023-tasks-on-time") == all_on_time; }))
      << ValueOf(city_, "cchc-2023-tasks-on-time");
  EXPECT_TRUE(Eventually([&] { return AwaitedAssignments(city_) == OpenAssignments(city_); }))
      << AwaitedAssignments(city_).size();
}

// One more write to each service, and then its whole log up to that.
void BusyDay::ExpectWholeLogs() {
  const auto about = [](const std::string& name) {
    return [name](const Change& change) { return change.name() == name; };
  };
  EXPECT_THAT(city_.Call(&Registry::AddUnit, AddUnit("cuoi-cung")), IsOk());
  ExpectWholeLog(city_.ReadLog(&Registry::WatchChanges, 1, about("units/cuoi-cung")));
  EXPECT_THAT(city_.Call(&Kpi::DefineIndicator, DefineIndicator("cuoi-cung")), IsOk());
  ExpectWholeLog(city_.ReadLog(&Kpi::WatchChanges, 1, about("indicators/cuoi-cung")));
  EXPECT_THAT(city_.Call(&Notification::SetContact, SetContact("cuoi-cung")), IsOk());
  ExpectWholeLog(city_.ReadLog(&Notification::WatchChanges, 1, about("contacts/cuoi-cung")));
  // The unit that was added here changes how many have to be inspected.
  const auto counts_it = [](const Change& change) {
    inspection_pb::CoverageChanged changed;
    return change.payload().UnpackTo(&changed) &&
           changed.coverage().unit_count() == kUnitsCountedOfThePlan + kResults + 1;
  };
  ExpectWholeLog(city_.ReadLog(&Inspections::WatchChanges, 1, counts_it));
}

}  // namespace dondoc::testing
