#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "libs/base/ids.h"
#include "libs/base/status_matchers.h"
#include "tests/system/acts.h"
#include "tests/system/city.h"
#include "tests/system/mail.h"

namespace dondoc::testing {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Property;
using ::testing::SizeIs;

using notification_pb::Notice;
using notification_pb::NOTICE_KIND_BEFORE_DUE;
using notification_pb::NOTICE_KIND_DUE;
using notification_pb::NOTICE_KIND_OVERDUE;

// "Ban hành kế hoạch: Quý I/2023", due on 31/03.
const Work kPublicityPlan = {.task = 2};
const Work kReviewPlan = {.task = 5};
const Work kLawPlan = {.task = 6};
// "Trong năm 2023", due on 31/12.
const Work kSurvey = {.task = 3};

class Time : public ::testing::Test {
 protected:
  static void SetUpPlan(City& city) {
    city.AddUnits();
    city.ImportPlan();
    EXPECT_TRUE(Eventually([&] { return !Upcoming(city, "units/van-phong").empty(); }));
  }

  // No two notices are about the same thing at the same distance.
  static void ExpectEachOnce(const std::vector<Notice>& notices) {
    std::set<std::tuple<std::string, std::string, int, int, std::string>> seen;
    for (const Notice& notice : notices) {
      EXPECT_TRUE(seen.insert({notice.subject(), notice.recipient(), notice.kind(),
                               notice.days_left(), notice.due_date()})
                      .second)
          << notice.text_vi() << " twice";
    }
  }

  static int64_t UnixSeconds(Moment moment) {
    return absl::ToUnixSeconds(absl::FromCivil(moment, VietnamTime()));
  }

  // What the board says of the survey's value against one of its two targets.
  static kpi_pb::Verdict Verdict(City& city, const std::string& target) {
    kpi_pb::GetValueRequest request;
    request.set_indicator("indicators/cchc-2023-i-2-d");
    request.set_period("2023");
    const auto response = city.Call(&Kpi::GetValue, request);
    if (!response.ok()) return kpi_pb::VERDICT_UNSPECIFIED;
    for (const kpi_pb::Judgement& judgement : response->judgements()) {
      if (judgement.target().name() == request.indicator() + "/targets/" + target) {
        return judgement.verdict();
      }
    }
    return kpi_pb::VERDICT_UNSPECIFIED;
  }

  // The deadline that the next notice about some work is going to name.
  static std::string NextDueDate(City& city, const Work& work) {
    for (const Notice& notice : Upcoming(city, "units/" + work.unit)) {
      if (notice.subject() == NameOf(work)) return notice.due_date();
    }
    return "";
  }

