#include "services/notification/domain/catch_up.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/clock.h"

namespace dondoc::notification {
namespace {

constexpr absl::CivilDay kDue(2023, 3, 31);

// A step of a deadline on 31/03/2023, told at 7:00.
Step StepOf(NoticeKind kind, int days_left) {
  return {
      .kind = kind, .days_left = days_left, .fire_at = StartOf(kDue - days_left) + absl::Hours(7)};
}

// "before 7: told" or "before 7: overtaken".
std::vector<std::string> Lines(const std::vector<Verdict>& verdicts) {
  std::vector<std::string> lines;
  for (const Verdict& verdict : verdicts) {
    const char* kinds[] = {"", "before", "due", "overdue", "check-in"};
    lines.push_back(absl::StrCat(kinds[static_cast<int>(verdict.step.kind)], " ",
                                 verdict.step.days_left, ": ",
                                 verdict.skip_reason.empty() ? "told" : verdict.skip_reason));
  }
  return lines;
}

const Step kBefore7 = StepOf(NoticeKind::kBeforeDue, 7);
const Step kBefore3 = StepOf(NoticeKind::kBeforeDue, 3);
const Step kBefore1 = StepOf(NoticeKind::kBeforeDue, 1);
const Step kOnTheDay = StepOf(NoticeKind::kDue, 0);
const Step kLate1 = StepOf(NoticeKind::kOverdue, -1);
const Step kLate4 = StepOf(NoticeKind::kOverdue, -4);
const Step kNews = StepOf(NoticeKind::kCheckIn, 17);
const Step kOlderNews = StepOf(NoticeKind::kCheckIn, 108);

struct Case {
  const char* claim;
  std::vector<Step> steps;
  Circumstances circumstances;
  std::vector<std::string> expected;
};

TEST(CatchUp, DecidesWhatIsToldAndWhatIsSkipped) {
  const Case cases[] = {
      {"one step is told", {kBefore7}, {}, {"before 7: told"}},
      {"of reminders the most advanced",
       {kBefore7, kBefore3, kBefore1},
       {},
       {"before 7: overtaken", "before 3: overtaken", "before 1: told"}},
      {"three days away over a deadline",
       {kBefore1, kOnTheDay, kLate1},
       {},
       {"before 1: overtaken", "due 0: told", "overdue -1: told"}},
      {"of overdue notices the most advanced",
       {kLate1, kLate4},
       {},
       {"overdue -1: overtaken", "overdue -4: told"}},
      {"a reminder stands beside a check-in",
       {kNews, kBefore7},
       {},
       {"check-in 17: told", "before 7: told"}},
      {"of check-ins the last",
       {kOlderNews, kNews},
       {},
       {"check-in 108: overtaken", "check-in 17: told"}},
      {"no check-in when the day has come",
       {kNews, kOnTheDay},
       {},
       {"check-in 17: overtaken", "due 0: told"}},
      {"an acknowledged reminder is not repeated",
       {kBefore3},
       {.acknowledged = NoticeKind::kBeforeDue},
       {"before 3: acknowledged"}},
      {"the next kind is told again",
       {kOnTheDay},
       {.acknowledged = NoticeKind::kBeforeDue},
       {"due 0: told"}},
      {"an acknowledged overdue notice ends them",
       {kLate4},
       {.acknowledged = NoticeKind::kOverdue},
       {"overdue -4: acknowledged"}},
      {"a check-in is asked again",
       {kNews},
       {.acknowledged = NoticeKind::kOverdue},
       {"check-in 17: told"}},
      {"nobody is told who does not exist",
       {kBefore1, kOnTheDay},
       {.dissolved_on = kDue},
       {"before 1: overtaken", "due 0: dissolved"}},
      {"nothing", {}, {}, {}},
  };
  for (const Case& row : cases) {
    EXPECT_EQ(Lines(Judge(row.steps, row.circumstances)), row.expected) << row.claim;
  }
}

}  // namespace
}  // namespace dondoc::notification
