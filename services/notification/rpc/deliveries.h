#pragma once

#include "absl/status/statusor.h"
#include "dondoc/notification/v1/notification_service.pb.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/notification/wire/convert.h"

namespace dondoc::notification {

absl::StatusOr<pb::ListDeliveriesResponse> ListDeliveries(const rpc::Call& call,
                                                          store::Snapshot& snapshot,
                                                          const pb::ListDeliveriesRequest& request);

absl::StatusOr<pb::RetryDeliveryResponse> RetryDelivery(const rpc::Call& call,
                                                        store::Transaction& transaction,
                                                        const pb::RetryDeliveryRequest& request);

}  // namespace dondoc::notification
