#pragma once

#include "absl/status/statusor.h"
#include "dondoc/notification/v1/notification_service.pb.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/notification/domain/contact.h"
#include "services/notification/wire/convert.h"

namespace dondoc::notification {

absl::StatusOr<pb::SetPlanRulesResponse> SetPlanRules(const rpc::Call& call,
                                                      store::Transaction& transaction,
                                                      const pb::SetPlanRulesRequest& request);

absl::StatusOr<pb::GetPlanRulesResponse> GetPlanRules(const rpc::Call& call,
                                                      store::Snapshot& snapshot,
                                                      const pb::GetPlanRulesRequest& request);

absl::StatusOr<pb::SetContactResponse> SetContact(const rpc::Call& call,
                                                  store::Transaction& transaction,
                                                  const pb::SetContactRequest& request,
                                                  LoopbackRule loopback);

absl::StatusOr<pb::ListContactsResponse> ListContacts(const rpc::Call& call,
                                                      store::Snapshot& snapshot,
                                                      const pb::ListContactsRequest& request);

}  // namespace dondoc::notification
