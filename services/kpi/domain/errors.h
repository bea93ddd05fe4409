#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "libs/base/decimal.h"
#include "libs/base/refusal.h"
#include "libs/calendar/dates.h"

// Every way the kpi service can say no, in the order a request meets them.
namespace dondoc::kpi::error {

// The same refusal with one more detail; the caller knows where it was.
inline absl::Status WithDetail(const absl::Status& refusal, const std::string& key,
                               absl::string_view value) {
  Details details = DetailsOf(refusal);
  details[key] = std::string(value);
  return RefuseWithMessage(refusal.code(), ReasonOf(refusal), refusal.message(), details);
}

inline absl::Status AtField(const absl::Status& refusal, absl::string_view field) {
  return WithDetail(refusal, "field", field);
}

inline absl::Status NameInvalid(absl::string_view field, absl::string_view name,
                                absl::string_view form) {
  const std::string shown(name.substr(0, 100));
  return Refuse(absl::StatusCode::kInvalidArgument, "NAME_INVALID",
                {.vi = absl::StrCat(field, ": tên \"", shown, "\" không đúng dạng ", form,
                                    "; id gồm 1 đến 63 ký tự a-z, 0-9 và dấu gạch nối."),
                 .en = absl::StrCat(field, ": name \"", shown, "\" must have the form ", form,
                                    "; an id is 1 to 63 characters of a-z, 0-9 and \"-\"")},
                {{"field", std::string(field)}, {"value", shown}});
}

inline absl::Status EnumInvalid(absl::string_view field, int value) {
  return Refuse(absl::StatusCode::kInvalidArgument, "ENUM_INVALID",
                {.vi = absl::StrCat(field, ": giá trị ", value,
                                    " không dùng được; hãy chọn một giá trị của danh mục."),
                 .en = absl::StrCat(field, ": ", value, " is not a value to choose")},
                {{"field", std::string(field)}, {"value", absl::StrCat(value)}});
}

inline absl::Status IndicatorIdReserved(absl::string_view id) {
  return Refuse(absl::StatusCode::kInvalidArgument, "INDICATOR_ID_RESERVED",
                {.vi = absl::StrCat("Mã chỉ số \"", id,
                                    "\" dành cho chỉ số do hệ thống tính; hãy chọn mã khác."),
                 .en = absl::StrCat("indicator id \"", id,
                                    "\" belongs to a computed indicator; choose another")},
                {{"field", "indicator.name"}, {"value", std::string(id)}});
}

inline absl::Status IndicatorExists(absl::string_view name) {
  return Refuse(absl::StatusCode::kAlreadyExists, "INDICATOR_EXISTS",
                {.vi = absl::StrCat("Đã có chỉ số ", name, "; hãy chọn mã khác."),
                 .en = absl::StrCat(name, " exists already; choose another id")},
                {{"field", "indicator.name"}, {"value", std::string(name)}});
}

inline absl::Status IndicatorNotFound(absl::string_view field, absl::string_view name) {
  const std::string shown(name.substr(0, 100));
  return Refuse(absl::StatusCode::kNotFound, "INDICATOR_NOT_FOUND",
                {.vi = absl::StrCat("Không có chỉ số \"", shown, "\"; hãy xem ListIndicators."),
                 .en = absl::StrCat("there is no indicator \"", shown, "\"; see ListIndicators")},
                {{"field", std::string(field)}, {"value", shown}});
}

inline absl::Status FactorInvalid(int32_t factor) {
  return Refuse(
      absl::StatusCode::kInvalidArgument, "FACTOR_INVALID",
      {.vi = "Hệ số nhân phải từ 1 đến 1.000.000: 100 cho tỷ lệ phần trăm, 1 cho số thường.",
       .en = "the factor must be 1 to 1,000,000: 100 for a percentage, 1 for a number"},
      {{"field", "indicator.factor"}, {"value", absl::StrCat(factor)}});
}

inline absl::Status IndicatorCycle(absl::string_view id, absl::string_view nested_in) {
  return Refuse(absl::StatusCode::kInvalidArgument, "INDICATOR_CYCLE",
                {.vi = absl::StrCat("Chỉ số \"", id, "\" nằm trong \"", nested_in,
                                    "\" thì quay về chính nó; hãy chọn chỉ số khác."),
                 .en = absl::StrCat("nesting \"", id, "\" in \"", nested_in,
                                    "\" leads back to itself; choose another")},
                {{"field", "indicator.nested_in"}, {"value", std::string(nested_in)}});
}

inline absl::Status NestingTooDeep(absl::string_view id) {
  return Refuse(absl::StatusCode::kInvalidArgument, "INDICATOR_NESTING_TOO_DEEP",
                {.vi = "Chuỗi chỉ số lồng nhau quá 20 tầng; hãy gắn vào chỉ số ở tầng trên.",
                 .en = "indicators nest more than 20 deep; nest it in one further up"},
                {{"field", "indicator.nested_in"}, {"value", std::string(id)}});
}

inline absl::Status FieldMissing(absl::string_view field) {
  return Refuse(absl::StatusCode::kInvalidArgument, "FIELD_MISSING",
                {.vi = absl::StrCat("Thiếu ", field, "; hãy gửi lại đầy đủ."),
                 .en = absl::StrCat(field, " is missing")},
                {{"field", std::string(field)}});
}

inline absl::Status ComparatorMissing() {
  return Refuse(
      absl::StatusCode::kInvalidArgument, "COMPARATOR_MISSING",
      {.vi = "Chỉ tiêu có con số thì phải nêu cách so sánh: tối thiểu, trên, tối đa, dưới "
             "hoặc bằng.",
       .en = "a target with a figure needs a comparator: at least, more than, at most, "
             "less than or exactly"},
      {{"field", "target.comparator"}});
}

inline absl::Status QualitativeWithValue() {
  return Refuse(absl::StatusCode::kInvalidArgument, "QUALITATIVE_WITH_VALUE",
                {.vi = "Chỉ tiêu định tính không có con số; hãy bỏ con số hoặc bỏ dấu định tính.",
                 .en = "a qualitative target has no figure; drop one of the two"},
                {{"field", "target.value"}});
}

inline absl::Status TargetDatesReversed(absl::CivilDay from, absl::CivilDay due) {
  return Refuse(
      absl::StatusCode::kInvalidArgument, "TARGET_DATES_REVERSED",
      {.vi = absl::StrCat("Hạn ", calendar::FormatVietnamese(due), " ở trước ngày hiệu lực ",
                          calendar::FormatVietnamese(from), "; hãy sửa một trong hai."),
       .en = absl::StrCat("due date ", calendar::FormatDate(due), " is before effective_from ",
                          calendar::FormatDate(from))},
      {{"field", "target.due_date"}, {"value", calendar::FormatDate(due)}});
}

inline absl::Status EtagStale(absl::string_view name, absl::string_view current) {
  return Refuse(absl::StatusCode::kAborted, "ETAG_STALE",
                {.vi = absl::StrCat(name, " đã được người khác sửa; hãy đọc lại rồi gửi."),
                 .en = absl::StrCat(name, " was changed by somebody else; read it again")},
                {{"field", "etag"}, {"current", std::string(current)}});
}

inline absl::Status BatchEmpty() {
  return Refuse(absl::StatusCode::kInvalidArgument, "BATCH_EMPTY",
                {.vi = "Lô không có số liệu nào; mỗi lô gồm 1 đến 1.000 số liệu.",
                 .en = "the batch is empty; it holds 1 to 1,000 observations"},
                {{"field", "observations"}, {"value", "0"}});
}

inline absl::Status BatchTooLarge(size_t size) {
  return Refuse(absl::StatusCode::kInvalidArgument, "BATCH_TOO_LARGE",
                {.vi = absl::StrCat("Lô có ", size, " số liệu; hãy chia lô, mỗi lô tối đa 1.000."),
                 .en = absl::StrCat("the batch holds ", size, "; split it, at most 1,000 each")},
                {{"field", "observations"}, {"value", absl::StrCat(size)}});
}

inline absl::Status IndicatorComputed(absl::string_view name) {
  return Refuse(absl::StatusCode::kFailedPrecondition, "INDICATOR_COMPUTED",
                {.vi = absl::StrCat("Hệ thống tự tính ", name, "; không nhập số liệu bằng tay."),
                 .en = absl::StrCat(name, " is computed from events; nothing can be recorded")},
                {{"field", "indicator"}, {"value", std::string(name)}});
}

inline absl::Status UnitUnknown(absl::string_view name) {
  const std::string shown(name.substr(0, 100));
  return Refuse(absl::StatusCode::kInvalidArgument, "UNIT_UNKNOWN",
                {.vi = absl::StrCat("Chưa biết đơn vị \"", shown,
                                    "\"; hãy kiểm tra tên, hoặc gửi lại sau nếu đơn vị vừa được "
                                    "thêm vào sổ và tin chưa tới."),
                 .en = absl::StrCat("unit \"", shown,
                                    "\" is not known here; check the name, or try again if it was "
                                    "added a moment ago and its event has not arrived yet")},
                {{"field", "unit"}, {"value", shown}});
}

inline absl::Status UnitNotOnDate(absl::string_view name, absl::CivilDay date) {
  return Refuse(
      absl::StatusCode::kInvalidArgument, "UNIT_NOT_ON_DATE",
      {.vi = absl::StrCat("Ngày ", calendar::FormatVietnamese(date), " chưa có hoặc không còn ",
                          name, "; hãy kiểm tra ngày hoặc đơn vị."),
       .en = absl::StrCat(name, " does not exist on ", calendar::FormatDate(date),
                          "; check the date or the unit")},
      {{"field", "unit"}, {"value", std::string(name)}});
}

inline absl::Status DateInFuture(absl::CivilDay date, absl::CivilDay today) {
  return Refuse(absl::StatusCode::kInvalidArgument, "DATE_IN_FUTURE",
                {.vi = absl::StrCat("Ngày ", calendar::FormatVietnamese(date), " ở sau hôm nay (",
                                    calendar::FormatVietnamese(today), "); hãy sửa ngày."),
                 .en = absl::StrCat(calendar::FormatDate(date), " is after today (",
                                    calendar::FormatDate(today), ")")},
                {{"field", "date"}, {"value", calendar::FormatDate(date)}});
}

inline absl::Status FigureNegative(absl::string_view field, Decimal figure) {
  return Refuse(absl::StatusCode::kInvalidArgument, "FIGURE_NEGATIVE",
                {.vi = absl::StrCat(field, ": số ", figure.ToString(), " không được âm."),
                 .en = absl::StrCat(field, ": ", figure.ToString(), " cannot be negative")},
                {{"field", std::string(field)}, {"value", figure.ToString()}});
}

inline absl::Status DenominatorZero(Decimal numerator) {
  return Refuse(absl::StatusCode::kInvalidArgument, "DENOMINATOR_ZERO",
                {.vi = absl::StrCat("Tử số ", numerator.ToString(),
                                    " mà mẫu số bằng 0; không phát sinh thì cả hai bằng 0."),
                 .en = absl::StrCat("numerator ", numerator.ToString(),
                                    " over denominator 0; where nothing arose both are 0")},
                {{"field", "denominator"}, {"value", "0"}});
}

inline absl::Status SumOverflow() {
  return Refuse(
      absl::StatusCode::kOutOfRange, "SUM_OVERFLOW",
      {.vi = "Tổng số liệu của chỉ số vượt giới hạn; hãy kiểm tra số liệu hoặc đơn vị tính.",
       .en = "the sums of the indicator do not fit; check the figures or their unit"});
}

inline absl::Status KeyReused(absl::string_view key) {
  return Refuse(
      absl::StatusCode::kAlreadyExists, "OBSERVATION_KEY_REUSED",
      {.vi = absl::StrCat("Khoá \"", key,
                          "\" đã dùng cho số liệu khác; hãy dùng khoá mới, và replaces_key "
                          "nếu để thay số liệu cũ."),
       .en = absl::StrCat("key \"", key,
                          "\" holds other figures; use a new key, with replaces_key to "
                          "replace the old figures")},
      {{"field", "key"}, {"value", std::string(key)}});
}

inline absl::Status ReplacedNotFound(absl::string_view key) {
  return Refuse(absl::StatusCode::kNotFound, "REPLACED_NOT_FOUND",
                {.vi = absl::StrCat("Chỉ số này không có số liệu với khoá \"", key, "\" để thay."),
                 .en = absl::StrCat("the indicator has no observation \"", key, "\" to replace")},
                {{"field", "replaces_key"}, {"value", std::string(key)}});
}

inline absl::Status AlreadyReplaced(absl::string_view key, absl::string_view by) {
  return Refuse(absl::StatusCode::kFailedPrecondition, "ALREADY_REPLACED",
                {.vi = absl::StrCat("Số liệu \"", key, "\" đã được thay bởi \"", by,
                                    "\"; hãy thay số liệu mới nhất."),
                 .en = absl::StrCat("observation \"", key, "\" was replaced by \"", by,
                                    "\" already; replace the newest one")},
                {{"field", "replaces_key"}, {"value", std::string(key)}});
}

inline absl::Status ReplacesItself(absl::string_view key) {
  return Refuse(absl::StatusCode::kInvalidArgument, "REPLACES_ITSELF",
                {.vi = "Số liệu không thể thay chính nó; hãy dùng khoá mới.",
                 .en = "an observation cannot replace itself; use a new key"},
                {{"field", "replaces_key"}, {"value", std::string(key)}});
}

inline absl::Status RecomputeRunning() {
  return Refuse(absl::StatusCode::kAborted, "RECOMPUTE_RUNNING",
                {.vi = "Đang tính lại toàn bộ giá trị; hãy chờ lần này xong.",
                 .en = "values are being recomputed already; wait until that is done"});
}

}  // namespace dondoc::kpi::error
