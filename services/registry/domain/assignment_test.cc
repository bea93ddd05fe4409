#include "services/registry/domain/assignment.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/status_matchers.h"

namespace dondoc::registry {
namespace {

using absl::CivilDay;
using testing::IsOk;
using testing::Refuses;
using testing::StatusIs;

Act On(CivilDay day, const std::string& actor) {
  return {.actor = actor, .now = StartOf(day) + absl::Hours(9), .today = day};
}
Act ByUnit(CivilDay day) { return On(day, "chuyên viên A"); }
Act ByOffice(CivilDay day) { return On(day, "chánh văn phòng"); }

// T19 of 2023: April, due on 30/04.
Assignment AprilTask(bool conditional = false) {
  AssignmentState fields;
  fields.key = {.phase = {.task = {.plan = "cchc-2023", .number = 19}, .ordinal = 1},
                .unit = "van-phong"};
  fields.window_start = CivilDay(2023, 4, 1);
  fields.due = CivilDay(2023, 4, 30);
  fields.conditional_product = conditional;
  return Assignment::Open(fields);
}
NewSubmission Produced(CivilDay day) {
  return {.outcome = Outcome::kProduced,
          .reason = {},
          .evidence = {{.document_number = "15/QĐ-SKHCN",
                        .document_date = day,
                        .link = {},
                        .sha256 = {},
                        .note = {}}}};
}
Assignment SubmittedOn(CivilDay day) {
  Assignment assignment = AprilTask();
  EXPECT_THAT(assignment.Submit(Produced(day), ByUnit(day)), IsOk());
  return assignment;
}

TEST(ReportProgress, BeginsTheWorkAndSaysWhen) {
  Assignment assignment = AprilTask();
  ASSERT_THAT(
      assignment.Report({.percent = 40, .note = " đã rà soát\n "}, StartOf(CivilDay(2023, 4, 3))),
      IsOk());
  EXPECT_EQ(assignment.state().progress, Progress::kInProgress);
  EXPECT_EQ(assignment.state().percent, 40);
  EXPECT_EQ(assignment.state().note, "đã rà soát");
  EXPECT_EQ(assignment.state().report_time, StartOf(CivilDay(2023, 4, 3)));
}

TEST(ReportProgress, RefusesPercentagesThatAreNone) {
  Assignment assignment = AprilTask();
  for (const int percent : {-1, 101}) {
    EXPECT_THAT(assignment.Report({.percent = percent, .note = {}}, StartOf(CivilDay(2023, 4, 3))),
                Refuses("PERCENT_OUT_OF_RANGE"));
  }
  EXPECT_EQ(assignment.state().progress, Progress::kNotStarted);
}

TEST(SubmitResult, WaitsForAcceptance) {
  const Assignment assignment = SubmittedOn(CivilDay(2023, 4, 20));
  EXPECT_TRUE(assignment.IsWaiting());
  EXPECT_TRUE(assignment.IsOpen());
  EXPECT_EQ(assignment.state().submission->actor, "chuyên viên A");
  EXPECT_FALSE(assignment.state().completed);
}

struct BadSubmission {
  const char* what;
  void (*spoil)(NewSubmission&);
  const char* reason;
};

TEST(SubmitResult, RefusesWhatShowsNothing) {
  const std::vector<BadSubmission> cases = {
      {"no evidence", [](NewSubmission& s) { s.evidence.clear(); }, "EVIDENCE_MISSING"},
      {"a document of tomorrow",
       [](NewSubmission& s) { s.evidence[0].document_date = CivilDay(2023, 4, 21); },
       "EVIDENCE_DATE_IN_FUTURE"},
      {"no number", [](NewSubmission& s) { s.evidence[0].document_number = " "; }, "TEXT_BLANK"},
      {"an http link", [](NewSubmission& s) { s.evidence[0].link = "http://a.vn/1"; },
       "LINK_INVALID"},
      {"a link with a password", [](NewSubmission& s) { s.evidence[0].link = "https://a:b@c.vn/"; },
       "LINK_INVALID"},
      {"half a digest", [](NewSubmission& s) { s.evidence[0].sha256 = "abc"; }, "SHA256_INVALID"},
      {"51 documents", [](NewSubmission& s) { s.evidence.assign(51, s.evidence[0]); },
       "TOO_MANY_ITEMS"},
      {"nothing arose on an unconditional product",
       [](NewSubmission& s) { s.outcome = Outcome::kNotArising; }, "OUTCOME_NOT_CONDITIONAL"},
  };
  for (const BadSubmission& c : cases) {
    Assignment assignment = AprilTask();
    NewSubmission fields = Produced(CivilDay(2023, 4, 20));
    c.spoil(fields);
    EXPECT_THAT(assignment.Submit(fields, ByUnit(CivilDay(2023, 4, 20))), Refuses(c.reason))
        << c.what;
    EXPECT_EQ(assignment.state().progress, Progress::kNotStarted) << c.what;
  }
}

TEST(SubmitResult, MayEndAConditionalProductAsNotArisingWithAReason) {
  Assignment assignment = AprilTask(/*conditional=*/true);
  NewSubmission nothing = {.outcome = Outcome::kNotArising, .reason = " ", .evidence = {}};
  EXPECT_THAT(assignment.Submit(nothing, ByUnit(CivilDay(2023, 4, 20))), Refuses("FIELD_MISSING"));
  nothing.reason = "HĐND không sửa đổi danh mục";
  ASSERT_THAT(assignment.Submit(nothing, ByUnit(CivilDay(2023, 4, 20))), IsOk());
  ASSERT_THAT(assignment.Accept(ByOffice(CivilDay(2023, 4, 21))), IsOk());
  EXPECT_EQ(assignment.state().progress, Progress::kNotArising);
  EXPECT_FALSE(assignment.IsOpen());
}

struct Verdict {
  CivilDay submitted;
  CivilDay accepted;
  Timeliness expected;
};

TEST(AcceptResult, JudgesByTheDayTheResultWasHandedIn) {
  const std::vector<Verdict> cases = {
      {CivilDay(2023, 4, 29), CivilDay(2023, 4, 29), Timeliness::kDoneEarly},
      {CivilDay(2023, 4, 30), CivilDay(2023, 6, 15), Timeliness::kDoneOnTime},
      {CivilDay(2023, 5, 3), CivilDay(2023, 5, 3), Timeliness::kDoneLate},
  };
  for (const Verdict& c : cases) {
    Assignment assignment = SubmittedOn(c.submitted);
    ASSERT_THAT(assignment.Accept(ByOffice(c.accepted)), IsOk());
    EXPECT_EQ(assignment.state().progress, Progress::kDone);
    EXPECT_EQ(assignment.state().completed, c.submitted);
    EXPECT_EQ(assignment.TimelinessOn(CivilDay(2024, 1, 1)), c.expected) << c.submitted;
  }
}

TEST(AcceptResult, FreezesTheVerdictAgainstLaterDeadlines) {
  Assignment assignment = SubmittedOn(CivilDay(2023, 5, 3));
  ASSERT_THAT(assignment.Accept(ByOffice(CivilDay(2023, 5, 4))), IsOk());
  EXPECT_FALSE(assignment.Reschedule(CivilDay(2023, 6, 30)));
  EXPECT_EQ(assignment.TimelinessOn(CivilDay(2023, 6, 1)), Timeliness::kDoneLate);
}

TEST(AcceptResult, JudgesByTheDeadlineInForceThen) {
  Assignment assignment = SubmittedOn(CivilDay(2023, 5, 3));
  EXPECT_EQ(assignment.Settled(), Timeliness::kOverdue);
  EXPECT_TRUE(assignment.Reschedule(CivilDay(2023, 6, 30)));
  EXPECT_EQ(assignment.Settled(), Timeliness::kInTime);
  ASSERT_THAT(assignment.Accept(ByOffice(CivilDay(2023, 7, 4))), IsOk());
  EXPECT_EQ(assignment.state().frozen, Timeliness::kDoneEarly);
}

TEST(AcceptResult, IsNotForTheOneWhoSubmitted) {
  Assignment assignment = SubmittedOn(CivilDay(2023, 4, 20));
  const absl::Status own = assignment.Accept(ByUnit(CivilDay(2023, 4, 21)));
  EXPECT_THAT(own, StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(own, Refuses("OWN_RESULT"));
  EXPECT_TRUE(assignment.IsWaiting());
}

TEST(ReturnResult, PutsTheWorkBackInProgressAndKeepsTheSubmission) {
  Assignment assignment = SubmittedOn(CivilDay(2023, 4, 20));
  EXPECT_THAT(assignment.Return(" ", ByOffice(CivilDay(2023, 4, 21))), Refuses("FIELD_MISSING"));
  ASSERT_THAT(assignment.Return("thiếu phụ lục", ByOffice(CivilDay(2023, 4, 21))), IsOk());
  EXPECT_EQ(assignment.state().progress, Progress::kInProgress);
  EXPECT_EQ(assignment.state().review->reason, "thiếu phụ lục");
  EXPECT_TRUE(assignment.state().submission);
  // The clock runs again: what was sent back was not handed in.
  EXPECT_EQ(assignment.TimelinessOn(CivilDay(2023, 5, 1)), Timeliness::kOverdue);
}

TEST(Suspend, PutsWorkOffWithAReasonAndResumePutsItBackWhereItWas) {
  const CivilDay day(2023, 4, 10);
  Assignment untouched = AprilTask();
  Assignment begun = AprilTask();
  ASSERT_THAT(begun.Report({.percent = 40, .note = {}}, StartOf(day)), IsOk());
  Assignment sent_back = SubmittedOn(day);
  ASSERT_THAT(sent_back.Return("thiếu phụ lục", ByOffice(day)), IsOk());
  const std::vector<std::pair<Assignment*, Progress>> cases = {{&untouched, Progress::kNotStarted},
                                                               {&begun, Progress::kInProgress},
                                                               {&sent_back, Progress::kInProgress}};
  for (const auto& [assignment, before] : cases) {
    EXPECT_THAT(assignment->Suspend(" ", ByOffice(day)), Refuses("FIELD_MISSING"));
    EXPECT_EQ(assignment->state().progress, before);
    ASSERT_THAT(assignment->Suspend("chờ hướng dẫn", ByOffice(day)), IsOk());
    EXPECT_EQ(assignment->state().progress, Progress::kSuspended);
    EXPECT_TRUE(assignment->IsOpen());
    EXPECT_EQ(assignment->state().suspension->reason, "chờ hướng dẫn");
    EXPECT_EQ(assignment->state().suspension->actor, "chánh văn phòng");
    EXPECT_FALSE(assignment->state().suspension->resume_time);

    EXPECT_THAT(assignment->Resume(" ", ByOffice(day + 5)), Refuses("FIELD_MISSING"));
    EXPECT_TRUE(assignment->IsSuspended());
    ASSERT_THAT(assignment->Resume("đã có hướng dẫn", ByOffice(day + 5)), IsOk());
    EXPECT_EQ(assignment->state().progress, before);
    EXPECT_EQ(assignment->state().suspension->reason, "chờ hướng dẫn");
    EXPECT_EQ(assignment->state().suspension->resume_reason, "đã có hướng dẫn");
    EXPECT_EQ(assignment->state().suspension->resume_time, ByOffice(day + 5).now);
  }
}

TEST(Suspend, LeavesTheDeadlineAsItStands) {
  Assignment assignment = AprilTask();
  ASSERT_THAT(assignment.Suspend("chờ hướng dẫn", ByOffice(CivilDay(2023, 4, 10))), IsOk());
  EXPECT_EQ(assignment.TimelinessOn(CivilDay(2023, 5, 1)), Timeliness::kOverdue);
  EXPECT_TRUE(assignment.Reschedule(CivilDay(2023, 6, 30)));
  EXPECT_EQ(assignment.TimelinessOn(CivilDay(2023, 5, 1)), Timeliness::kInTime);
}

using Verb = std::function<absl::Status(Assignment&)>;
struct Illegal {
  const char* what;
  Assignment assignment;
  Verb verb;
  const char* reason;
};

TEST(AnAssignment, RefusesVerbsThatItsStateDoesNotAllow) {
  const CivilDay day(2023, 4, 20);
  const Verb report = [&](Assignment& a) {
    return a.Report({.percent = 1, .note = {}}, StartOf(day));
  };
  const Verb submit = [&](Assignment& a) { return a.Submit(Produced(day), ByUnit(day)); };
  const Verb accept = [&](Assignment& a) { return a.Accept(ByOffice(day)); };
  const Verb send_back = [&](Assignment& a) { return a.Return("x", ByOffice(day)); };
  const Verb suspend = [&](Assignment& a) { return a.Suspend("x", ByOffice(day)); };
  const Verb resume = [&](Assignment& a) { return a.Resume("x", ByOffice(day)); };
  const Assignment open = AprilTask();
  Assignment suspended = open;
  ASSERT_THAT(suspend(suspended), IsOk());
  Assignment cancelled_while_suspended = suspended;
  cancelled_while_suspended.Cancel();
  const Assignment waiting = SubmittedOn(day);
  Assignment done = waiting;
  ASSERT_THAT(done.Accept(ByOffice(day)), IsOk());
  Assignment cancelled = open;
  cancelled.Cancel();
  Assignment cancelled_while_waiting = waiting;
  cancelled_while_waiting.Cancel();
  const std::vector<Illegal> cases = {
      {"report on what waits", waiting, report, "ASSIGNMENT_CLOSED"},
      {"report on what is done", done, report, "ASSIGNMENT_CLOSED"},
      {"report on what is cancelled", cancelled, report, "ASSIGNMENT_CLOSED"},
      {"submit twice", waiting, submit, "ASSIGNMENT_CLOSED"},
      {"submit what is done", done, submit, "ASSIGNMENT_CLOSED"},
      {"submit what is cancelled", cancelled, submit, "ASSIGNMENT_CLOSED"},
      {"accept nothing", open, accept, "NOTHING_SUBMITTED"},
      {"accept twice", done, accept, "NOTHING_SUBMITTED"},
      {"accept what is cancelled", cancelled_while_waiting, accept, "NOTHING_SUBMITTED"},
      {"return nothing", open, send_back, "NOTHING_SUBMITTED"},
      {"return what is done", done, send_back, "NOTHING_SUBMITTED"},
      {"report on what is put off", suspended, report, "ASSIGNMENT_SUSPENDED"},
      {"submit what is put off", suspended, submit, "ASSIGNMENT_SUSPENDED"},
      {"accept what is put off", suspended, accept, "NOTHING_SUBMITTED"},
      {"put off twice", suspended, suspend, "ASSIGNMENT_SUSPENDED"},
      {"put off what waits", waiting, suspend, "ASSIGNMENT_CLOSED"},
      {"put off what is done", done, suspend, "ASSIGNMENT_CLOSED"},
      {"put off what is cancelled", cancelled, suspend, "ASSIGNMENT_CLOSED"},
      {"resume what was never put off", open, resume, "ASSIGNMENT_NOT_SUSPENDED"},
      {"resume what is done", done, resume, "ASSIGNMENT_NOT_SUSPENDED"},
      {"resume what is cancelled", cancelled_while_suspended, resume, "ASSIGNMENT_NOT_SUSPENDED"},
  };
  for (const Illegal& c : cases) {
    Assignment assignment = c.assignment;
    const absl::Status status = c.verb(assignment);
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition)) << c.what;
    EXPECT_THAT(status, Refuses(c.reason)) << c.what;
    EXPECT_EQ(assignment.state().progress, c.assignment.state().progress) << c.what;
  }
}

TEST(TakenOverBy, CarriesEverythingToTheNewUnit) {
  const Assignment waiting = SubmittedOn(CivilDay(2023, 4, 20));
  const Assignment taken = waiting.TakenOverBy("chi-cuc");
  EXPECT_EQ(taken.key().unit, "chi-cuc");
  EXPECT_EQ(taken.state().taken_over_from, "van-phong");
  EXPECT_TRUE(taken.IsWaiting());
  EXPECT_EQ(taken.state().submission->submitted_date, CivilDay(2023, 4, 20));
}

TEST(Reopen, ObligesAgainUnderTheDatesInForce) {
  Assignment assignment = AprilTask();
  ASSERT_THAT(assignment.Report({.percent = 30, .note = "x"}, StartOf(CivilDay(2023, 4, 2))),
              IsOk());
  assignment.Cancel();
  EXPECT_FALSE(assignment.IsOpen());
  EXPECT_FALSE(assignment.Reschedule(CivilDay(2023, 5, 31)));
  assignment.Reopen(CivilDay(2023, 4, 1), CivilDay(2023, 5, 31));
  EXPECT_TRUE(assignment.IsOpen());
  EXPECT_EQ(assignment.state().due, CivilDay(2023, 5, 31));
  EXPECT_EQ(assignment.state().percent, 30);
}

}  // namespace
}  // namespace dondoc::registry
