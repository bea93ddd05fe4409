#include "services/cli/render/refusal.h"

#include <gmock/gmock.h>

#include <sstream>

#include "libs/base/refusal.h"

namespace dondoc::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string Printed(const absl::Status& status) {
  std::ostringstream out;
  std::ostringstream err;
  PrintRefusal(Console{.out = out, .err = err}, status);
  EXPECT_EQ(out.str(), "");
  return err.str();
}

TEST(PrintRefusal, SaysTheSentenceTheReasonTheFieldAndWhatHelps) {
  const std::string text = Printed(Refuse(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND",
                                          {.vi = "Không có đơn vị abc.", .en = "no unit abc"},
                                          {{"field", "unit"}, {"value", "abc"}}));
  EXPECT_EQ(text,
            "✗ Không có đơn vị abc. (no unit abc)\n"
            "  lý do (reason)   UNIT_NOT_FOUND\n"
            "  trường (field)   unit\n"
            "  giá trị (value)  abc\n"
            "  gợi ý (try)      dondoc unit list\n");
}

TEST(PrintRefusal, SaysAStatusWithoutAReasonToo) {
  EXPECT_EQ(Printed(absl::InternalError("Lỗi nội bộ.")), "✗ Lỗi nội bộ.\n");
}

TEST(PrintRefusal, ShowsTheProblemsOfADocumentAsATable) {
  const std::string text =
      Printed(Refuse(absl::StatusCode::kInvalidArgument, "DUE_TEXT_NOT_UNDERSTOOD",
                     {.vi = "Không hiểu thời gian ở hàng 3.", .en = "row 3"},
                     {{"row", "3"},
                      {"problem_2", "LEAD_MISSING: Hàng 7 không ghi ai chủ trì."},
                      {"problem_10", "TASK_NUMBER_GAP: Thiếu số 12."},
                      {"problem_count", "14"}}));
  EXPECT_THAT(text, StartsWith("✗ Không hiểu thời gian ở hàng 3."));
  EXPECT_THAT(text, HasSubstr(" 2  LEAD_MISSING     Hàng 7 không ghi ai chủ trì.\n"
                              "10  TASK_NUMBER_GAP  Thiếu số 12.\n"));
  EXPECT_THAT(text, HasSubstr("và 4 lỗi khác"));
  EXPECT_THAT(text, Not(HasSubstr("problem_")));
}

TEST(PrintRefusal, DisarmsWhatAServerSays) {
  EXPECT_THAT(Printed(absl::UnknownError("a\x1b[2Jb")), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace dondoc::cli
