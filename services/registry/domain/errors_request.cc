#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"
#include "libs/calendar/dates.h"
#include "services/registry/domain/errors.h"

namespace dondoc::registry::error {

using absl::StatusCode;
using absl::StrCat;

namespace {

// A refusal is no place for ten thousand characters.
constexpr size_t kShownBytesMax = 200;
std::string Shown(absl::string_view value) {
  if (value.size() <= kShownBytesMax) return std::string(value);
  size_t end = kShownBytesMax;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
  return StrCat(value.substr(0, end), "…");
}

}  // namespace

absl::Status NameInvalid(absl::string_view field, absl::string_view value,
                         absl::string_view pattern) {
  return Refuse(StatusCode::kInvalidArgument, "RESOURCE_NAME_INVALID",
                {StrCat(field, ": \"", Shown(value), "\" không đúng dạng ", pattern,
                        "; mã gồm 1 đến 63 ký tự a-z, 0-9 và dấu -."),
                 StrCat(field, ": \"", Shown(value), "\" is not of the form ", pattern,
                        "; an id is 1 to 63 characters of a-z, 0-9 and \"-\".")},
                {{"field", std::string(field)}, {"value", Shown(value)}});
}

absl::Status FieldMissing(absl::string_view field) {
  return Refuse(StatusCode::kInvalidArgument, "FIELD_MISSING",
                {StrCat(field, ": đang để trống; hãy điền nội dung."),
                 StrCat(field, ": missing; fill it in.")},
                {{"field", std::string(field)}});
}

absl::Status EnumInvalid(absl::string_view field, int value) {
  return Refuse(
      StatusCode::kInvalidArgument, "ENUM_INVALID",
      {StrCat(field, ": giá trị ", value, " không dùng được ở đây; hãy chọn một giá trị khác."),
       StrCat(field, ": the value ", value, " cannot be used here; choose another.")},
      {{"field", std::string(field)}, {"value", StrCat(value)}});
}

absl::Status TextTooLong(absl::string_view field, size_t code_points, size_t code_points_max) {
  return Refuse(
      StatusCode::kInvalidArgument, "TEXT_TOO_LONG",
      {StrCat(field, ": dài ", code_points, " ký tự, tối đa ", code_points_max, "; hãy rút ngắn."),
       StrCat(field, ": ", code_points, " characters, at most ", code_points_max,
              " are allowed; shorten it.")},
      {{"field", std::string(field)},
       {"code_points", StrCat(code_points)},
       {"code_points_max", StrCat(code_points_max)}});
}

absl::Status TooManyItems(absl::string_view field, size_t count, size_t count_max) {
  return Refuse(StatusCode::kInvalidArgument, "TOO_MANY_ITEMS",
                {StrCat(field, ": có ", count, " mục, tối đa ", count_max, "; hãy bớt đi."),
                 StrCat(field, ": ", count, " items, at most ", count_max, "; send fewer.")},
                {{"field", std::string(field)}, {"count", StrCat(count)}});
}

absl::Status Repeated(absl::string_view field, absl::string_view value) {
  return Refuse(StatusCode::kInvalidArgument, "VALUE_REPEATED",
                {StrCat(field, ": \"", Shown(value), "\" xuất hiện hai lần; hãy chỉ ghi một lần."),
                 StrCat(field, ": \"", Shown(value), "\" is given twice; give it once.")},
                {{"field", std::string(field)}, {"value", Shown(value)}});
}

absl::Status DateTooFar(absl::string_view field, absl::CivilDay date, absl::CivilDay last) {
  return Refuse(
      StatusCode::kInvalidArgument, "DATE_TOO_FAR",
      {StrCat(field, ": ngày ", calendar::FormatVietnamese(date),
              " quá xa; muộn nhất được nhập là ", calendar::FormatVietnamese(last), "."),
       StrCat(field, ": ", calendar::FormatDate(date),
              " is too far ahead; the latest date allowed is ", calendar::FormatDate(last), ".")},
      {{"field", std::string(field)}, {"value", calendar::FormatDate(date)}});
}

absl::Status EtagStale(absl::string_view name, absl::string_view current_etag) {
  return Refuse(StatusCode::kAborted, "ETAG_STALE",
                {StrCat(name, " đã được người khác sửa; hãy đọc lại bản mới nhất rồi làm lại."),
                 StrCat(name, " was changed by somebody else; read it again and repeat.")},
                {{"name", std::string(name)}, {"etag", std::string(current_etag)}});
}

absl::Status InField(absl::string_view field, const absl::Status& refusal) {
  Details details = DetailsOf(refusal);
  details["field"] = std::string(field);
  return RefuseWithMessage(refusal.code(), ReasonOf(refusal),
                           StrCat(field, ": ", refusal.message()), details);
}

}  // namespace dondoc::registry::error