  static bool ToldOnce(City& city, const Work& work, notification_pb::NoticeKind kind) {
    return NoticesAbout(city, work, kind).size() == 1;
  }
};

// Three days and more pass without the notification service, 31/03 among them, which is a deadline.
TEST_F(Time, AnOutageOverADeadlineLosesNoNotice) {
  City city({.from = Moment(2023, 3, 29, 8)});
  SetUpPlan(city);
  city.Kill("notification");
  city.TravelTo({.from = Moment(2023, 4, 1, 8)});
  SettleResult(city, kLawPlan);
  city.TravelTo({.from = Moment(2023, 4, 2, 9)});
  city.Start("notification");

  for (const Work& work : {kPublicityPlan, kReviewPlan}) {
    ASSERT_TRUE(Eventually([&] { return ToldOnce(city, work, NOTICE_KIND_OVERDUE); }))
        << city.LogOf("notification");
    EXPECT_EQ(NoticesAbout(city, work, NOTICE_KIND_OVERDUE)[0].days_left(), -1);
    EXPECT_TRUE(Eventually([&] {
      return NoticesAbout(city, work, NOTICE_KIND_OVERDUE)[0].state() ==
             notification_pb::NOTICE_STATE_SENT;
    })) << "by mail";
    const auto due = NoticesAbout(city, work, NOTICE_KIND_DUE);
    ASSERT_THAT(due, SizeIs(1));
    EXPECT_EQ(due[0].due_time().seconds(), UnixSeconds(Moment(2023, 3, 31, 7)));
    EXPECT_GE(due[0].create_time().seconds(), UnixSeconds(Moment(2023, 4, 2, 9)));
    EXPECT_THAT(due[0].text_vi(), HasSubstr("báo muộn 2 ngày"));
    const auto before = NoticesAbout(city, work, NOTICE_KIND_BEFORE_DUE);
    EXPECT_THAT(before, SizeIs(1)) << "of 30/03, a day before";
    EXPECT_THAT(before, Each(AllOf(Property(&Notice::state, notification_pb::NOTICE_STATE_SKIPPED),
                                   Property(&Notice::skip_reason, "overtaken"))));
  }
  // What was settled on 01/04 is not nagged about, and the record says why.
  for (const auto kind : {NOTICE_KIND_BEFORE_DUE, NOTICE_KIND_DUE, NOTICE_KIND_OVERDUE}) {
    EXPECT_THAT(NoticesAbout(city, kLawPlan, kind),
                Each(AllOf(Property(&Notice::state, notification_pb::NOTICE_STATE_SKIPPED),
                           Property(&Notice::skip_reason, AnyOf("submitted", "done")))));
  }
  EXPECT_THAT(NoticesAbout(city, kLawPlan, NOTICE_KIND_DUE), SizeIs(1));
}

TEST_F(Time, AKillWhileItCatchesUpDoublesNoNotice) {
  City city({.from = Moment(2023, 3, 29, 8)});
  SetUpPlan(city);
  city.Kill("notification");
  city.TravelTo({.from = Moment(2023, 4, 2, 9)});
  for (int kill = 0; kill < 3; ++kill) {
    city.Start("notification");
    EXPECT_TRUE(Eventually([&] { return !AllNotices(city, "").empty(); }));
    city.Kill("notification");
  }
  city.Start("notification");
  // The next notice about these comes on 04/04.
  city.TravelTo({.from = Moment(2023, 4, 4, 7, 30)});
  for (const Work& work : {kPublicityPlan, kReviewPlan, kLawPlan}) {
    EXPECT_TRUE(
        Eventually([&] { return NoticesAbout(city, work, NOTICE_KIND_OVERDUE).size() == 2; }));
    EXPECT_TRUE(ToldOnce(city, work, NOTICE_KIND_DUE));
  }
  ExpectEachOnce(AllNotices(city, ""));

  // A mail whose receipt a kill swallowed may go out again, but then it is recognised by its id.
  ASSERT_TRUE(Eventually([&] { return MailsIn(city).size() >= 2; }));
  std::map<std::string, std::string> ids;
  for (const ReceivedMail& mail : MailsIn(city)) {
    EXPECT_EQ(ids.emplace(mail.to + mail.body, mail.id).first->second, mail.id) << mail.subject;
  }
}

TEST_F(Time, TheYearTurnsWhileEverythingRuns) {
  City city({.from = Moment(2023, 12, 20, 8)});
  SetUpPlan(city);
  ASSERT_TRUE(Eventually([&] { return CoverageOf(city, 2023).unit_count() == 9; }));
  const auto inspections = ApproveProgramme(city);
  ASSERT_THAT(inspections, SizeIs(3));
  Inspect(city, inspections[0].name());
  ASSERT_TRUE(Eventually([&] {
    return Record(city, {Observe("cchc-2023-i-2-d", "2023-12-19", "855", "1000")}).ok();
  }));

  city.TravelTo(
      {.from = Moment(2023, 12, 31, 23, 40), .until = Moment(2024, 1, 1, 0, 0, 5), .rate = 150});
  ASSERT_EQ(city.today(), absl::CivilDay(2023, 12, 31)) << "this machine is too slow for the test";
  EXPECT_EQ(AssignmentOf(city, kSurvey).timeliness(), registry_pb::TIMELINESS_DUE_SOON);
  EXPECT_EQ(Verdict(city, "i-2-d"), kpi_pb::VERDICT_BEHIND);
  const size_t processes = city.pids().size();

  ASSERT_TRUE(Eventually([&] { return city.today() == absl::CivilDay(2024, 1, 1); }));
  EXPECT_EQ(AssignmentOf(city, kSurvey).timeliness(), registry_pb::TIMELINESS_OVERDUE);
  EXPECT_TRUE(Eventually([&] { return ValueOf(city, "cchc-2023-tasks-on-time") == "0/20"; }))
      << ValueOf(city, "cchc-2023-tasks-on-time") << ": all twenty are overdue now";
  EXPECT_TRUE(Eventually([&] { return Verdict(city, "i-2-d") == kpi_pb::VERDICT_NOT_MET; }));
  EXPECT_EQ(Verdict(city, "t14"), kpi_pb::VERDICT_MET);
  const inspection_pb::Coverage of2023 = CoverageOf(city, 2023);
  EXPECT_EQ(of2023.concluded_count(), 1);
  EXPECT_EQ(of2023.unit_count(), 9);
  EXPECT_THAT(of2023.pace_vi(), HasSubstr("Năm 2023 không đạt"));
  EXPECT_EQ(CoverageOf(city, 2024).concluded_count(), 0);
  EXPECT_EQ(ValueOf(city, "inspection-coverage"), "1/9");
  EXPECT_EQ(city.pids().size(), processes) << "nothing was started anew";

  city.TravelTo({.from = Moment(2024, 1, 2, 7, 30)});
  EXPECT_TRUE(Eventually([&] { return ToldOnce(city, kSurvey, NOTICE_KIND_OVERDUE); }));
}

TEST_F(Time, AMovedDeadlineTakesItsTimersAlong) {
  City city({.from = Moment(2023, 3, 25, 8)});
  SetUpPlan(city);
  registry_pb::MoveDeadlineRequest move;
  move.set_request_id(NewUuid());
  move.set_phase("plans/cchc-2023/tasks/2/phases/1");
  move.set_new_due_date("2023-04-28");
  move.set_document("Quyết định số 12/QĐ-SKHCN ngày 24/3/2023");
  move.set_reason("Chờ kế hoạch của thành phố");
  ASSERT_THAT(city.Call(&Registry::MoveDeadline, move), IsOk());
  EXPECT_TRUE(Eventually([&] { return NextDueDate(city, kPublicityPlan) == "2023-04-28"; }))
      << NextDueDate(city, kPublicityPlan);
  EXPECT_EQ(NextDueDate(city, kReviewPlan), "2023-03-31");

  city.TravelTo({.from = Moment(2023, 4, 1, 8)});
  ASSERT_TRUE(Eventually([&] { return ToldOnce(city, kReviewPlan, NOTICE_KIND_OVERDUE); }));
  EXPECT_THAT(NoticesAbout(city, kPublicityPlan, NOTICE_KIND_DUE), IsEmpty());
  EXPECT_THAT(NoticesAbout(city, kPublicityPlan, NOTICE_KIND_OVERDUE), IsEmpty());

  city.TravelTo({.from = Moment(2023, 4, 28, 8)});
  ASSERT_TRUE(Eventually([&] { return ToldOnce(city, kPublicityPlan, NOTICE_KIND_DUE); }));
  EXPECT_THAT(NoticesAbout(city, kPublicityPlan, NOTICE_KIND_DUE),
              Each(Property(&Notice::due_date, "2023-04-28")));
  registry_pb::GetTaskRequest get;
  get.set_name("plans/cchc-2023/tasks/2");
  const auto task = city.Call(&Registry::GetTask, get);
  ASSERT_THAT(task, IsOk());
  EXPECT_EQ(task->task().phases(0).printed_due_date(), "2023-03-31") << "nothing is rewritten";
}

}  // namespace
}  // namespace dondoc::testing
