#include "libs/rpc/status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dondoc/common/v1/error.pb.h"
#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"

namespace dondoc::rpc {
namespace {

using ::dondoc::testing::Refuses;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

absl::Status UnitUnknown() {
  return Refuse(absl::StatusCode::kNotFound, "UNIT_UNKNOWN",
                {.vi = "Không có đơn vị này.", .en = "no such unit"}, {{"field", "unit"}});
}

TEST(ToGrpc, CarriesReasonAndDetailsAsGoogleErrorInfo) {
  const grpc::Status status = ToGrpc(UnitUnknown());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(status.error_message(), "Không có đơn vị này. (no such unit)");
  common::v1::RefusalStatus refusal;
  ASSERT_TRUE(refusal.ParseFromString(status.error_details()));
  EXPECT_EQ(refusal.code(), grpc::StatusCode::NOT_FOUND);
  ASSERT_EQ(refusal.details_size(), 1);
  EXPECT_EQ(refusal.details(0).type_url(), "type.googleapis.com/google.rpc.ErrorInfo");
  common::v1::ErrorInfo info;
  ASSERT_TRUE(info.ParseFromString(refusal.details(0).value()));
  EXPECT_EQ(info.reason(), "UNIT_UNKNOWN");
  EXPECT_EQ(info.domain(), "dondoc");
  EXPECT_EQ(info.metadata().at("field"), "unit");
}

TEST(ToGrpc, ShortensWhatARefusalQuotesSoThatItFitsTheTrailers) {
  std::string quoted;
  for (int i = 0; i < 10'000; ++i) quoted += "đ";
  const grpc::Status status =
      ToGrpc(Refuse(absl::StatusCode::kInvalidArgument, "NAME_TOO_LONG",
                    {.vi = quoted, .en = quoted}, {{"a", quoted}, {"b", "kept"}}));
  EXPECT_LT(status.error_message().size() + status.error_details().size(), 8'192u);
  const absl::Status read = FromGrpc(status);
  EXPECT_THAT(read, Refuses("NAME_TOO_LONG"));
  EXPECT_EQ(DetailsOf(read).at("b"), "kept");
}

TEST(ToGrpc, TellsNobodyWhatBrokeInside) {
  const grpc::Status status = ToGrpc(absl::InternalError("select secret from /var/lib/x.db"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_THAT(status.error_message(), Not(HasSubstr("select")));
}

TEST(FromGrpc, GivesAClientBackWhatTheServerRefusedWith) {
  const absl::Status status = FromGrpc(ToGrpc(UnitUnknown()));
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(status, Refuses("UNIT_UNKNOWN"));
  EXPECT_EQ(status.message(), UnitUnknown().message());
  EXPECT_THAT(DetailsOf(status), ElementsAre(Pair("field", "unit")));
}

TEST(FromGrpc, KeepsAStatusWithoutDetailsAsItIs) {
  const absl::Status status = FromGrpc({grpc::StatusCode::UNAVAILABLE, "gone"});
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(status), "");
}

}  // namespace
}  // namespace dondoc::rpc
