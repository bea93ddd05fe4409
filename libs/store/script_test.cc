#include "libs/store/script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dondoc::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SplitScript, CutsAtSemicolonsAndDropsComments) {
  EXPECT_THAT(SplitScript("-- a; b\ncreate table t (x text); -- c\ninsert into t values (1);\n"),
              ElementsAre("create table t (x text)", "insert into t values (1)"));
}

TEST(SplitScript, LeavesSemicolonsInQuotesAlone) {
  EXPECT_THAT(SplitScript("insert into t values ('a;b'), (';')"),
              ElementsAre("insert into t values ('a;b'), (';')"));
}

TEST(SplitScript, KeepsATriggerInOnePiece) {
  EXPECT_THAT(
      SplitScript("create trigger g before delete on t begin select 1; select 2; end; "
                  "select 3"),
      ElementsAre("create trigger g before delete on t begin select 1; select 2; end", "select 3"));
}

TEST(SplitScript, FindsNothingInCommentsAlone) {
  EXPECT_THAT(SplitScript(" -- nothing\n;;\n"), IsEmpty());
}

}  // namespace
}  // namespace dondoc::store
