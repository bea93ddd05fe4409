#include "services/kpi/domain/obligation.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace dondoc::kpi {
namespace {

TEST(CountObligation, CountsWhatIsDoneOrDue) {
  using enum ObligationState;
  const absl::CivilDay due(2023, 4, 30);
  struct Row {
    const char* what;
    ObligationState state;
    absl::CivilDay handed_in;
    bool on_time;
    absl::CivilDay today;
    std::optional<OnTimeFigure> figure;
  };
  const std::vector<Row> rows = {
      {"open before the due day", kOpen, {}, false, due - 1, std::nullopt},
      {"open on the due day", kOpen, {}, false, due, std::nullopt},
      {"open on the day after", kOpen, {}, false, due + 1, OnTimeFigure{due, false}},
      {"done early", kDone, due - 10, true, due - 5, OnTimeFigure{due - 10, true}},
      {"done on the day", kDone, due, true, due + 9, OnTimeFigure{due, true}},
      {"done late", kDone, due + 3, false, due + 9, OnTimeFigure{due, false}},
      {"handed in in time, no answer yet", kSubmitted, due, false, due + 9, std::nullopt},
      {"handed in late, no answer yet", kSubmitted, due + 1, false, due + 9,
       OnTimeFigure{due, false}},
      {"cancelled", kReleased, {}, false, due + 9, std::nullopt},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(CountObligation({.state = row.state,
                               .due_date = due,
                               .handed_in = row.handed_in,
                               .on_time = row.on_time},
                              row.today),
              row.figure)
        << row.what;
  }
}

}  // namespace
}  // namespace dondoc::kpi
