#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Every refusal of the notification service. The list is the specification of its "no".
namespace dondoc::notification::error {

// INVALID_ARGUMENT.
absl::Status RulesInvalid(absl::string_view field, int value, int least, int most);
absl::Status EmailInvalid(absl::string_view email);
absl::Status WebhookUrlInvalid(absl::string_view url, absl::string_view fault);
absl::Status WebhookSecretInvalid();
absl::Status NameInvalid(absl::string_view field, absl::string_view name,
                         absl::string_view pattern);
absl::Status EnumUnknown(absl::string_view field, int value);
absl::Status CursorInvalid(absl::string_view after);
// A letter from another service that cannot be understood; permanent.
absl::Status EventInvalid(absl::string_view type, absl::string_view fault);

// NOT_FOUND.
absl::Status NoticeUnknown(absl::string_view name);
absl::Status DeliveryUnknown(absl::string_view name);

// ABORTED.
absl::Status EtagStale(absl::string_view sent, absl::string_view current);

// FAILED_PRECONDITION.
absl::Status NoticeSkipped(absl::string_view name, absl::string_view skip_reason);
absl::Status DeliveryNotDead(absl::string_view name);
absl::Status ChannelGone(absl::string_view name);

}  // namespace dondoc::notification::error
