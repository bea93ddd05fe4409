#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <ostream>
#include <set>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "dondoc/inspection/v1/events.pb.h"
#include "libs/base/status_matchers.h"
#include "tests/system/acts.h"
#include "tests/system/bus_tap.h"
#include "tests/system/city.h"
#include "tests/system/log_check.h"

namespace dondoc::testing {
namespace {

// Results that are accepted, and as many units that are added.
constexpr int kResults = 40;
constexpr int kBatches = 60;
constexpr int kBatchSize = 5;
constexpr char kIndicator[] = "cchc-2023-i-2-d";

// A row of writes, one after the other, each sent again until it is answered.
class Writes {
 public:
  // Sends one request and answers with the bytes of its response.
  using Write = std::function<absl::StatusOr<std::string>()>;

  void Add(Write write) { writes_.push_back(std::move(write)); }
  size_t size() const { return writes_.size(); }
  // How many have been answered; for another thread.
  size_t answered() const { return answered_; }

  void Run() {
    for (const Write& write : writes_) {
      const absl::StatusOr<std::string> answer = write();
      EXPECT_THAT(answer, IsOk());
      answers_.push_back(answer.value_or(""));
      ++answered_;
    }
  }

  // Sends every request once more: each gets the answer that it got the first time.
  void RunAgain() const {
    for (size_t i = 0; i < writes_.size(); ++i) {
      const absl::StatusOr<std::string> answer = writes_[i]();
      EXPECT_THAT(answer, IsOk());
      EXPECT_EQ(answer.value_or(""), answers_[i]) << "write " << i;
    }
  }

 private:
  std::vector<Write> writes_;
  std::vector<std::string> answers_;
  std::atomic<size_t> answered_ = 0;
};

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

// One more write to each service, and then its whole log up to that.
void ExpectWholeLogs(City& city) {
  const auto about = [](const std::string& name) {
    return [name](const Change& change) { return change.name() == name; };
  };
  EXPECT_THAT(city.Call(&Registry::AddUnit, AddUnit("cuoi-cung")), IsOk());
  ExpectWholeLog(city.ReadLog(&Registry::WatchChanges, 1, about("units/cuoi-cung")));
  EXPECT_THAT(city.Call(&Kpi::DefineIndicator, DefineIndicator("cuoi-cung")), IsOk());
  ExpectWholeLog(city.ReadLog(&Kpi::WatchChanges, 1, about("indicators/cuoi-cung")));
  EXPECT_THAT(city.Call(&Notification::SetContact, SetContact("cuoi-cung")), IsOk());
  ExpectWholeLog(city.ReadLog(&Notification::WatchChanges, 1, about("contacts/cuoi-cung")));
  // The unit that was added here changes how many have to be inspected.
  const auto counts_it = [](const Change& change) {
    inspection_pb::CoverageChanged changed;
    return change.payload().UnpackTo(&changed) &&
           changed.coverage().unit_count() == 9 + kResults + 1;
  };
  ExpectWholeLog(city.ReadLog(&Inspections::WatchChanges, 1, counts_it));
}

struct Fault {
  std::string program;
  bool emptied = false;

  friend void PrintTo(const Fault& fault, std::ostream* out) {
    *out << fault.program << (fault.emptied ? "_emptied" : "");
  }
};

class AFault : public ::testing::TestWithParam<Fault> {
 protected:
  AFault() {
    city_.AddUnits();
    city_.ImportPlan();
    city_.ResolveGroups();
    EXPECT_TRUE(Eventually([&] { return AwaitedAssignments(city_) == OpenAssignments(city_); }));
    // The kpi service knows the unit and the indicator that observations are about.
    EXPECT_TRUE(Eventually(
        [&] { return Record(city_, {Observe(kIndicator, "2023-02-01", "0", "0")}).ok(); }));
  }

  // Down while others write on, as far as they can without it.
  void KillAndBringBack(const Writes& writes) {
    const Fault& fault = GetParam();
    const size_t before = writes.answered();
    city_.Kill(fault.program);
    if (fault.program != "registry") {
      const size_t enough = std::min(before + writes.size() / 10, writes.size());
      EXPECT_TRUE(Eventually([&] { return writes.answered() >= enough; }));
    }
    if (fault.emptied) {
      city_.StartNatsEmpty();
    } else {
      city_.Start(fault.program);
    }
  }

