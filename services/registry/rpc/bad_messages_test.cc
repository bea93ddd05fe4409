#include "libs/rpc/testing/bad_messages.h"

#include <gtest/gtest.h>

#include "libs/base/ids.h"
#include "libs/base/status_matchers.h"
#include "services/registry/rpc/testing/plan_test_base.h"

namespace dondoc::registry {
namespace {

using ::dondoc::testing::IsOk;

class BadMessages : public testing::PlanTestBase {
 protected:
  // Sends a request with fields of no version of the contract.
  template <typename Request, typename Response>
  absl::StatusOr<Response> CallWithMore(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                     const Request&, Response*),
                                        const std::string& text) {
    auto request = testing::Parse<Request>(text);
    request.set_request_id(NewUuid());
    dondoc::testing::AddUnknownFields(request, "nobody-knows-this");
    return Call(method, request);
  }
};

TEST_F(BadMessages, AreRefusedWithAReasonByEveryMethod) {
  dondoc::testing::ExpectBadMessagesRefused(server_->port(),
                                            pb::RegistryService::service_full_name());
}

TEST_F(BadMessages, FieldsNobodyKnowsAreNotKept) {
  ASSERT_THAT(CallWithMore(&Stub::AddUnit,
                           "unit { name: 'units/them' display_name: 'Phòng thêm' "
                           "kind: UNIT_KIND_DIVISION valid_from: '2015-01-01' }"),
              IsOk());
  const std::string name = AssignmentName(1, 1, "van-phong");
  ASSERT_THAT(CallWithMore(&Stub::SubmitResult,
                           absl::StrCat("name: '", name,
                                        "' outcome: OUTCOME_PRODUCED evidence { document_number: "
                                        "'15/KH-SMH' document_date: '2023-02-01' }")),
              IsOk());
  dondoc::testing::ExpectNotKept(database_.File(), "nobody-knows-this");
}

}  // namespace
}  // namespace dondoc::registry
