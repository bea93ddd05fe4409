#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <thread>

#include "absl/strings/match.h"
#include "absl/synchronization/mutex.h"
#include "libs/base/status_matchers.h"
#include "tests/system/acts.h"
#include "tests/system/city.h"
#include "tests/system/mail.h"

namespace dondoc::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Property;
using ::testing::SizeIs;

// "Ban hành kế hoạch: Quý I/2023" of tasks that Văn phòng leads alone: all due on 31/03.
const Work kInspectionPlan = {.task = 1};
const Work kPublicityPlan = {.task = 2};
const Work kReviewPlan = {.task = 5};
const Work kLawPlan = {.task = 6};

// The notices that WatchInbox streams to a recipient while it lives.
class Inbox {
 public:
  Inbox(City& city, const std::string& recipient) {
    notification_pb::WatchInboxRequest request;
    request.set_recipient(recipient);
    stream_ = city.stub<Notification>().WatchInbox(&context_, request);
    thread_ = std::thread([this] {
      notification_pb::WatchInboxResponse response;
      while (stream_->Read(&response)) {
        absl::MutexLock lock(&mutex_);
        notices_.push_back(response.notice());
      }
    });
  }
  ~Inbox() {
    context_.TryCancel();
    thread_.join();
    stream_->Finish();
  }

  std::vector<notification_pb::Notice> Received() {
    absl::MutexLock lock(&mutex_);
    return notices_;
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<notification_pb::WatchInboxResponse>> stream_;
  absl::Mutex mutex_;
  std::vector<notification_pb::Notice> notices_;
  std::thread thread_;
};

// The year of one department, step by step, in the order in which it happens.
class TheWalk : public ::testing::Test {
 protected:
  void ImportsThePlan() {
    city_.AddUnits();
    city_.ImportPlan();
    registry_pb::GetPlanRequest get;
    get.set_name("plans/cchc-2023");
    const auto response = city_.Call(&Registry::GetPlan, get);
    ASSERT_THAT(response, IsOk());
    EXPECT_EQ(response->plan().task_count(), 46);
    EXPECT_EQ(response->plan().declared_task_count(), 46);
    EXPECT_EQ(response->plan().document_number(), "");
    EXPECT_EQ(response->plan().inspection_share(), "30");
    EXPECT_GE(response->plan().targets_size(), 17);
    std::vector<std::string> codes;
    for (const auto& warning : response->plan().warnings()) {
      codes.push_back(warning.code());
      EXPECT_THAT(warning.message_vi(), Not(IsEmpty())) << warning.code();
      EXPECT_THAT(warning.advice_vi(), Not(IsEmpty())) << warning.code();
    }
    EXPECT_THAT(codes, Contains("TARGET_CONFLICT")) << "86 % in section I, 85 % in row 14";
  }

  void AssignsEveryTask() {
    // Văn phòng leads 14 tasks, four of them in two phases; Chi cục leads one, and one with it.
    EXPECT_THAT(AllAssignments(city_), SizeIs(20));
    city_.ResolveGroups();
    // 31 tasks are led by groups, which stand for seven units.
    EXPECT_THAT(AllAssignments(city_), SizeIs(20 + 31 * 7));
    registry_pb::ListTasksRequest list;
    list.set_parent("plans/cchc-2023");
    list.set_unresolved_only(true);
    EXPECT_THAT(city_.ListAll(&Registry::ListTasks, list).tasks(), IsEmpty());
  }

  void AcceptsAResult() {
    const auto reported = city_.Call(&Registry::ReportProgress, Report(kInspectionPlan, 60));
    ASSERT_THAT(reported, IsOk());
    EXPECT_EQ(reported->assignment().percent(), 60);
    EXPECT_EQ(reported->assignment().progress(), registry_pb::PROGRESS_IN_PROGRESS);
    ASSERT_THAT(city_.Call(&Registry::SubmitResult, Submit(kInspectionPlan), "chuyen-vien"),
                IsOk());
    const auto own = city_.Call(&Registry::AcceptResult, Accept(kInspectionPlan), "chuyen-vien");
    EXPECT_THAT(own, StatusIs(absl::StatusCode::kPermissionDenied));
    EXPECT_THAT(own, Refuses("OWN_RESULT"));
    const auto accepted = city_.Call(&Registry::AcceptResult, Accept(kInspectionPlan), "giam-doc");
    ASSERT_THAT(accepted, IsOk());
    EXPECT_EQ(accepted->assignment().progress(), registry_pb::PROGRESS_DONE);
    EXPECT_EQ(accepted->assignment().timeliness(), registry_pb::TIMELINESS_DONE_EARLY);
    EXPECT_EQ(accepted->assignment().completed_date(), "2023-03-23");
  }