  City city_;
};

TEST_P(AFault, AmidAStreamOfWritesLosesNothingAndDoublesNothing) {
  Writes writes;
  FillRegistryWrites(city_, writes);
  const auto batches = Batches();
  std::thread registry_writer([&] { writes.Run(); });
  std::thread kpi_writer([&] {
    for (const auto& batch : batches) EXPECT_THAT(Record(city_, batch), IsOk());
  });
  for (int round = 1; round <= 3; ++round) {
    EXPECT_TRUE(Eventually([&] { return writes.answered() > round * writes.size() / 5; }));
    KillAndBringBack(writes);
  }
  registry_writer.join();
  kpi_writer.join();

  // Whoever is not sure that a write arrived sends it again.
  writes.RunAgain();
  int64_t recorded_again = 0;
  for (const auto& batch : batches) {
    const auto again = Record(city_, batch);
    ASSERT_THAT(again, IsOk());
    recorded_again += again->recorded_count();
  }
  EXPECT_EQ(recorded_again, 0);

  ExpectWholeLogs(city_);
  EXPECT_EQ(OpenAssignments(city_).size(), AllAssignments(city_).size() - kResults);
  EXPECT_EQ(ValueOf(city_, kIndicator),
            absl::StrCat(kBatches * kBatchSize, "/", 2 * kBatches * kBatchSize));
  const std::string all_on_time = absl::StrCat(kResults, "/", kResults);
  EXPECT_TRUE(Eventually([&] { return ValueOf(city_, "cchc-2023-tasks-on-time") == all_on_time; }))
      << ValueOf(city_, "cchc-2023-tasks-on-time");
  EXPECT_TRUE(Eventually([&] { return AwaitedAssignments(city_) == OpenAssignments(city_); }))
      << AwaitedAssignments(city_).size();
}

INSTANTIATE_TEST_SUITE_P(Of, AFault,
                         ::testing::Values(Fault{"nats"}, Fault{"nats", true}, Fault{"redis"},
                                           Fault{"registry"}, Fault{"kpi"}, Fault{"inspection"},
                                           Fault{"notification"}),
                         ::testing::PrintToStringParamName());

TEST(TheBroker, MayDeliverAnEventTwiceAndGarbageBesides) {
  City city;
  city.AddUnits();
  city.ImportPlan();
  BusTap tap(city, "dondoc.registry.assignment.accepted");
  SettleResult(city, {.task = 1});
  const NatsPointer<natsMsg> accepted = tap.Next();
  tap.PublishAgain(accepted.get());
  tap.PublishGarbage("dondoc.registry.assignment.accepted");
  tap.PublishAgain(accepted.get());
  // Whatever comes before this on the stream has had its effect when this one has.
  SettleResult(city, {.task = 2});
  EXPECT_TRUE(Eventually([&] { return ValueOf(city, "cchc-2023-tasks-on-time") == "2/2"; }))
      << ValueOf(city, "cchc-2023-tasks-on-time");
  EXPECT_TRUE(Eventually([&] { return AwaitedAssignments(city) == OpenAssignments(city); }))
      << AwaitedAssignments(city).size();
}

TEST(TheBroker, MayLoseWhatNobodyHasReadYet) {
  City city;
  city.AddUnits();
  city.ImportPlan();
  EXPECT_TRUE(Eventually([&] { return AwaitedAssignments(city) == OpenAssignments(city); }));
  city.Kill("kpi");
  city.Kill("notification");
  {
    BusTap tap(city, "dondoc.registry.assignment.accepted");
    for (const int task : {1, 2, 3}) SettleResult(city, {.task = task});
    for (int i = 0; i < 3; ++i) tap.Next();
  }
  city.Kill("nats");
  city.StartNatsEmpty();
  city.Start("kpi");
  city.Start("notification");
  EXPECT_TRUE(Eventually([&] { return ValueOf(city, "cchc-2023-tasks-on-time") == "3/3"; }))
      << ValueOf(city, "cchc-2023-tasks-on-time");
  EXPECT_TRUE(Eventually([&] { return AwaitedAssignments(city) == OpenAssignments(city); }))
      << AwaitedAssignments(city).size();
}

}  // namespace
}  // namespace dondoc::testing
