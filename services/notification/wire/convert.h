#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "dondoc/notification/v1/notice.pb.h"
#include "services/notification/domain/contact.h"
#include "services/notification/domain/delivery.h"
#include "services/notification/domain/notice.h"
#include "services/notification/domain/plan_rules.h"

namespace dondoc::notification {

namespace pb = ::dondoc::notification::v1;

// The only crossing between the domain and protobuf.

pb::Notice ToProto(const Notice& notice);
pb::Delivery ToProto(const Delivery& delivery);
// Without the secret: it never leaves.
pb::Contact ToProto(const Contact& contact);
Contact FromProto(const pb::Contact& contact);
// `plan` and `version` become the name and the etag.
pb::PlanRules ToProto(const PlanRules& rules, absl::string_view plan, int64_t version);
PlanRules FromProto(const pb::PlanRules& rules);

pb::DeadlineKind ToProto(DeadlineKind kind);
pb::NoticeKind ToProto(NoticeKind kind);
pb::NoticeState ToProto(NoticeState state);
pb::Channel ToProto(Channel channel);
pb::DeliveryState ToProto(DeliveryState state);

// "notices/17"; "" for 0.
std::string NoticeName(int64_t id);
std::string DigestName(int64_t id);
// "deliveries/<uuid>".
std::string DeliveryName(absl::string_view id);
// "contacts/van-phong" for units/van-phong.
std::string ContactName(absl::string_view recipient);
// AIP-154: the version in quotes.
std::string Etag(int64_t version);

}  // namespace dondoc::notification
