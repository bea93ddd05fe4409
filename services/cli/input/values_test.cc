#include "services/cli/input/values.h"

#include <gmock/gmock.h>

#include "dondoc/registry/v1/plan.pb.h"
#include "libs/base/status_matchers.h"

namespace dondoc::cli {
namespace {

using ::dondoc::testing::Refuses;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

struct DateCase {
  const char* text;
  // Empty when it is refused.
  const char* expected;
};

// Names the case in ctest's list; otherwise its bytes would, which differ in every build.
void PrintTo(const DateCase& c, std::ostream* out) { *out << c.text; }

class DateTable : public ::testing::TestWithParam<DateCase> {};

TEST_P(DateTable, IsReadAsPeopleAndMachinesWriteIt) {
  const auto date = ReadDate({.field = "--due", .text = GetParam().text});
  if (*GetParam().expected == '\0') {
    EXPECT_THAT(date, Refuses("DATE_NOT_UNDERSTOOD"));
    EXPECT_THAT(std::string(date.status().message()), HasSubstr("--due"));
  } else {
    EXPECT_EQ(date.value(), GetParam().expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Dates, DateTable,
                         ::testing::Values(DateCase{"30/06/2023", "2023-06-30"},  //
                                           DateCase{"1/7/2023", "2023-07-01"},    //
                                           DateCase{"2023-06-30", "2023-06-30"},  //
                                           DateCase{"2024-02-29", "2024-02-29"},  //
                                           DateCase{"29/02/2023", ""},            // no leap year
                                           DateCase{"31/04/2023", ""},            //
                                           DateCase{"2023-13-01", ""},            //
                                           DateCase{"06/2023", ""},               //
                                           DateCase{"30/06/23", ""},              //
                                           DateCase{"2023/06/30", ""},            //
                                           DateCase{"hôm nay", ""},               //
                                           DateCase{"30/6/-202", ""},             // no sign
                                           DateCase{"30/ 6/2023", ""},            // no blank
                                           DateCase{"30-06-2023", ""}));

TEST(ReadDate, LeavesOutWhatWasLeftOut) { EXPECT_EQ(ReadDate({"--due", ""}).value(), ""); }

TEST(ReadFields, FindsFieldsByPlaceAndByKey) {
  const Fields fields =
      ReadFields(" 15/KH-SKHCN ; 20/03/2023; link=https://so.example/a?b=c ; serious");
  EXPECT_THAT(fields.positional, ElementsAre("15/KH-SKHCN", "20/03/2023", "serious"));
  EXPECT_THAT(fields.named, ElementsAre(Pair("link", "https://so.example/a?b=c")));
}

TEST(ReadFields, TakesAnEqualsSignInATextForWhatItIs) {
  EXPECT_THAT(ReadFields("Tỷ lệ = 45%").positional, ElementsAre("Tỷ lệ = 45%"));
}

class Parsed : public ::testing::Test {
 protected:
  void Parse(std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());
    app_.parse(arguments);
  }
  CLI::App app_;
};

TEST_F(Parsed, ChoicesAreTheWordsOfTheProto) {
  EXPECT_THAT(ChoicesOf(*google::protobuf::GetEnumDescriptor<registry::v1::TargetKind>()),
              UnorderedElementsAre(Pair("numeric", 1), Pair("by-reference", 2),
                                   Pair("qualitative", 3), Pair("not-set", 4)));
}

TEST_F(Parsed, AChoiceIsReadOrRefusedWithAllWords) {
  int taken = 0;
  AddWord(app_, "--kind", "loại",
          {.words = {{"division", 3}, {"office", 2}}, .take = [&](int word) { taken = word; }});
  Parse({"--kind", "division"});
  EXPECT_EQ(taken, 3);
  try {
    Parse({"--kind", "phong"});
    FAIL() << "an unknown word was taken";
  } catch (const CLI::ValidationError& error) {
    EXPECT_THAT(error.what(), HasSubstr("--kind"));
    EXPECT_THAT(error.what(), HasSubstr("division|office"));
  }
}

TEST_F(Parsed, ARepeatedOptionTakesOneValueEachTime) {
  std::vector<std::string> units;
  std::string task;
  AddRepeated(app_, "--unit", units, "đơn vị");
  app_.add_option("task", task, "nhiệm vụ");
  Parse({"--unit", "thanh-tra", "cchc-2023/8", "--unit", "van-phong"});
  EXPECT_THAT(units, ElementsAre("thanh-tra", "van-phong"));
  EXPECT_EQ(task, "cchc-2023/8");
}

TEST_F(Parsed, ADateOptionHoldsTheDateAsTheApisWriteIt) {
  std::string date;
  AddDate(app_, "--to", date, "ngày");
  Parse({"--to", "1/7/2023"});
  EXPECT_EQ(date, "2023-07-01");
  EXPECT_THROW(Parse({"--to", "31/06/2023"}), CLI::ValidationError);
}

}  // namespace
}  // namespace dondoc::cli
