#include "libs/rpc/testing/bad_messages.h"

#include <gtest/gtest.h>

#include "libs/base/ids.h"
#include "libs/base/status_matchers.h"
#include "services/inspection/testing/inspection_world.h"

namespace dondoc::inspection {
namespace {

using ::dondoc::testing::IsOk;

using BadMessages = testing::InspectionWorld;

TEST_F(BadMessages, AreRefusedWithAReasonByEveryMethod) {
  dondoc::testing::ExpectBadMessagesRefused(server_->port(),
                                            pb::InspectionService::service_full_name());
}

TEST_F(BadMessages, FieldsNobodyKnowsAreNotKept) {
  HearDepartment();
  pb::ProposeProgrammeRequest request = Proposal();
  request.set_request_id(NewUuid());
  dondoc::testing::AddUnknownFields(request, "nobody-knows-this");
  ASSERT_THAT(Call(&Stub::ProposeProgramme, request), IsOk());
  dondoc::testing::ExpectNotKept(database_.File(), "nobody-knows-this");
}

}  // namespace
}  // namespace dondoc::inspection
