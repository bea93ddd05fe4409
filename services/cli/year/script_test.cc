#include "services/cli/year/script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"

namespace dondoc::cli::year {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::testing::ElementsAre;

constexpr char kHead[] =
    "# a year\n"
    "plan cchc-2023\n"
    "office van-phong \"Văn phòng Sở\" director \"Ban Giám đốc\"\n"
    "habit * punctual 100\n";

TEST(ReadScript, ReadsEveryKindOfLine) {
  const auto script = ReadScript(
      absl::StrCat(kHead, "seed 7\ngroup \"Các đơn vị\" DIVISION INSPECTORATE\n",
                   "habit thanh-tra early 20 late 30 silent 50  # slow\n",
                   "measure I.2.d van-phong every 3 hits 855 of 1000 spread 5\n",
                   "at 2023-04-10 move-deadline 19/1 2023-05-15 \"45/QĐ\" \"Chờ hướng dẫn\"\n"));
  ASSERT_THAT(script, IsOk());
  EXPECT_EQ(script->seed, 7);
  EXPECT_EQ(script->office_actor, "Văn phòng Sở");
  ASSERT_EQ(script->groups.size(), 1u);
  EXPECT_THAT(script->groups[0].kinds, ElementsAre("DIVISION", "INSPECTORATE"));
  EXPECT_EQ(script->habits.at("thanh-tra").at(Habit::kSilent), 50);
  ASSERT_EQ(script->measures.size(), 1u);
  EXPECT_EQ(script->measures[0].hits, 855);
  ASSERT_EQ(script->events.size(), 1u);
  EXPECT_EQ(script->events[0].verb, "move-deadline");
  EXPECT_THAT(script->events[0].words, ElementsAre("19/1", "2023-05-15", "45/QĐ", "Chờ hướng dẫn"));
}

TEST(ReadScript, NamesTheLineItDoesNotUnderstand) {
  const char* const kBad[] = {
      "habit x early 50",                            // shares that make no hundred
      "habit x sleepy 100",                          // no such habit
      "measure I.1 u every 0 hits 1 of 1 spread 0",  // no such rhythm
      "at 2023-02-31 kill kpi",                      // no such day
      "group \"Các đơn vị",                          // an open quote
      "dance",                                       // no such line
  };
  for (const char* line : kBad) {
    const auto script = ReadScript(absl::StrCat(kHead, line));
    EXPECT_THAT(script, Refuses("SCRIPT_LINE_INVALID")) << line;
    EXPECT_EQ(DetailsOf(script.status())["line"], "5") << line;
  }
}

TEST(ReadScript, NeedsAPlanAnOfficeAndAHabitForEverybody) {
  EXPECT_THAT(ReadScript("habit * punctual 100\n"), Refuses("SCRIPT_LINE_INVALID"));
  EXPECT_THAT(ReadScript("plan p\nhabit * punctual 100\n"), Refuses("SCRIPT_LINE_INVALID"));
  EXPECT_THAT(ReadScript("plan p\noffice a b director c\n"), Refuses("SCRIPT_LINE_INVALID"));
}

}  // namespace
}  // namespace dondoc::cli::year
