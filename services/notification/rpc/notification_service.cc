#include "services/notification/rpc/notification_service.h"

#include "services/notification/rpc/deliveries.h"
#include "services/notification/rpc/notices.h"
#include "services/notification/rpc/preferences.h"

namespace dondoc::notification {

using Context = grpc::CallbackServerContext;

grpc::ServerUnaryReactor* NotificationService::ListNotices(Context* context,
                                                           const pb::ListNoticesRequest* request,
                                                           pb::ListNoticesResponse* response) {
  return gate_.Read(context, request, response, &notification::ListNotices);
}

grpc::ServerUnaryReactor* NotificationService::AcknowledgeNotice(
    Context* context, const pb::AcknowledgeNoticeRequest* request,
    pb::AcknowledgeNoticeResponse* response) {
  return gate_.Write(context, request, response, &notification::AcknowledgeNotice);
}

grpc::ServerWriteReactor<pb::WatchInboxResponse>* NotificationService::WatchInbox(
    Context* context, const pb::WatchInboxRequest* request) {
  return feeds_.Open<pb::WatchInboxResponse, InboxCursor>(*context, *request, OpenInbox(*request),
                                                          &ReadInbox);
}

grpc::ServerUnaryReactor* NotificationService::CountNotices(Context* context,
                                                            const pb::CountNoticesRequest* request,
                                                            pb::CountNoticesResponse* response) {
  return gate_.Read(context, request, response, &notification::CountNotices);
}

grpc::ServerUnaryReactor* NotificationService::ListUpcoming(Context* context,
                                                            const pb::ListUpcomingRequest* request,
                                                            pb::ListUpcomingResponse* response) {
  return gate_.Read(context, request, response, &notification::ListUpcoming);
}

grpc::ServerUnaryReactor* NotificationService::ListDeliveries(
    Context* context, const pb::ListDeliveriesRequest* request,
    pb::ListDeliveriesResponse* response) {
  return gate_.Read(context, request, response, &notification::ListDeliveries);
}

grpc::ServerUnaryReactor* NotificationService::RetryDelivery(
    Context* context, const pb::RetryDeliveryRequest* request,
    pb::RetryDeliveryResponse* response) {
  return gate_.Write(context, request, response, &notification::RetryDelivery);
}

grpc::ServerUnaryReactor* NotificationService::SetPlanRules(Context* context,
                                                            const pb::SetPlanRulesRequest* request,
                                                            pb::SetPlanRulesResponse* response) {
  return gate_.Write(context, request, response, &notification::SetPlanRules);
}

grpc::ServerUnaryReactor* NotificationService::GetPlanRules(Context* context,
                                                            const pb::GetPlanRulesRequest* request,
                                                            pb::GetPlanRulesResponse* response) {
  return gate_.Read(context, request, response, &notification::GetPlanRules);
}

grpc::ServerUnaryReactor* NotificationService::SetContact(Context* context,
                                                          const pb::SetContactRequest* request,
                                                          pb::SetContactResponse* response) {
  return gate_.Write(context, request, response,
                     [loopback = loopback_](const rpc::Call& call, store::Transaction& transaction,
                                            const pb::SetContactRequest& asked) {
                       return notification::SetContact(call, transaction, asked, loopback);
                     });
}

grpc::ServerUnaryReactor* NotificationService::ListContacts(Context* context,
                                                            const pb::ListContactsRequest* request,
                                                            pb::ListContactsResponse* response) {
  return gate_.Read(context, request, response, &notification::ListContacts);
}

grpc::ServerWriteReactor<pb::WatchChangesResponse>* NotificationService::WatchChanges(
    Context* context, const pb::WatchChangesRequest* request) {
  return feeds_.WatchChanges<pb::WatchChangesResponse>(*context, *request);
}

}  // namespace dondoc::notification
