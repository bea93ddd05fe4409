#include "libs/rpc/testing/bad_messages.h"

#include <gtest/gtest.h>

#include "libs/base/status_matchers.h"
#include "libs/rpc/status.h"
#include "services/kpi/testing/kpi_fixture.h"

namespace dondoc::kpi {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;

class BadMessages : public ::testing::Test {
 protected:
  absl::Status Record(const v1::RecordObservationsRequest& batch) {
    grpc::ClientContext context;
    v1::RecordObservationsResponse response;
    const auto writer = kpi_.stub().RecordObservations(&context, &response);
    writer->Write(batch);
    writer->WritesDone();
    return rpc::FromGrpc(writer->Finish());
  }

  KpiFixture kpi_{absl::CivilDay(2023, 7, 15)};
};

TEST_F(BadMessages, AreRefusedWithAReasonByEveryMethod) {
  testing::ExpectBadMessagesRefused(kpi_.port(), v1::KpiService::service_full_name());
}

TEST_F(BadMessages, AreRefusedInAStreamToo) {
  v1::RecordObservationsRequest batch;
  *batch.add_observations() =
      Observed({"share", "", "2023-06-30", "1", "2", std::string("khoá-1")});
  *batch.add_observations() =
      Observed({"share", "", "2023-06-30", "1", "2", std::string("kho\xb8")});
  const absl::Status refused = Record(batch);
  EXPECT_THAT(refused, Refuses("NOT_UTF8"));
  EXPECT_EQ(DetailsOf(refused)["field"], "observations[1].key");
  EXPECT_EQ(DetailsOf(refused)["byte_offset"], "3");
  EXPECT_EQ(DetailsOf(refused)["batch"], "0");

  v1::RecordObservationsRequest unknown;
  *unknown.add_observations() = Observed({"share", "", "2023-06-30", "1", "2", "a"});
  testing::AddUnknownFields(unknown, std::string(10'000, 'x'));
  EXPECT_THAT(Record(unknown), Refuses("UNKNOWN_FIELDS_TOO_LONG"));
}

TEST_F(BadMessages, FieldsNobodyKnowsAreNotKept) {
  kpi_.AddUnit("van-phong");
  v1::DefineIndicatorRequest request;
  *request.mutable_indicator() = Percentage("share");
  testing::AddUnknownFields(request, "nobody-knows-this");
  grpc::ClientContext context;
  v1::DefineIndicatorResponse response;
  ASSERT_TRUE(kpi_.stub().DefineIndicator(&context, request, &response).ok());
  v1::RecordObservationsRequest batch;
  *batch.add_observations() = Observed({"share", "van-phong", "2023-06-30", "1", "2", "a"});
  testing::AddUnknownFields(batch, "nobody-knows-this");
  ASSERT_THAT(Record(batch), IsOk());
  testing::ExpectNotKept(kpi_.database_file(), "nobody-knows-this");
}

}  // namespace
}  // namespace dondoc::kpi
