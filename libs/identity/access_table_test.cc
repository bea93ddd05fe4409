#include "libs/identity/access_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"

namespace dondoc::identity {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::testing::ElementsAre;

constexpr char kHeader[] = "method,roles,scope,per_minute,audited,four_eyes,request_bytes_max\n";

TEST(AccessTable, ReadsRowsAndPassesOverRemarks) {
  const auto table = AccessTable::Parse(
      absl::StrCat("# who\n\n", kHeader, "# a\na.v1.S/M,office unit_head,unit,60,yes,yes,4096\n"));
  ASSERT_THAT(table, IsOk());
  const MethodRule* rule = table->Find("a.v1.S/M");
  ASSERT_NE(rule, nullptr);
  EXPECT_THAT(rule->roles, ElementsAre(Role::kOffice, Role::kUnitHead));
  EXPECT_EQ(rule->scope, Scope::kUnit);
  EXPECT_EQ(rule->per_minute, 60);
  EXPECT_TRUE(rule->audited);
  EXPECT_TRUE(rule->four_eyes);
  EXPECT_EQ(rule->request_bytes_max, 4096);
  EXPECT_FALSE(rule->anyone);
  EXPECT_EQ(table->Find("a.v1.S/N"), nullptr);
}

TEST(AccessTable, RefusesWhatItDoesNotUnderstandAndSaysWhere) {
  const struct {
    std::string row;
    std::string column;
  } rows[] = {
      {"a.S/M,office,whole,60,yes,no", "columns"},
      {"a.S/M,office,whole,60,yes,no,4096,", "columns"},
      {"a.S,office,whole,60,yes,no,4096", "method"},
      {"a.S/M/N,office,whole,60,yes,no,4096", "method"},
      {" a.S/M,office,whole,60,yes,no,4096", "method"},
      {"a.S/M,boss,whole,60,yes,no,4096", "roles"},
      {"a.S/M,,whole,60,yes,no,4096", "roles"},
      {"a.S/M,office office,whole,60,yes,no,4096", "roles"},
      {"a.S/M,office anyone,whole,60,yes,no,4096", "roles"},
      {"a.S/M,office,all,60,yes,no,4096", "scope"},
      {"a.S/M,anyone,whole,60,yes,no,4096", "scope"},
      {"a.S/M,office,whole,0,yes,no,4096", "per_minute"},
      {"a.S/M,office,whole,060,yes,no,4096", "per_minute"},
      {"a.S/M,office,whole,60001,yes,no,4096", "per_minute"},
      {"a.S/M,office,whole,60,Yes,no,4096", "audited"},
      {"a.S/M,office,whole,60,no,yes,4096", "audited"},
      {"a.S/M,office,whole,60,yes,,4096", "four_eyes"},
      {"a.S/M,office,whole,60,yes,no,255", "request_bytes_max"},
      {"a.S/M,office,whole,60,yes,no,4194305", "request_bytes_max"},
      {"a.S/M,office,whole,60,yes,no,4096\r", "request_bytes_max"},
  };
  for (const auto& row : rows) {
    const auto table = AccessTable::Parse(absl::StrCat(kHeader, row.row, "\n"));
    EXPECT_THAT(table, Refuses("ACCESS_TABLE_INVALID")) << row.row;
    EXPECT_EQ(DetailsOf(table.status())["column"], row.column) << row.row;
    EXPECT_EQ(DetailsOf(table.status())["line"], "2") << row.row;
  }
  const std::string good = "a.S/M,office,whole,60,yes,no,4096\n";
  EXPECT_THAT(AccessTable::Parse(absl::StrCat(kHeader, good, good)),
              Refuses("ACCESS_TABLE_INVALID"));
  EXPECT_THAT(AccessTable::Parse(good), Refuses("ACCESS_TABLE_INVALID"));
  EXPECT_THAT(AccessTable::Parse(kHeader), Refuses("ACCESS_TABLE_INVALID"));
  EXPECT_THAT(AccessTable::Parse(""), Refuses("ACCESS_TABLE_INVALID"));
}

}  // namespace
}  // namespace dondoc::identity
