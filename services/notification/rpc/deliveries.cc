#include "services/notification/rpc/deliveries.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/base/status_macros.h"
#include "libs/rpc/page.h"
#include "services/notification/domain/errors.h"
#include "services/notification/store/deliveries.h"
#include "services/notification/store/preferences.h"

namespace dondoc::notification {

absl::StatusOr<pb::ListDeliveriesResponse> ListDeliveries(
    const rpc::Call&, store::Snapshot& snapshot, const pb::ListDeliveriesRequest& request) {
  if (!pb::DeliveryState_IsValid(request.state())) {
    return error::EnumUnknown("state", request.state());
  }
  if (!pb::Channel_IsValid(request.channel())) {
    return error::EnumUnknown("channel", request.channel());
  }
  const std::string filter_text = absl::StrCat(request.state(), " ", request.channel());
  ASSIGN_OR_RETURN(const rpc::Page page,
                   rpc::ReadPage(request.page_size(), request.page_token(), filter_text));
  const DeliveryFilter filter{.state = request.state(), .channel = request.channel()};

  pb::ListDeliveriesResponse response;
  const auto deliveries = DeliveriesBefore(snapshot.sql(), filter, page.after, page.size + 1);
  for (const Delivery& delivery : deliveries) {
    if (response.deliveries_size() == page.size) {
      const std::string& last = deliveries[static_cast<size_t>(page.size) - 1].id;
      response.set_next_page_token(rpc::NextPageToken(last, filter_text));
      break;
    }
    *response.add_deliveries() = ToProto(delivery);
  }
  return response;
}

absl::StatusOr<pb::RetryDeliveryResponse> RetryDelivery(const rpc::Call&,
                                                        store::Transaction& transaction,
                                                        const pb::RetryDeliveryRequest& request) {
  absl::string_view id = request.name();
  std::optional<Delivery> delivery;
  if (absl::ConsumePrefix(&id, "deliveries/")) {
    delivery = FindDelivery(transaction.sql(), std::string(id));
  }
  if (!delivery) return error::DeliveryUnknown(request.name());
  if (delivery->state != DeliveryState::kDead) return error::DeliveryNotDead(request.name());
  const Contact contact = FindContact(transaction.sql(), delivery->recipient).contact;
  delivery->address = delivery->channel == Channel::kEmail ? contact.email : contact.webhook_url;
  if (delivery->address.empty()) return error::ChannelGone(request.name());
  delivery->state = DeliveryState::kPending;
  delivery->round = delivery->attempts;
  delivery->next_at = transaction.now();
  UpdateDelivery(transaction, *delivery, "retried");

  pb::RetryDeliveryResponse response;
  *response.mutable_delivery() = ToProto(*delivery);
  return response;
}

}  // namespace dondoc::notification
