#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/time/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/status.h"
#include "tests/system/acts.h"
#include "tests/system/busy_day.h"
#include "tests/system/city.h"

namespace dondoc::testing {
namespace {

constexpr absl::Duration kPause = absl::Seconds(2);
// Whom a program that hangs keeps waiting goes on after this; from the others an answer comes, be
// the machine busy.
constexpr absl::Duration kPatience = absl::Milliseconds(500);
constexpr absl::Duration kAnswerWithin = absl::Seconds(20);
// A read that finds Redis hanging waits for it once, for a twentieth of a second.
constexpr absl::Duration kSlowRead = absl::Seconds(1);

// One call that is not tried again.
template <typename Stub, typename Request, typename Response>
absl::Status CallOnce(City& city,
                      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      const Request& request, absl::Duration patience) {
  grpc::ClientContext context;
  context.AddMetadata("dondoc-actor", "units/van-phong");
  context.set_deadline(absl::ToChronoTime(absl::Now() + patience));
  Response response;
  return rpc::FromGrpc((city.stub<Stub>().*method)(&context, request, &response));
}

absl::Status Ask(City& city, const std::string& service, absl::Duration patience) {
  if (service == "registry") {
    return CallOnce(city, &Registry::ListPlans, registry_pb::ListPlansRequest(), patience);
  }
  if (service == "kpi") {
    return CallOnce(city, &Kpi::ListIndicators, kpi_pb::ListIndicatorsRequest(), patience);
  }
  if (service == "inspection") {
    inspection_pb::GetCoverageRequest request;
    request.set_year(2023);
    return CallOnce(city, &Inspections::GetCoverage, request, patience);
  }
  return CallOnce(city, &Notification::ListNotices, notification_pb::ListNoticesRequest(),
                  patience);
}

// A program that hangs, as one does on a machine that swaps or is being moved, for some seconds
// amid a stream of writes.
class APause : public ::testing::TestWithParam<std::string> {
 protected:
  // Those that do not hang answer while it hangs; the one that does keeps nobody longer than he
  // wants to wait.
  void ExpectAnswersInTime() {
    for (const std::string& service : ServiceNames()) {
      const bool hangs = service == GetParam();
      const absl::Status status = Ask(city_, service, hangs ? kPatience : kAnswerWithin);
      EXPECT_EQ(status.code(), hangs ? absl::StatusCode::kDeadlineExceeded : absl::StatusCode::kOk)
          << service << ": " << status;
    }
  }

  City city_;
  BusyDay day_{city_};
};

TEST_P(APause, AmidAStreamOfWritesLosesNothingAndDoublesNothing) {
  day_.Begin();
  for (int round = 1; round <= 2; ++round) {
    day_.AwaitShare(round / 4.0);
    const absl::Time until = absl::Now() + kPause;
    city_.Signal(GetParam(), SIGSTOP);
    ExpectAnswersInTime();
    if (GetParam() != "registry") day_.AwaitMore();
    absl::SleepFor(until - absl::Now());
    city_.Signal(GetParam(), SIGCONT);
  }
  day_.End();
  day_.ExpectAllOnce();
}

INSTANTIATE_TEST_SUITE_P(Of, APause,
                         ::testing::Values("nats", "redis", "registry", "kpi", "inspection",
                                           "notification"),
                         [](const auto& program) { return program.param; });

TEST(RedisThatHangs, MakesReadsSlowerAndNothingElse) {
  City city;
  city.AddUnits();
  city.ImportPlan();
  SettleResult(city, {.task = 1});
  ASSERT_TRUE(Eventually([&] { return ValueOf(city, "cchc-2023-tasks-on-time") == "1/1"; }));
  city.Signal("redis", SIGSTOP);
  for (int i = 0; i < 20; ++i) {
    const absl::Time start = absl::Now();
    EXPECT_EQ(ValueOf(city, "cchc-2023-tasks-on-time"), "1/1");
    EXPECT_LT(absl::Now() - start, kSlowRead) << "read " << i;
  }
  // What changes meanwhile is seen, also when Redis comes back with what it had.
  SettleResult(city, {.task = 2});
  EXPECT_TRUE(Eventually([&] { return ValueOf(city, "cchc-2023-tasks-on-time") == "2/2"; }));
  city.Signal("redis", SIGCONT);
  EXPECT_FALSE(Eventually([&] { return ValueOf(city, "cchc-2023-tasks-on-time") != "2/2"; },
                          absl::Seconds(2)));
}

}  // namespace
}  // namespace dondoc::testing
