#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "libs/base/ids.h"
#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"
#include "tests/system/acts.h"
#include "tests/system/city.h"
#include "tests/system/log_check.h"
#include "tests/system/refusal_check.h"

namespace dondoc::testing {
namespace {

using ::testing::SizeIs;

// What somebody may do to the document of the 2023 plan before it is imported.
class BadDocuments : public ::testing::Test {
 protected:
  BadDocuments() { city_.AddUnits(); }

  static std::string With(const std::string& from, const std::string& to) {
    std::string changed = Document();
    const size_t at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? changed : changed.replace(at, from.size(), to);
  }
  static std::string WithoutRow(int number) {
    const std::string document = Document();
    const size_t begin = document.find(absl::StrCat("\n", number, "\t"));
    const size_t end = document.find('\n', begin + 1);
    EXPECT_NE(begin, std::string::npos);
    return document.substr(0, begin) + document.substr(end);
  }
  static std::string Document() {
    return ContentsOf(InRepository("deploy/plans/cchc-2023/ke-hoach.txt"));
  }

  absl::Status Import(const std::string& document, const std::string& plan_id = "hong") {
    registry_pb::ImportPlanRequest request;
    request.set_request_id(NewUuid());
    request.set_plan_id(plan_id);
    request.set_document(document);
    return city_.Call(&Registry::ImportPlan, request).status();
  }

  City city_;
};

TEST_F(BadDocuments, AreRefusedWithRowAndReasonAndLeaveNothing) {
  ASSERT_THAT(city_.Call(&Registry::AddUnit, AddUnit("truoc")), IsOk());
  const absl::StatusCode bad = absl::StatusCode::kInvalidArgument;
  const std::string row20 = "20\tRà soát phương án đơn giản hóa TTHC nội bộ";
  ExpectRefused({
      {"nothing at all", Import(""), bad, "PLAN_NO_HEAD"},
      {"TCVN3", Import("C\xabng ngh\xd6"), bad, "NOT_UTF8"},
      {"TCVN3 taken for Latin-1", Import("Së Khoa häc vµ C«ng nghÖ thµnh phè CÇn Th¬"), bad,
       "SUSPECTED_LEGACY_ENCODING"},
      {"a zero byte", Import(With("Văn phòng", std::string("Văn\0phòng", 11))), bad,
       "CONTROL_CHARACTER"},
      {"no appendix", Import(Document().substr(0, Document().find("Phụ lục\nDANH MỤC"))), bad,
       "PLAN_NO_APPENDIX"},
      {"45 of 46 rows, the last one lost", Import(WithoutRow(46)), bad, "TASK_COUNT_MISMATCH"},
      {"45 of 46 rows, one lost amid", Import(WithoutRow(20)), bad, "TASK_NUMBER_GAP"},
      {"a number twice", Import(With(row20, "19" + row20.substr(2))), bad, "TASK_NUMBER_DUPLICATE"},
      {"a fifth quarter", Import(With("Quý III, IV năm 2023", "Quý V năm 2023")), bad,
       "DUE_TEXT_NOT_UNDERSTOOD"},
      {"a thirteenth month", Import(With("Tháng 7/2023", "Tháng 13/2023")), bad,
       "DUE_TEXT_NOT_UNDERSTOOD"},
      {"31 February", Import(With("Tháng 7/2023.", "Trước ngày 31/02/2023.")), bad,
       "DUE_TEXT_NOT_UNDERSTOOD"},
      {"a lead that nobody knows",
       Import(With("Tờ trình\tChi cục Tiêu chuẩn Đo lường Chất lượng", "Tờ trình\tPhòng Vũ trụ")),
       bad, "UNIT_UNKNOWN"},
      {"a row without a lead",
       Import(With("Biểu mẫu rà soát\tCác phòng, đơn vị có liên quan", "Biểu mẫu rà soát\t")), bad,
       "LEAD_MISSING"},
      {"a row of five cells", Import(With("Biểu mẫu rà soát\t", "Biểu mẫu rà soát ")), bad,
       "TASK_ROW_COLUMNS"},
      {"a figure that is a range", Import(With("Đạt tối thiểu 45%", "Đạt từ 40% đến 45%")), bad,
       "TARGET_NOT_UNDERSTOOD"},
      {"an id with a blank", Import(Document(), "cchc 2023"), bad, "RESOURCE_NAME_INVALID"},
      {"3 MiB", Import(Document() + std::string(3 << 20, ' ')), bad, "PLAN_TOO_LARGE"},
      {"8 MiB", Import(std::string(8 << 20, 'x')), absl::StatusCode::kResourceExhausted, ""},
  });

  ASSERT_THAT(city_.Call(&Registry::AddUnit, AddUnit("sau")), IsOk());
  const auto log = city_.ReadLog(&Registry::WatchChanges, 1,
                                 [](const Change& change) { return change.name() == "units/sau"; });
  ExpectNothingBetween(log, "units/truoc", "units/sau");
  EXPECT_EQ(city_.ListAll(&Registry::ListPlans, registry_pb::ListPlansRequest()).plans_size(), 0);
}

TEST_F(BadDocuments, SayWhereTheyAreBad) {
  const absl::Status quarter = Import(With("Quý III, IV năm 2023", "Quý V năm 2023"));
  EXPECT_EQ(DetailsOf(quarter)["row"], "7") << quarter;
  EXPECT_TRUE(absl::StrContains(quarter.message(), "Quý V năm 2023")) << quarter;
  const absl::Status unknown = Import(With("Tờ trình\tChi cục Tiêu chuẩn", "Tờ trình\tPhòng"));
  EXPECT_EQ(DetailsOf(unknown)["row"], "16") << unknown;
  const absl::Status counted = Import(WithoutRow(46));
  EXPECT_EQ(DetailsOf(counted)["declared"], "46") << counted;
  EXPECT_EQ(DetailsOf(counted)["counted"], "45") << counted;
  // Two mistakes are told at once.
  std::string twice = With("Quý III, IV năm 2023", "Quý V năm 2023");
  twice = absl::StrReplaceAll(twice, {{"Tháng 4/2023", "Tháng 13/2023"}});
  EXPECT_EQ(DetailsOf(Import(twice))["problem_count"], "2");
}

// Letters that were typed in another way, Windows line ends and a byte-order mark are no mistakes.
TEST_F(BadDocuments, AreNotThoseOfAnotherKeyboard) {
  std::string typed =
      absl::StrReplaceAll(Document(), {{"Văn phòng", "Va\xcc\x86n pho\xcc\x80ng"}, {"\n", "\r\n"}});
  ASSERT_NE(typed, Document());
  EXPECT_THAT(Import("\xef\xbb\xbf" + typed, "cchc-2023"), IsOk());
  registry_pb::GetTaskRequest get;
  get.set_name("plans/cchc-2023/tasks/1");
  const auto task = city_.Call(&Registry::GetTask, get);
  ASSERT_THAT(task, IsOk());
  EXPECT_EQ(task->task().lead_text(), "Văn phòng");
  EXPECT_THAT(AllAssignments(city_), SizeIs(20));
}

}  // namespace
}  // namespace dondoc::testing
