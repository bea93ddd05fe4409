#pragma once

#include <grpcpp/grpcpp.h>

#include <utility>

#include "dondoc/notification/v1/notification_service.grpc.pb.h"
#include "libs/rpc/feed.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/notification/domain/contact.h"
#include "services/notification/wire/convert.h"

namespace dondoc::notification {

// The gRPC face of the service: one line for each method, all work in rpc/*.cc.
class NotificationService final : public v1::NotificationService::CallbackService {
 public:
  // Borrows the first two and the doorkeeper, which the feeds were given as well.
  NotificationService(store::Database& database, rpc::Feeds& feeds, LoopbackRule loopback,
                      rpc::Observer observer = rpc::LogRefusal,
                      const rpc::Doorkeeper& door = rpc::Doorkeeper::Open())
      : gate_(database, std::move(observer), door), feeds_(feeds), loopback_(loopback) {}

  grpc::ServerUnaryReactor* ListNotices(grpc::CallbackServerContext* context,
                                        const pb::ListNoticesRequest* request,
                                        pb::ListNoticesResponse* response) override;
  grpc::ServerUnaryReactor* AcknowledgeNotice(grpc::CallbackServerContext* context,
                                              const pb::AcknowledgeNoticeRequest* request,
                                              pb::AcknowledgeNoticeResponse* response) override;
  grpc::ServerWriteReactor<pb::WatchInboxResponse>* WatchInbox(
      grpc::CallbackServerContext* context, const pb::WatchInboxRequest* request) override;
  grpc::ServerUnaryReactor* CountNotices(grpc::CallbackServerContext* context,
                                         const pb::CountNoticesRequest* request,
                                         pb::CountNoticesResponse* response) override;
  grpc::ServerUnaryReactor* ListUpcoming(grpc::CallbackServerContext* context,
                                         const pb::ListUpcomingRequest* request,
                                         pb::ListUpcomingResponse* response) override;
  grpc::ServerUnaryReactor* ListDeliveries(grpc::CallbackServerContext* context,
                                           const pb::ListDeliveriesRequest* request,
                                           pb::ListDeliveriesResponse* response) override;
  grpc::ServerUnaryReactor* RetryDelivery(grpc::CallbackServerContext* context,
                                          const pb::RetryDeliveryRequest* request,
                                          pb::RetryDeliveryResponse* response) override;
  grpc::ServerUnaryReactor* SetPlanRules(grpc::CallbackServerContext* context,
                                         const pb::SetPlanRulesRequest* request,
                                         pb::SetPlanRulesResponse* response) override;
  grpc::ServerUnaryReactor* GetPlanRules(grpc::CallbackServerContext* context,
                                         const pb::GetPlanRulesRequest* request,
                                         pb::GetPlanRulesResponse* response) override;
  grpc::ServerUnaryReactor* SetContact(grpc::CallbackServerContext* context,
                                       const pb::SetContactRequest* request,
                                       pb::SetContactResponse* response) override;
  grpc::ServerUnaryReactor* ListContacts(grpc::CallbackServerContext* context,
                                         const pb::ListContactsRequest* request,
                                         pb::ListContactsResponse* response) override;
  grpc::ServerWriteReactor<pb::WatchChangesResponse>* WatchChanges(
      grpc::CallbackServerContext* context, const pb::WatchChangesRequest* request) override;

 private:
  rpc::Gate gate_;
  rpc::Feeds& feeds_;
  const LoopbackRule loopback_;
};

}  // namespace dondoc::notification
