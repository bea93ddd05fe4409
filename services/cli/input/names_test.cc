#include "services/cli/input/names.h"

#include <gmock/gmock.h>

#include <ostream>

#include "libs/base/status_matchers.h"

namespace dondoc::cli {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::testing::HasSubstr;

using ReadName = absl::StatusOr<std::string> (*)(const Argument&);

struct NameCase {
  ReadName read;
  const char* text;
  const char* plan;
  // The resource name; nullptr when it is refused.
  const char* expected;
};

void PrintTo(const NameCase& c, std::ostream* out) { *out << c.text << " --plan " << c.plan; }

class NameTable : public ::testing::TestWithParam<NameCase> {};

TEST_P(NameTable, IsReadOrRefusedWithTheRightForm) {
  const NameCase& c = GetParam();
  const auto name = c.read({.field = "TASK", .text = c.text, .plan = c.plan});
  if (c.expected != nullptr) {
    ASSERT_THAT(name, IsOk());
    EXPECT_EQ(*name, c.expected);
  } else {
    ASSERT_THAT(name, Refuses("NAME_NOT_UNDERSTOOD"));
    EXPECT_THAT(std::string(name.status().message()), HasSubstr("TASK"));
    EXPECT_THAT(std::string(name.status().message()), HasSubstr("viết như"));
  }
}

constexpr char kAssignment[] = "plans/cchc-2023/tasks/1/phases/2/assignments/van-phong";

INSTANTIATE_TEST_SUITE_P(
    Names, NameTable,
    ::testing::Values(
        NameCase{PlanName, "cchc-2023", "", "plans/cchc-2023"},
        NameCase{PlanName, "plans/cchc-2023", "", "plans/cchc-2023"},
        NameCase{PlanName, "", "", nullptr}, NameCase{PlanName, "CCHC-2023", "", nullptr},
        NameCase{PlanName, "cchc 2023", "", nullptr},
        NameCase{PlanName, "cchc-2023/29", "", nullptr}, NameCase{PlanName, "plans/", "", nullptr},
        NameCase{TaskName, "cchc-2023/29", "", "plans/cchc-2023/tasks/29"},
        NameCase{TaskName, "29", "cchc-2023", "plans/cchc-2023/tasks/29"},
        NameCase{TaskName, "29", "plans/cchc-2023", "plans/cchc-2023/tasks/29"},
        NameCase{TaskName, "kh-2024/29", "cchc-2023", "plans/kh-2024/tasks/29"},
        NameCase{TaskName, "plans/cchc-2023/tasks/29", "", "plans/cchc-2023/tasks/29"},
        NameCase{TaskName, "29", "", nullptr}, NameCase{TaskName, "cchc-2023/0", "", nullptr},
        NameCase{TaskName, "cchc-2023/029", "", nullptr},
        NameCase{TaskName, "cchc-2023/-1", "", nullptr},
        NameCase{TaskName, "cchc-2023/x", "", nullptr},
        NameCase{TaskName, "cchc-2023/", "", nullptr},
        NameCase{TaskName, "plans/cchc-2023/phases/29", "", nullptr},
        NameCase{TaskName, "cchc-2023/1/2", "", nullptr},
        NameCase{PhaseName, "cchc-2023/1/2", "", "plans/cchc-2023/tasks/1/phases/2"},
        NameCase{PhaseName, "1/2", "cchc-2023", "plans/cchc-2023/tasks/1/phases/2"},
        NameCase{PhaseName, "1", "cchc-2023", nullptr},
        NameCase{AssignmentName, "cchc-2023/1/2@van-phong", "", kAssignment},
        NameCase{AssignmentName, "1/2@van-phong", "cchc-2023", kAssignment},
        NameCase{AssignmentName, kAssignment, "", kAssignment},
        NameCase{AssignmentName, "cchc-2023/1/2/van-phong", "", nullptr},
        NameCase{AssignmentName, "cchc-2023/1@van-phong", "", nullptr},
        NameCase{AssignmentName, "cchc-2023/1/2@", "", nullptr},
        NameCase{AssignmentName, "cchc-2023/1/2@Văn phòng", "", nullptr},
        NameCase{ReportName, "cchc-2023/2023-Q1", "", "plans/cchc-2023/reports/2023-Q1"},
        NameCase{ReportName, "2023-Q1", "cchc-2023", "plans/cchc-2023/reports/2023-Q1"},
        NameCase{UnitName, "van-phong", "", "units/van-phong"},
        NameCase{UnitName, "units/van-phong", "", "units/van-phong"},
        NameCase{UnitName, "Văn phòng", "", nullptr},
        NameCase{IndicatorName, "hai-long-tthc", "", "indicators/hai-long-tthc"},
        NameCase{TargetName, "hai-long/I.2.d", "", "indicators/hai-long/targets/I.2.d"},
        NameCase{TargetName, "I.2.d", "cchc-2023", nullptr},
        NameCase{ProgrammeName, "2023", "", "programmes/2023"},
        NameCase{ProgrammeName, "nam-2023", "", nullptr},
        NameCase{InspectionName, "2023/1", "", "programmes/2023/inspections/1"},
        NameCase{InspectionName, "1", "cchc-2023", nullptr},
        NameCase{NoticeName, "018a-7f", "", "notices/018a-7f"},
        NameCase{NoticeName, "notices/018a-7f", "", "notices/018a-7f"},
        NameCase{DeliveryName, "deliveries/018a", "", "deliveries/018a"}));

TEST(UnitNameOrNone, LeavesOutWhatWasLeftOut) {
  EXPECT_EQ(UnitNameOrNone({.field = "--unit", .text = ""}).value(), "");
  EXPECT_THAT(UnitNameOrNone({.field = "--unit", .text = "?"}), Refuses("NAME_NOT_UNDERSTOOD"));
}

}  // namespace
}  // namespace dondoc::cli
