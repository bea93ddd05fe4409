#include "libs/base/refusal.h"

#include <gtest/gtest.h>

#include "libs/base/status_macros.h"
#include "libs/base/status_matchers.h"

namespace dondoc {
namespace {

using testing::IsOk;
using testing::Refuses;
using testing::StatusIs;

absl::Status UnitCycle() {
  return Refuse(
      absl::StatusCode::kFailedPrecondition, "UNIT_CYCLE",
      {.vi = "Đơn vị không thể là cấp trên của chính nó", .en = "a unit cannot be above itself"},
      {{"unit", "units/van-phong"}, {"row", "12"}});
}

TEST(ARefusal, SaysItsSentenceInVietnameseFirst) {
  EXPECT_EQ(UnitCycle().message(),
            "Đơn vị không thể là cấp trên của chính nó (a unit cannot be above itself)");
}

TEST(ARefusal, CarriesItsReasonAndDetails) {
  EXPECT_THAT(UnitCycle(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(UnitCycle(), Refuses("UNIT_CYCLE"));
  EXPECT_EQ(DetailsOf(UnitCycle()), (Details{{"row", "12"}, {"unit", "units/van-phong"}}));
}

TEST(ARefusal, MayHaveNoDetailsOrEmptyOnes) {
  const absl::Status bare =
      Refuse(absl::StatusCode::kAborted, "STALE", {.vi = "Cũ", .en = "stale"});
  EXPECT_EQ(ReasonOf(bare), "STALE");
  EXPECT_TRUE(DetailsOf(bare).empty());
  const absl::Status empty =
      Refuse(absl::StatusCode::kAborted, "STALE", {.vi = "Cũ", .en = "stale"}, {{"value", ""}});
  EXPECT_EQ(DetailsOf(empty), (Details{{"value", ""}}));
}

TEST(ReasonOf, IsEmptyForWhatIsNoRefusal) {
  EXPECT_EQ(ReasonOf(absl::OkStatus()), "");
  EXPECT_EQ(ReasonOf(absl::InternalError("disk")), "");
  EXPECT_TRUE(DetailsOf(absl::InternalError("disk")).empty());
}

absl::StatusOr<int> Half(int whole) {
  if (whole % 2 != 0) return UnitCycle();
  return whole / 2;
}

absl::StatusOr<int> Quarter(int whole) {
  ASSIGN_OR_RETURN(const int half, Half(whole));
  ASSIGN_OR_RETURN(const int quarter, Half(half));
  return quarter;
}

absl::Status CanBeHalved(int whole) {
  RETURN_IF_ERROR(Half(whole).status());
  return absl::OkStatus();
}

TEST(TheStatusMacros, PassAValueOnAndARefusalUnchanged) {
  EXPECT_EQ(Quarter(8).value(), 2);
  EXPECT_THAT(Quarter(6), Refuses("UNIT_CYCLE"));
  EXPECT_EQ(DetailsOf(Quarter(6).status()).at("row"), "12");
  EXPECT_THAT(CanBeHalved(6), IsOk());
  EXPECT_THAT(CanBeHalved(5), Refuses("UNIT_CYCLE"));
}

TEST(Refuse, AZeroByteInADetailDoesNotSpillIntoTheNext) {
  const absl::Status status =
      Refuse(absl::StatusCode::kInvalidArgument, "NAME_INVALID", {.vi = "v", .en = "e"},
             {{"a", std::string("x\0y", 3)}, {"b", "z"}});
  EXPECT_EQ(DetailsOf(status), (Details{{"a", "x y"}, {"b", "z"}}));
}

// "Sở", cut between the two bytes of its letter, and TCVN3.
TEST(Refuse, WhatItQuotesCanAlwaysBeRead) {
  const absl::Status status =
      Refuse(absl::StatusCode::kInvalidArgument, "NAME_INVALID",
             {.vi = "tên \"S\xE1\xBB\"", .en = "name \"C\xABng\""}, {{"value", "S\xE1\xBB"}});
  EXPECT_EQ(status.message(), "tên \"S\uFFFD\uFFFD\" (name \"C\uFFFDng\")");
  EXPECT_EQ(DetailsOf(status).at("value"), "S\uFFFD\uFFFD");
}

}  // namespace
}  // namespace dondoc
