#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "tests/system/acts.h"
#include "tests/system/bus_tap.h"
#include "tests/system/busy_day.h"
#include "tests/system/city.h"

namespace dondoc::testing {
namespace {

struct Fault {
  std::string program;
  bool emptied = false;

  friend void PrintTo(const Fault& fault, std::ostream* out) {
    *out << fault.program << (fault.emptied ? "_emptied" : "");
  }
};

class AFault : public ::testing::TestWithParam<Fault> {
 protected:
  // Down while others write on, as far as they can without it.
  void KillAndBringBack() {
    const Fault& fault = GetParam();
    city_.Kill(fault.program);
    if (fault.program != "registry") day_.AwaitMore();
    if (fault.emptied) {
      city_.StartNatsEmpty();
    } else {
      city_.Start(fault.program);
    }
  }

  City city_;
  BusyDay day_{city_};
};

TEST_P(AFault, AmidAStreamOfWritesLosesNothingAndDoublesNothing) {
  day_.Begin();
  for (int round = 1; round <= 3; ++round) {
    day_.AwaitShare(round / 5.0);
    KillAndBringBack();
  }
  day_.End();
  day_.ExpectAllOnce();
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