  void CountsWhatWasAccepted() {
    EXPECT_TRUE(Eventually([&] { return ValueOf(city_, "cchc-2023-tasks-on-time") == "1/1"; }))
        << ValueOf(city_, "cchc-2023-tasks-on-time");
  }

  // One survey, two promises: 85.5 % reaches the 85 of row 14 and misses the 86 of section I.
  void JudgesOneValueByEachOfItsTargets() {
    ASSERT_TRUE(Eventually([&] { return Board().rows_size() >= 17; })) << Board().DebugString();
    EXPECT_THAT(Record(city_, {Observe("cchc-2023-i-2-d", "2023-03-23", "855", "1000")}), IsOk());
    EXPECT_EQ(ValueOf(city_, "cchc-2023-i-2-d"), "855/1000");
    std::map<std::string, kpi_pb::Judgement> by_target;
    const kpi_pb::GetBoardResponse board = Board();
    for (const kpi_pb::BoardRow& row : board.rows()) {
      by_target[row.judgement().target().name()] = row.judgement();
    }
    const auto& section = by_target["indicators/cchc-2023-i-2-d/targets/i-2-d"];
    EXPECT_EQ(section.target().value(), "86");
    EXPECT_EQ(section.verdict(), kpi_pb::VERDICT_BEHIND) << section.reason_vi();
    EXPECT_TRUE(section.target().conflicting());
    const auto& row14 = by_target["indicators/cchc-2023-i-2-d/targets/t14"];
    EXPECT_EQ(row14.target().value(), "85");
    EXPECT_EQ(row14.verdict(), kpi_pb::VERDICT_ON_PACE) << row14.reason_vi();
    EXPECT_TRUE(row14.target().conflicting());
  }

  void CoversTheQuota() {
    EXPECT_TRUE(Eventually([&] { return CoverageOf(city_, 2023).unit_count() == 9; }));
    const std::vector<inspection_pb::Inspection> planned = ApproveProgramme(city_);
    ASSERT_THAT(planned, SizeIs(3)) << "30 % of nine units are 2.7, so three";
    EXPECT_EQ(CoverageOf(city_, 2023).concluded_count(), 0);
    for (const auto& inspection : planned) Inspect(city_, inspection.name());
    const inspection_pb::Coverage coverage = CoverageOf(city_, 2023);
    EXPECT_EQ(coverage.concluded_count(), 3);
    EXPECT_EQ(coverage.required_count(), 3);
    EXPECT_TRUE(coverage.met());
    EXPECT_TRUE(Eventually([&] { return ValueOf(city_, "inspection-coverage") == "3/9"; }))
        << ValueOf(city_, "inspection-coverage");
  }

  // Seven o'clock comes while the inbox is open.
  void TellsWhatIsDueInAWeek() {
    city_.TravelTo(
        {.from = Moment(2023, 3, 24, 6, 40), .until = Moment(2023, 3, 24, 7, 2), .rate = 400});
    Inbox inbox(city_, "units/van-phong");
    const auto tells = [&](const Work& work) {
      const auto received = inbox.Received();
      return std::any_of(received.begin(), received.end(), [&](const auto& notice) {
        return notice.subject() == NameOf(work) && notice.days_left() == 7;
      });
    };
    EXPECT_TRUE(Eventually([&] { return tells(kPublicityPlan) && tells(kReviewPlan); }))
        << city_.LogOf("notification");
    EXPECT_THAT(NoticesAbout(city_, kPublicityPlan, notification_pb::NOTICE_KIND_BEFORE_DUE),
                Contains(AllOf(
                    Property(&notification_pb::Notice::days_left, 7),
                    Property(&notification_pb::Notice::due_date, "2023-03-31"),
                    Property(&notification_pb::Notice::text_vi, HasSubstr("tuyên truyền CCHC")))));
    const auto about_accepted = [&](const auto& notice) {
      return notice.subject() == NameOf(kInspectionPlan);
    };
    const auto received = inbox.Received();
    EXPECT_TRUE(std::none_of(received.begin(), received.end(), about_accepted));
  }

