#include "services/registry/domain/plan/problems.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "libs/base/status_matchers.h"
#include "services/registry/domain/plan/errors.h"

namespace dondoc::registry::plan {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;

TEST(Problems, NoneIsOk) { EXPECT_THAT(Problems().ToStatus(), IsOk()); }

TEST(Problems, TheFirstSpeaksAndTheOthersAreInTheDetails) {
  Problems problems;
  problems.Add(error::LeadMissing({.line = 7, .row = 3}));
  problems.Add(error::DueTextNotUnderstood({.line = 9, .row = 5}, "Quý V"));
  const absl::Status status = problems.ToStatus();
  EXPECT_THAT(status, Refuses("LEAD_MISSING"));
  const Details details = DetailsOf(status);
  EXPECT_EQ(details.at("row"), "3");
  EXPECT_EQ(details.at("line"), "7");
  EXPECT_EQ(details.at("problem_count"), "2");
  EXPECT_TRUE(absl::StartsWith(details.at("problem_2"), "DUE_TEXT_NOT_UNDERSTOOD: "));
  EXPECT_TRUE(absl::StrContains(details.at("problem_2"), "hàng 5"));
}

TEST(Problems, StayShortWhenThereAreMany) {
  Problems problems;
  for (int row = 1; row <= 500; ++row) {
    problems.Add(error::DueTextNotUnderstood({.line = row, .row = row}, std::string(5000, 'x')));
  }
  const Details details = DetailsOf(problems.ToStatus());
  EXPECT_EQ(details.at("problem_count"), "500");
  EXPECT_TRUE(details.contains("problem_12"));
  EXPECT_FALSE(details.contains("problem_13"));
  size_t bytes = 0;
  for (const auto& [key, value] : details) bytes += key.size() + value.size();
  EXPECT_LT(bytes, 8u * 1024);
}

}  // namespace
}  // namespace dondoc::registry::plan
