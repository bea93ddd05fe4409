#include "services/notification/domain/errors.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"

namespace dondoc::notification::error {
namespace {

using absl::StatusCode;

// What a caller sent, shortened: a refusal must not carry 10 kB back.
std::string Quoted(absl::string_view text) {
  constexpr size_t kShown = 120;
  return absl::Utf8SafeCHexEscape(text.substr(0, kShown));
}

}  // namespace

absl::Status RulesInvalid(absl::string_view field, int value, int least, int most) {
  return Refuse(
      StatusCode::kInvalidArgument, "RULES_INVALID",
      {.vi = absl::StrCat("Quy tắc nhắc: ", field, " = ", value, " phải nằm trong khoảng ", least,
                          " đến ", most, "."),
       .en = absl::StrCat("rules: ", field, " = ", value, " must be ", least, " to ", most)},
      {{"field", std::string(field)}, {"value", absl::StrCat(value)}});
}

absl::Status EmailInvalid(absl::string_view email) {
  return Refuse(StatusCode::kInvalidArgument, "EMAIL_INVALID",
                {.vi = "Địa chỉ thư điện tử không hợp lệ; hãy viết dạng ten@coquan.gov.vn, không "
                       "dấu, không khoảng trắng.",
                 .en = "the e-mail address is not valid; write name@domain.tld in plain ASCII"},
                {{"field", "contact.email"}, {"value", Quoted(email)}});
}

absl::Status WebhookUrlInvalid(absl::string_view url, absl::string_view fault) {
  return Refuse(
      StatusCode::kInvalidArgument, "WEBHOOK_URL_INVALID",
      {.vi = "Địa chỉ webhook không được chấp nhận; hãy dùng https://tên-máy-chủ/đường-dẫn, "
             "cổng 443 hoặc 8443, không kèm tài khoản.",
       .en = "the webhook URL is not accepted; use https://host/path on port 443 or 8443, "
             "without user and password"},
      {{"field", "contact.webhook_url"}, {"value", Quoted(url)}, {"fault", std::string(fault)}});
}

absl::Status WebhookSecretInvalid() {
  return Refuse(StatusCode::kInvalidArgument, "WEBHOOK_SECRET_INVALID",
                {.vi = "Khoá webhook phải là \"whsec_\" và base64 của 24 đến 64 byte ngẫu nhiên.",
                 .en = "the webhook secret must be \"whsec_\" and base64 of 24 to 64 random bytes"},
                {{"field", "contact.webhook_secret"}});
}

absl::Status NameInvalid(absl::string_view field, absl::string_view name,
                         absl::string_view pattern) {
  return Refuse(
      StatusCode::kInvalidArgument, "NAME_INVALID",
      {.vi = absl::StrCat("Tên ở trường ", field, " phải có dạng ", pattern, "."),
       .en = absl::StrCat("the name in ", field, " must look like ", pattern)},
      {{"field", std::string(field)}, {"value", Quoted(name)}, {"pattern", std::string(pattern)}});
}

absl::Status EnumUnknown(absl::string_view field, int value) {
  return Refuse(StatusCode::kInvalidArgument, "ENUM_UNKNOWN",
                {.vi = absl::StrCat("Giá trị ", value, " của trường ", field, " không tồn tại."),
                 .en = absl::StrCat("there is no value ", value, " of ", field)},
                {{"field", std::string(field)}, {"value", absl::StrCat(value)}});
}

absl::Status CursorInvalid(absl::string_view after) {
  return Refuse(StatusCode::kInvalidArgument, "CURSOR_INVALID",
                {.vi = "Trường after phải là số của thông báo cuối cùng đã nhận; để trống để nhận "
                       "từ đầu.",
                 .en = "after must be the number of the last notice seen; empty for from the "
                       "beginning"},
                {{"field", "after"}, {"value", Quoted(after)}});
}

absl::Status EventInvalid(absl::string_view type, absl::string_view fault) {
  return Refuse(StatusCode::kInvalidArgument, "EVENT_INVALID",
                {.vi = absl::StrCat("Không hiểu được sự kiện ", type, ": ", fault, "."),
                 .en = absl::StrCat("event ", type, " is not understood: ", fault)},
                {{"type", std::string(type)}, {"fault", std::string(fault)}});
}

absl::Status NoticeUnknown(absl::string_view name) {
  return Refuse(StatusCode::kNotFound, "NOTICE_UNKNOWN",
                {.vi = "Không có thông báo này; hãy xem lại danh sách thông báo.",
                 .en = "there is no such notice; look it up with ListNotices"},
                {{"field", "name"}, {"value", Quoted(name)}});
}

absl::Status DeliveryUnknown(absl::string_view name) {
  return Refuse(StatusCode::kNotFound, "DELIVERY_UNKNOWN",
                {.vi = "Không có lượt gửi này; hãy xem lại danh sách lượt gửi.",
                 .en = "there is no such delivery; look it up with ListDeliveries"},
                {{"field", "name"}, {"value", Quoted(name)}});
}

absl::Status EtagStale(absl::string_view sent, absl::string_view current) {
  return Refuse(
      StatusCode::kAborted, "ETAG_STALE",
      {.vi = "Quy tắc đã được người khác sửa; hãy đọc lại rồi thử lại.",
       .en = "somebody changed the rules meanwhile; read them again and retry"},
      {{"field", "rules.etag"}, {"value", Quoted(sent)}, {"current", std::string(current)}});
}

absl::Status NoticeSkipped(absl::string_view name, absl::string_view skip_reason) {
  return Refuse(StatusCode::kFailedPrecondition, "NOTICE_SKIPPED",
                {.vi = "Thông báo này chưa từng được gửi nên không thể xác nhận đã xem.",
                 .en = "this notice was never sent, so it cannot be acknowledged"},
                {{"name", Quoted(name)}, {"skip_reason", std::string(skip_reason)}});
}

absl::Status DeliveryNotDead(absl::string_view name) {
  return Refuse(
      StatusCode::kFailedPrecondition, "DELIVERY_NOT_DEAD",
      {.vi = "Lượt gửi này đã gửi xong hoặc còn đang được thử; chỉ gửi lại lượt đã bị bỏ.",
       .en = "this delivery was sent or is still being tried; only a dead one is retried"},
      {{"name", Quoted(name)}});
}

absl::Status ChannelGone(absl::string_view name) {
  return Refuse(
      StatusCode::kFailedPrecondition, "CHANNEL_GONE",
      {.vi = "Đơn vị nhận không còn địa chỉ cho kênh này; hãy nhập địa chỉ (SetContact) rồi "
             "gửi lại.",
       .en = "the recipient has no address on this channel any more; enter one with "
             "SetContact, then retry"},
      {{"name", Quoted(name)}});
}

}  // namespace dondoc::notification::error
