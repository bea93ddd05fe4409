#include "services/cli/input/csv.h"

#include <gmock/gmock.h>

#include <fstream>
#include <ostream>

#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"
#include "libs/testing/temp_dir.h"

namespace dondoc::cli {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;

const CsvForm& UnitForm() {
  static const CsvForm kForm{.required = {"id", "name"}, .optional = {"aliases"}};
  return kForm;
}

TEST(ReadCsv, FindsValuesByTheNameOfTheirColumn) {
  const auto rows = ReadCsv("name,id\nVăn phòng,van-phong\n", UnitForm());
  ASSERT_THAT(rows, IsOk());
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0]["id"], "van-phong");
  EXPECT_EQ((*rows)[0]["name"], "Văn phòng");
  EXPECT_EQ((*rows)[0]["aliases"], "");
}

TEST(ReadCsv, PassesOverCommentsAndEmptyLinesAndCountsThem) {
  const auto rows = ReadCsv("# minh hoạ\n\nid,name\n# sở\n\nso,Sở\n", UnitForm());
  ASSERT_THAT(rows, IsOk());
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].line(), 6);
}

TEST(ReadCsv, ReadsQuotedFieldsWithCommasQuotesAndNewlines) {
  const auto rows =
      ReadCsv("id,name\r\na , \"Kế hoạch, \"\"Tài chính\"\"\nphòng\" \r\nb,B", UnitForm());
  ASSERT_THAT(rows, IsOk());
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0]["id"], "a");
  EXPECT_EQ((*rows)[0]["name"], "Kế hoạch, \"Tài chính\"\nphòng");
  EXPECT_EQ((*rows)[1].line(), 4);
}

struct BadFile {
  const char* bytes;
  const char* reason;
  // What the details name.
  const char* row;
  const char* field;
};

void PrintTo(const BadFile& file, std::ostream* out) { *out << file.reason; }

class BadFiles : public ::testing::TestWithParam<BadFile> {};

TEST_P(BadFiles, AreRefusedWithTheRowAndTheColumn) {
  const auto rows = ReadCsv(GetParam().bytes, UnitForm());
  ASSERT_THAT(rows, Refuses(GetParam().reason));
  EXPECT_EQ(DetailsOf(rows.status())["row"], GetParam().row);
  EXPECT_EQ(DetailsOf(rows.status())["field"], GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(
    Csv, BadFiles,
    ::testing::Values(BadFile{"", "CSV_EMPTY", "", ""},                              //
                      BadFile{"# chỉ có ghi chú\n", "CSV_EMPTY", "", ""},            //
                      BadFile{"id\nso\n", "CSV_COLUMN_MISSING", "", "name"},         //
                      BadFile{"id,name,ten\n", "CSV_COLUMN_UNKNOWN", "", "ten"},     //
                      BadFile{"id,name\nso\n", "CSV_FIELD_COUNT", "2", ""},          //
                      BadFile{"id,name\nso,Sở,thừa\n", "CSV_FIELD_COUNT", "2", ""},  //
                      BadFile{"id,name\nso,\n", "CSV_VALUE_MISSING", "2", "name"},   //
                      BadFile{"id,name\n\nso,\"Sở\n", "CSV_QUOTE", "3", ""},         //
                      BadFile{"id,name\nso,\"Sở\" thừa\n", "CSV_QUOTE", "2", ""},    //
                      BadFile{"id,name\nso,S\xff\n", "NOT_UTF8", "", ""}));

TEST(RowInvalid, NamesTheRowAndTheColumnAndKeepsTheCause) {
  const absl::Status why = Refuse(absl::StatusCode::kInvalidArgument, "DATE_NOT_UNDERSTOOD",
                                  {.vi = "Không hiểu ngày.", .en = "no date"}, {{"value", "x"}});
  const absl::Status refusal = RowInvalid(7, "date", why);
  EXPECT_THAT(refusal, Refuses("CSV_ROW_INVALID"));
  Details details = DetailsOf(refusal);
  EXPECT_EQ(details["row"], "7");
  EXPECT_EQ(details["field"], "date");
  EXPECT_EQ(details["value"], "x");
  EXPECT_EQ(details["cause"], "DATE_NOT_UNDERSTOOD");
}

TEST(ReadFile, RefusesWhatIsNotThereAFolderAndTooMuch) {
  const dondoc::testing::TempDir folder;
  const std::string path = folder.File("units.csv");
  std::ofstream(path) << "12345";
  EXPECT_EQ(ReadFile(path, 5).value(), "12345");
  EXPECT_THAT(ReadFile(path, 4), Refuses("FILE_TOO_LARGE"));
  EXPECT_THAT(ReadFile(path + ".none", 5), Refuses("FILE_UNREADABLE"));
  EXPECT_THAT(ReadFile(folder.path(), 5), Refuses("FILE_UNREADABLE"));
}

}  // namespace
}  // namespace dondoc::cli