  // One digest to one unit, in letters that a person reads.
  void SendsItAsAMail() {
    const auto is_it = [](const ReceivedMail& mail) {
      return mail.to == "van-phong@so.example" &&
             absl::StrContains(mail.body, "thông tin, tuyên truyền CCHC") &&
             absl::StrContains(mail.body, "còn 7 ngày");
    };
    ASSERT_TRUE(Eventually([&] {
      const auto mails = MailsIn(city_);
      return std::any_of(mails.begin(), mails.end(), is_it);
    }));
    const auto mails = MailsIn(city_);
    EXPECT_EQ(std::count_if(mails.begin(), mails.end(), is_it), 1);
    const ReceivedMail& mail = *std::find_if(mails.begin(), mails.end(), is_it);
    EXPECT_THAT(mail.subject, HasSubstr("[Đôn đốc]"));
    EXPECT_THAT(mail.subject, HasSubstr("sắp đến hạn"));
    EXPECT_THAT(mail.body, HasSubstr("Kính gửi Văn phòng"));
    EXPECT_THAT(mail.body, HasSubstr("31/03/2023"));
    EXPECT_THAT(mail.body, Not(HasSubstr("kiểm tra đột xuất"))) << "task 1 was accepted";
  }

  void PutsWorkOff() {
    registry_pb::SuspendAssignmentRequest suspend;
    suspend.set_name(NameOf(kLawPlan));
    suspend.set_reason("Chờ hướng dẫn của Bộ Tư pháp");
    ASSERT_THAT(city_.Call(&Registry::SuspendAssignment, suspend), IsOk());
    EXPECT_THAT(city_.Call(&Registry::SubmitResult, Submit(kLawPlan)),
                Refuses("ASSIGNMENT_SUSPENDED"));
    EXPECT_TRUE(Eventually([&] { return !IsUpcoming(kLawPlan); }));
  }

  void TakesItUpAgain() {
    EXPECT_THAT(NoticesAbout(city_, kLawPlan, notification_pb::NOTICE_KIND_DUE), IsEmpty());
    registry_pb::ResumeAssignmentRequest resume;
    resume.set_name(NameOf(kLawPlan));
    resume.set_reason("Đã có hướng dẫn");
    const auto resumed = city_.Call(&Registry::ResumeAssignment, resume);
    ASSERT_THAT(resumed, IsOk());
    EXPECT_EQ(resumed->assignment().progress(), registry_pb::PROGRESS_NOT_STARTED);
    EXPECT_TRUE(Eventually([&] { return IsUpcoming(kLawPlan); }));
  }

  void FallsSilentOnceAResultIsAccepted() {
    SettleResult(city_, kPublicityPlan);
    city_.TravelTo(
        {.from = Moment(2023, 3, 31, 6, 40), .until = Moment(2023, 3, 31, 7, 2), .rate = 400});
    const auto told = [&](const Work& work) {
      return NoticesAbout(city_, work, notification_pb::NOTICE_KIND_DUE);
    };
    EXPECT_TRUE(Eventually([&] { return told(kReviewPlan).size() == 1; }));
    EXPECT_THAT(told(kPublicityPlan), IsEmpty());
    EXPECT_THAT(told(kInspectionPlan), IsEmpty());
  }

  bool IsUpcoming(const Work& work) {
    const auto upcoming = Upcoming(city_);
    return std::any_of(upcoming.begin(), upcoming.end(),
                       [&](const auto& notice) { return notice.subject() == NameOf(work); });
  }

  kpi_pb::GetBoardResponse Board() {
    kpi_pb::GetBoardRequest request;
    request.set_plan("plans/cchc-2023");
    const auto response = city_.Call(&Kpi::GetBoard, request);
    return response.ok() ? *response : kpi_pb::GetBoardResponse();
  }

  City city_{{.from = Moment(2023, 3, 23, 8)}};
};

TEST_F(TheWalk, GoesFromTheDocumentToTheLastNotice) {
  ImportsThePlan();
  AssignsEveryTask();
  AcceptsAResult();
  CountsWhatWasAccepted();
  JudgesOneValueByEachOfItsTargets();
  CoversTheQuota();
  TellsWhatIsDueInAWeek();
  SendsItAsAMail();
  PutsWorkOff();
  FallsSilentOnceAResultIsAccepted();
  TakesItUpAgain();
}

}  // namespace
}  // namespace dondoc::testing
