// The house rules, held against the house; and each rule held against a breach of it, because a
// rule that finds nothing may be blind.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/tidy/rules.h"
#include "tests/tidy/source_tree.h"

namespace dondoc::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::vector<SourceFile>& Tree() {
  static const std::vector<SourceFile> kTree = ReadTree(REPO_ROOT);
  return kTree;
}

TEST(House, DomainsArePure) { EXPECT_THAT(DomainsArePure(Tree()), IsEmpty()); }
TEST(House, ArrowsPointInward) { EXPECT_THAT(ArrowsPointInward(Tree()), IsEmpty()); }
TEST(House, EveryFileIsUsed) { EXPECT_THAT(EveryFileIsUsed(Tree()), IsEmpty()); }
TEST(House, NothingIsTooLong) { EXPECT_THAT(NothingIsTooLong(Tree()), IsEmpty()); }
TEST(House, NothingBannedIsUsed) { EXPECT_THAT(NothingBannedIsUsed(Tree()), IsEmpty()); }

SourceFile File(const std::string& path, std::vector<std::string> lines) {
  return {.path = path, .lines = std::move(lines)};
}

TEST(DomainsArePure, FindsAForbiddenInclude) {
  EXPECT_THAT(DomainsArePure({File("services/kpi/domain/a.cc", {"", "#include <soci/soci.h>"})}),
              ElementsAre(HasSubstr("services/kpi/domain/a.cc:2:")));
  EXPECT_THAT(DomainsArePure({File("services/kpi/store/a.cc", {"#include <soci/soci.h>"})}),
              IsEmpty());
}

TEST(ArrowsPointInward, FindsAServiceThatIncludesAnother) {
  const std::string other = "#include \"services/registry/domain/task.h\"";
  EXPECT_THAT(ArrowsPointInward({File("services/kpi/rpc/a.cc", {other})}),
              ElementsAre(HasSubstr("proto/")));
  EXPECT_THAT(ArrowsPointInward({File("libs/base/a.cc", {other})}),
              ElementsAre(HasSubstr("knows no service")));
}

TEST(EveryFileIsUsed, FindsASourceThatNoTargetNames) {
  EXPECT_THAT(EveryFileIsUsed({File("libs/a/b.cc", {}), File("libs/a/CMakeLists.txt", {"c.cc"})}),
              ElementsAre(HasSubstr("libs/a/b.cc:1:")));
}

TEST(NothingIsTooLong, CountsLettersAndNotBytes) {
  EXPECT_EQ(ColumnsOf("đôn đốc"), 7u);
  EXPECT_THAT(NothingIsTooLong({File("a.cc", {std::string(101, 'x')})}),
              ElementsAre(HasSubstr("a.cc:1:")));
}

TEST(NothingIsTooLong, FindsALongFunction) {
  std::vector<std::string> lines = {"int F(int x) {"};
  lines.resize(80, "  x++;");
  lines.push_back("}");
  EXPECT_THAT(NothingIsTooLong({File("a.cc", lines)}), ElementsAre(HasSubstr("two things")));
}

TEST(NothingBannedIsUsed, FindsAWordThatMeansUnfinished) {
  EXPECT_THAT(NothingBannedIsUsed({File("a.cc", {std::string("// TO") + "DO"})}),
              ElementsAre(HasSubstr("finish it")));
}

}  // namespace
}  // namespace dondoc::tidy
