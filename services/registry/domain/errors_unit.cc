#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"
#include "libs/calendar/dates.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/limits.h"

namespace dondoc::registry::error {

using absl::StatusCode;
using absl::StrCat;

namespace {

Details OfUnit(absl::string_view unit, Details more = {}) {
  more["unit"] = UnitName(unit);
  return more;
}

}  // namespace

absl::Status UnitNotFound(absl::string_view unit) {
  return Refuse(StatusCode::kNotFound, "UNIT_NOT_FOUND",
                {StrCat("Không có đơn vị ", UnitName(unit),
                        " trong danh bạ; hãy kiểm tra lại mã hoặc thêm bằng `dondoc unit add`."),
                 StrCat("There is no unit ", UnitName(unit),
                        "; check the id or add it with `dondoc unit add`.")},
                OfUnit(unit));
}

absl::Status UnitExists(absl::string_view unit) {
  return Refuse(StatusCode::kAlreadyExists, "UNIT_EXISTS",
                {StrCat("Mã ", UnitName(unit), " đã có đơn vị dùng; hãy chọn mã khác."),
                 StrCat("The id ", UnitName(unit), " is taken; choose another.")},
                OfUnit(unit));
}

absl::Status UnitNameTaken(absl::string_view text, absl::string_view by_unit) {
  return Refuse(StatusCode::kAlreadyExists, "UNIT_NAME_TAKEN",
                {StrCat("Tên \"", text, "\" đã là tên hoặc tên khác của ", UnitName(by_unit),
                        " trong cùng thời gian; hãy chọn tên khác."),
                 StrCat("The name \"", text, "\" is already a name or alias of ", UnitName(by_unit),
                        " on a common day; choose another.")},
                OfUnit(by_unit, {{"value", std::string(text)}}));
}

absl::Status UnitIsItsOwnParent(absl::string_view unit) {
  return Refuse(StatusCode::kInvalidArgument, "UNIT_CYCLE",
                {StrCat("Đơn vị ", UnitName(unit),
                        " không thể là cấp trên của chính mình; hãy chọn "
                        "đơn vị khác hoặc để trống."),
                 StrCat(UnitName(unit), " cannot be its own parent; name another unit or none.")},
                OfUnit(unit, {{"field", "unit.parent"}}));
}

absl::Status UnitCycle(absl::string_view unit, absl::string_view parent) {
  return Refuse(StatusCode::kFailedPrecondition, "UNIT_CYCLE",
                {StrCat(UnitName(parent), " là chính ", UnitName(unit),
                        " hoặc nằm dưới nó, nên không thể là cấp trên; hãy chọn đơn vị khác."),
                 StrCat(UnitName(parent), " is ", UnitName(unit),
                        " itself or stands below it and cannot be its parent; name another.")},
                OfUnit(unit, {{"field", "unit.parent"}, {"parent", UnitName(parent)}}));
}

absl::Status UnitTooDeep(absl::string_view unit) {
  return Refuse(StatusCode::kFailedPrecondition, "UNIT_TOO_DEEP",
                {StrCat("Đặt ", UnitName(unit), " ở đó thì cây tổ chức sâu hơn ", kUnitDepthMax,
                        " cấp; hãy chọn đơn vị cấp trên khác."),
                 StrCat("With ", UnitName(unit), " there the tree is deeper than ", kUnitDepthMax,
                        " levels; choose another parent.")},
                OfUnit(unit));
}

absl::Status ParentNotThere(absl::string_view unit, absl::string_view parent) {
  return Refuse(StatusCode::kFailedPrecondition, "PARENT_NOT_VALID",
                {StrCat(UnitName(parent), " và ", UnitName(unit),
                        " không có ngày nào cùng tồn tại; hãy kiểm tra ngày hiệu lực."),
                 StrCat(UnitName(parent), " and ", UnitName(unit),
                        " do not exist on any common day; check the dates of validity.")},
                OfUnit(unit, {{"field", "unit.parent"}, {"parent", UnitName(parent)}}));
}

absl::Status UnitNotThere(absl::string_view unit, absl::CivilDay day) {
  return Refuse(StatusCode::kFailedPrecondition, "UNIT_NOT_VALID",
                {StrCat("Ngày ", calendar::FormatVietnamese(day), " không có đơn vị ",
                        UnitName(unit), "; hãy chọn đơn vị đang hoạt động."),
                 StrCat("On ", calendar::FormatDate(day), " there is no ", UnitName(unit),
                        "; choose a unit that exists on that day.")},
                OfUnit(unit, {{"date", calendar::FormatDate(day)}}));
}

absl::Status UnitExternal(absl::string_view unit) {
  return Refuse(StatusCode::kFailedPrecondition, "UNIT_EXTERNAL",
                {StrCat(UnitName(unit),
                        " là cơ quan ngoài Sở nên không thể được giao việc; hãy chọn "
                        "đơn vị trực thuộc."),
                 StrCat(UnitName(unit),
                        " is an external body and cannot be obliged; choose a unit of "
                        "the department.")},
                OfUnit(unit));
}

absl::Status UnitDissolved(absl::string_view unit, absl::CivilDay valid_to) {
  return Refuse(StatusCode::kFailedPrecondition, "UNIT_DISSOLVED",
                {StrCat(UnitName(unit), " đã kết thúc hoạt động từ ",
                        calendar::FormatVietnamese(valid_to), "; không thể làm lại việc này."),
                 StrCat(UnitName(unit), " is dissolved from ", calendar::FormatDate(valid_to),
                        " on; that cannot be done again.")},
                OfUnit(unit, {{"valid_to", calendar::FormatDate(valid_to)}}));
}

absl::Status DissolvedBeforeFounded(absl::CivilDay valid_from, absl::CivilDay valid_to) {
  return Refuse(StatusCode::kInvalidArgument, "VALIDITY_INVALID",
                {StrCat("Ngày kết thúc ", calendar::FormatVietnamese(valid_to),
                        " phải sau ngày bắt đầu ", calendar::FormatVietnamese(valid_from), "."),
                 StrCat("The end ", calendar::FormatDate(valid_to), " must be after the start ",
                        calendar::FormatDate(valid_from), ".")},
                {{"field", "valid_to"}, {"value", calendar::FormatDate(valid_to)}});
}

absl::Status UnitHasChildren(absl::string_view unit, absl::string_view child) {
  return Refuse(StatusCode::kFailedPrecondition, "UNIT_HAS_CHILDREN",
                {StrCat(UnitName(unit), " còn đơn vị trực thuộc ", UnitName(child),
                        "; hãy chuyển chúng sang cấp trên khác trước."),
                 StrCat(UnitName(unit), " still has units below it, ", UnitName(child),
                        " for one; give them another parent first.")},
                OfUnit(unit, {{"child", UnitName(child)}}));
}

absl::Status UnitHasOpenAssignments(absl::string_view unit, int64_t count) {
  return Refuse(StatusCode::kFailedPrecondition, "UNIT_HAS_OPEN_ASSIGNMENTS",
                {StrCat(UnitName(unit), " còn ", count,
                        " việc chưa xong; hãy nêu đơn vị kế thừa trong successor."),
                 StrCat(UnitName(unit), " has ", count,
                        " open assignments; name the unit that takes them over in successor.")},
                OfUnit(unit, {{"count", StrCat(count)}, {"field", "successor"}}));
}

absl::Status SuccessorIsItself(absl::string_view unit) {
  return Refuse(StatusCode::kInvalidArgument, "SUCCESSOR_INVALID",
                {StrCat(UnitName(unit), " không thể kế thừa chính mình; hãy nêu đơn vị khác."),
                 StrCat(UnitName(unit), " cannot succeed itself; name another unit.")},
                OfUnit(unit, {{"field", "successor"}}));
}

absl::Status EmailInvalid(absl::string_view value) {
  return Refuse(
      StatusCode::kInvalidArgument, "EMAIL_INVALID",
      {StrCat("\"", value, "\" không phải địa chỉ thư điện tử; hãy ghi dạng ten@mien.vn."),
       StrCat("\"", value, "\" is no e-mail address; write name@domain.")},
      {{"field", "unit.email"}, {"value", std::string(value)}});
}

}  // namespace dondoc::registry::error
