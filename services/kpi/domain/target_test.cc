#include "services/kpi/domain/target.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "libs/base/status_matchers.h"

namespace dondoc::kpi {
namespace {

using testing::IsOk;
using testing::Refuses;

Target AtLeast(const char* value) {
  Target target;
  target.indicator = "a";
  target.id = "t";
  target.comparator = Comparator::kAtLeast;
  target.value = Decimal::Parse(value).value();
  target.effective_from = absl::CivilDay(2023, 1, 1);
  target.due_date = absl::CivilDay(2023, 12, 31);
  return target;
}

TEST(CheckTarget, RefusesWhatContradictsItself) {
  struct Row {
    const char* reason;
    void (*spoil)(Target&);
  };
  const std::vector<Row> rows = {
      {"", [](Target&) {}},
      {"", [](Target& t) { t.value.reset(); }},
      {"", [](Target& t) { t.value.reset(), t.comparator.reset(), t.qualitative = true; }},
      {"", [](Target& t) { t.due_date = t.effective_from; }},
      {"COMPARATOR_MISSING", [](Target& t) { t.comparator.reset(); }},
      {"QUALITATIVE_WITH_VALUE", [](Target& t) { t.qualitative = true; }},
      {"FIGURE_NEGATIVE", [](Target& t) { t.value = Decimal::OfWhole(-1); }},
      {"TARGET_DATES_REVERSED", [](Target& t) { t.due_date = t.effective_from - 1; }},
      {"TEXT_TOO_LONG", [](Target& t) { t.clause = std::string(256, 'x'); }},
  };
  for (const Row& row : rows) {
    Target target = AtLeast("86");
    row.spoil(target);
    EXPECT_EQ(ReasonOf(CheckTarget(target).status()), row.reason);
  }
}

TEST(MarkConflicts, FindsOtherFiguresForCommonDays) {
  const auto conflict = [](Target a, Target b) {
    std::vector<Target> targets = {std::move(a), std::move(b)};
    MarkConflicts(targets);
    EXPECT_EQ(targets[0].conflicting, targets[1].conflicting);
    return targets[0].conflicting;
  };
  EXPECT_TRUE(conflict(AtLeast("86"), AtLeast("85")));
  EXPECT_FALSE(conflict(AtLeast("86"), AtLeast("86.0")));
  Target strict = AtLeast("86");
  strict.comparator = Comparator::kGreater;
  EXPECT_TRUE(conflict(AtLeast("86"), strict));
  Target next_year = AtLeast("90");
  next_year.effective_from = absl::CivilDay(2024, 1, 1);
  next_year.due_date = absl::CivilDay(2024, 12, 31);
  EXPECT_FALSE(conflict(AtLeast("86"), next_year));
  Target open = AtLeast("90");
  open.value.reset();
  EXPECT_FALSE(conflict(AtLeast("86"), open));
}

TEST(ClauseOrder, IsThatOfAReader) {
  const std::vector<std::string> read = {"I.1",
                                         "I.2.a",
                                         "I.2.a-1",
                                         "I.2.a-2",
                                         "I.2.b",
                                         "I.2.c",
                                         "I.2.d",
                                         "I.2.đ",
                                         "I.2.e",
                                         "I.3.a",
                                         "I.10.a",
                                         "II.1",
                                         "IV.1",
                                         "IX.1",
                                         "Phụ lục, nhiệm vụ 9",
                                         "Phụ lục, nhiệm vụ 14",
                                         "Phụ lục, nhiệm vụ 100",
                                         ""};
  std::vector<std::string> sorted = read;
  std::reverse(sorted.begin(), sorted.end());
  std::sort(sorted.begin(), sorted.end(), [](const std::string& a, const std::string& b) {
    return ClauseOrder(a) < ClauseOrder(b);
  });
  EXPECT_EQ(sorted, read);
}

}  // namespace
}  // namespace dondoc::kpi
