#include "services/kpi/domain/indicator.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "services/kpi/domain/names.h"

namespace dondoc::kpi {
namespace {

using testing::IsOk;
using testing::Refuses;

Indicator Wanted() {
  Indicator indicator;
  indicator.id = "ho-so-truc-tuyen";
  indicator.display_name = "  Hồ sơ  trực tuyến ";
  indicator.factor = 100;
  return indicator;
}

TEST(CheckIndicator, CleansTextsAndResetsWhatIsTheServicesOwn) {
  Indicator wanted = Wanted();
  wanted.computed = true;
  wanted.source = "plans/x/targets/y";
  wanted.version = 7;
  const Indicator checked = CheckIndicator(wanted).value();
  EXPECT_EQ(checked.display_name, "Hồ sơ trực tuyến");
  EXPECT_FALSE(checked.computed);
  EXPECT_EQ(checked.source, "");
  EXPECT_EQ(checked.version, 0);
}

TEST(CheckIndicator, RefusesWhatCannotBe) {
  struct Row {
    const char* reason;
    void (*spoil)(Indicator&);
  };
  const std::vector<Row> rows = {
      {"TEXT_BLANK", [](Indicator& i) { i.display_name = " "; }},
      {"TEXT_TOO_LONG", [](Indicator& i) { i.display_name = std::string(501, 'a'); }},
      {"NOT_UTF8", [](Indicator& i) { i.exclusion = "\xff"; }},
      {"FACTOR_INVALID", [](Indicator& i) { i.factor = 0; }},
      {"FACTOR_INVALID", [](Indicator& i) { i.factor = 1'000'001; }},
      {"INDICATOR_ID_RESERVED", [](Indicator& i) { i.id = "inspection-coverage"; }},
      {"INDICATOR_ID_RESERVED", [](Indicator& i) { i.id = "cchc-2023-tasks-on-time"; }},
  };
  for (const Row& row : rows) {
    Indicator wanted = Wanted();
    row.spoil(wanted);
    EXPECT_THAT(CheckIndicator(wanted), Refuses(row.reason));
  }
}

TEST(CheckNesting, RefusesACycleAndWhatDoesNotExist) {
  std::map<std::string, std::string> nesting = {{"a", "b"}, {"b", "c"}, {"c", ""}, {"d", "d"}};
  for (int i = 0; i < 30; ++i) {
    nesting[absl::StrCat("n", i)] = i == 0 ? "" : absl::StrCat("n", i - 1);
  }
  const NestingOf of = [&](const std::string& id) -> std::optional<std::string> {
    const auto found = nesting.find(id);
    if (found == nesting.end()) return std::nullopt;
    return found->second;
  };
  EXPECT_THAT(CheckNesting("x", "", of), IsOk());
  EXPECT_THAT(CheckNesting("x", "a", of), IsOk());
  EXPECT_THAT(CheckNesting("x", "x", of), Refuses("INDICATOR_CYCLE"));
  EXPECT_THAT(CheckNesting("c", "a", of), Refuses("INDICATOR_CYCLE"));
  EXPECT_THAT(CheckNesting("b", "a", of), Refuses("INDICATOR_CYCLE"));
  EXPECT_THAT(CheckNesting("x", "nobody", of), Refuses("INDICATOR_NOT_FOUND"));
  EXPECT_THAT(CheckNesting("x", "n18", of), IsOk());
  EXPECT_THAT(CheckNesting("x", "n25", of), Refuses("INDICATOR_NESTING_TOO_DEEP"));
  EXPECT_THAT(CheckNesting("x", "d", of), Refuses("INDICATOR_NESTING_TOO_DEEP"));
}

TEST(Names, AreReadStrictly) {
  EXPECT_EQ(IndicatorId("indicator", "indicators/cchc-2023-i-2-d").value(), "cchc-2023-i-2-d");
  for (const std::string name : {"", "indicators/", "cchc", "indicators/A", "indicators/a/b",
                                 "indicators/..", "units/a", "indicators/đ", "indicators/a%2Fb"}) {
    EXPECT_THAT(IndicatorId("indicator", name), Refuses("NAME_INVALID")) << name;
  }
  EXPECT_THAT(IndicatorId("f", "indicators/" + std::string(64, 'a')), Refuses("NAME_INVALID"));
  const TargetName target = ParseTargetName("target.name", "indicators/a/targets/t14").value();
  EXPECT_EQ(target.indicator, "a");
  EXPECT_EQ(target.target, "t14");
  for (const std::string name : {"", "indicators/a", "indicators/a/targets/", "targets/t14",
                                 "indicators//targets/t", "indicators/a/targets/b/c"}) {
    EXPECT_THAT(ParseTargetName("target.name", name), Refuses("NAME_INVALID")) << name;
  }
}

TEST(DerivedId, FitsAndStaysTheSame) {
  EXPECT_EQ(SlugOf("I.2.dd"), "i-2-dd");
  EXPECT_EQ(DerivedId("cchc-2023", SlugOf("I.2.a-1")), "cchc-2023-i-2-a-1");
  const std::string plan(63, 'p');
  EXPECT_TRUE(IsId(DerivedId(plan, "t14")));
  EXPECT_EQ(DerivedId(plan, "t14"), DerivedId(plan, "t14"));
  EXPECT_NE(DerivedId(plan, "t14"), DerivedId(plan, "t15"));
}

}  // namespace
}  // namespace dondoc::kpi
