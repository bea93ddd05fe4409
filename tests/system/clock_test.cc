#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "tests/system/acts.h"
#include "tests/system/city.h"
#include "tests/system/metrics_tap.h"

namespace dondoc::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The library of the Debian package faketime, whatever machine this is; "" when it is missing.
std::string FakeTimeLibrary() {
  for (const auto& folder : std::filesystem::directory_iterator("/usr/lib")) {
    const std::filesystem::path library = folder.path() / "faketime/libfaketimeMT.so.1";
    if (std::filesystem::exists(library)) return library;
  }
  return "";
}

// An alarm that people see, and no later.
constexpr absl::Duration kAlarmWithin = absl::Seconds(10);

// "Ban hành kế hoạch: Quý I/2023", due on 31/03.
const Work kPublicityPlan = {.task = 2};

// The notification service runs by a wall clock that a test can set while it runs.
class AWallClock : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string library = FakeTimeLibrary();
    if (library.empty()) GTEST_SKIP() << "the package faketime is missing";
    SetAhead("+0");
    city_.SetEnvironment("notification", {absl::StrCat("LD_PRELOAD=", library),
                                          absl::StrCat("FAKETIME_TIMESTAMP_FILE=", file()),
                                          "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"});
    city_.AddUnits();
    city_.ImportPlan();
    ASSERT_TRUE(Eventually([&] { return !Upcoming(city_, "units/van-phong").empty(); }));
  }

  std::string file() const { return city_.File("wall-clock"); }
  // "+4d", "-1h"; written beside and renamed, so that nobody reads half of it.
  void SetAhead(const std::string& offset) {
    std::ofstream(file() + ".new") << offset << "\n";
    std::filesystem::rename(file() + ".new", file());
  }

  bool Suspect() {
    return MetricOf(city_, "notification", "dondoc_notification_clock_suspect") == 1;
  }
  bool Trusted() {
    return MetricOf(city_, "notification", "dondoc_notification_clock_suspect") == 0;
  }

  City city_{{.from = Moment(2023, 3, 29, 8)}};
};

TEST_F(AWallClock, ThatIsSetFourDaysAheadTellsNothingUntilItIsPutRight) {
  // The day itself is told at seven, in half a minute: while the clock is wrong, or after that.
  city_.TravelTo({.from = Moment(2023, 3, 31, 6, 59, 30)});
  // It answers calls a moment before its log says where its metrics are.
  ASSERT_TRUE(Eventually([&] { return Trusted(); }, kAlarmWithin));
  const size_t told = AllNotices(city_, "").size();

  SetAhead("+4d");
  ASSERT_TRUE(Eventually([&] { return Suspect(); }, kAlarmWithin)) << city_.LogOf("notification");
  // Four days, but for what passes between two looks at the clocks.
  EXPECT_TRUE(
      Eventually([&] { return absl::StrContains(city_.LogOf("notification"), "ahead_s="); }));
  EXPECT_THAT(city_.LogOf("notification"), ContainsRegex("ahead_s=345[56]"));
  // A restart is no confirmation.
  city_.Kill("notification");
  city_.Start("notification");
  ASSERT_TRUE(Eventually([&] { return Suspect(); }, kAlarmWithin));
  EXPECT_THAT(AllNotices(city_, ""), SizeIs(told));
  EXPECT_THAT(NoticesAbout(city_, kPublicityPlan, notification_pb::NOTICE_KIND_OVERDUE), IsEmpty());

  SetAhead("+0");
  ASSERT_TRUE(Eventually([&] { return !Suspect(); }, kAlarmWithin));
  ASSERT_TRUE(Eventually(
      [&] {
        return NoticesAbout(city_, kPublicityPlan, notification_pb::NOTICE_KIND_DUE).size() == 1;
      },
      absl::Minutes(1)));
  for (const auto& notice : AllNotices(city_, "")) {
    EXPECT_GE(notice.create_time().seconds(), notice.due_time().seconds()) << notice.text_vi();
  }
  EXPECT_THAT(NoticesAbout(city_, kPublicityPlan, notification_pb::NOTICE_KIND_OVERDUE), IsEmpty());
}

TEST_F(AWallClock, ThatIsSetBackTellsNothingTwice) {
  city_.TravelTo({.from = Moment(2023, 3, 31, 7, 30)});
  const auto told_once = [&] {
    return NoticesAbout(city_, kPublicityPlan, notification_pb::NOTICE_KIND_DUE).size() == 1;
  };
  ASSERT_TRUE(Eventually(told_once));
  const size_t told = AllNotices(city_, "").size();
  SetAhead("-1d");
  ASSERT_TRUE(Eventually([&] { return Suspect(); }, kAlarmWithin)) << city_.LogOf("notification");
  SetAhead("+0");
  ASSERT_TRUE(Eventually([&] { return !Suspect(); }, kAlarmWithin));
  // What the service hears now is behind whatever it would have told again.
  EXPECT_THAT(city_.Call(&Notification::SetContact, SetContact("cuoi-cung")), IsOk());
  EXPECT_THAT(AllNotices(city_, ""), SizeIs(told));
}

}  // namespace
}  // namespace dondoc::testing
