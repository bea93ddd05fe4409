#include "libs/store/one_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "libs/store/test_database.h"

namespace dondoc::store {
namespace {

using ::dondoc::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OneOfTest : public ::testing::Test {
 protected:
  OneOfTest() {
    EXPECT_THAT(database_->WriteAndWait([](Transaction& transaction) {
      for (const char* name : {"units/a", "units/ab", "units/ba", "units/\"\\"}) {
        transaction.sql().Run("insert into t (name) values (:name)", std::string(name));
      }
      return absl::OkStatus();
    }),
                IsOk());
  }

  std::vector<std::string> Found(const std::string& column, const std::string& list) {
    std::vector<std::string> names;
    EXPECT_THAT(database_->Read([&](Snapshot& snapshot) {
      const std::string condition = OneOf(snapshot.sql(), column, ":list");
      for (const auto& [name] : snapshot.sql().All<std::string>(
               absl::StrCat("select name from t where ", condition, " order by name").c_str(),
               list)) {
        names.push_back(name);
      }
      return absl::OkStatus();
    }),
                IsOk());
    return names;
  }

  const FixedClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  testing::TestDatabase database_{
      {{"test", 1, "create table t (name text not null primary key) strict"}}, clock_};
};

TEST_F(OneOfTest, MatchesWholeTextsAlone) {
  EXPECT_THAT(Found("name", ListOf({"units/a", "units/b", "units/ba", "units/nobody"})),
              ElementsAre("units/a", "units/ba"));
  EXPECT_THAT(Found("name", ListOf({"units/%"})), IsEmpty());
}

TEST_F(OneOfTest, MatchesNothingByAnEmptyList) {
  EXPECT_THAT(Found("name", ListOf({})), IsEmpty());
}

TEST_F(OneOfTest, TakesWhateverATextHolds) {
  EXPECT_THAT(Found("name", ListOf({"units/\"\\", "x\ny"})), ElementsAre("units/\"\\"));
}

TEST_F(OneOfTest, TakesThousands) {
  std::set<std::string> many = {"units/ab"};
  for (int i = 0; i < 5'000; ++i) many.insert(absl::StrCat("units/nobody-", i));
  EXPECT_THAT(Found("name", ListOf(many)), ElementsAre("units/ab"));
}

TEST_F(OneOfTest, LeavesAPrefixOut) {
  EXPECT_EQ(ListOfWithout("units/", {"units/a", "units/b", "plans/c"}), R"(["a","b"])");
  EXPECT_THAT(Found("substr(name, 7)", ListOfWithout("units/", {"units/a", "ab"})),
              ElementsAre("units/a"));
}

}  // namespace
}  // namespace dondoc::store
