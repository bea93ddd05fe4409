#include "services/inspection/domain/errors.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/base/refusal.h"
#include "libs/calendar/dates.h"
#include "services/inspection/domain/inspection.h"

namespace dondoc::inspection::error {
namespace {

using absl::StatusCode;
using absl::StrCat;
using calendar::FormatDate;
using calendar::FormatVietnamese;

absl::Status Invalid(absl::string_view reason, const Sentence& sentence, const Details& details) {
  return Refuse(StatusCode::kInvalidArgument, reason, sentence, details);
}
absl::Status NotFound(absl::string_view reason, const Sentence& sentence, const Details& details) {
  return Refuse(StatusCode::kNotFound, reason, sentence, details);
}
absl::Status Blocked(absl::string_view reason, const Sentence& sentence, const Details& details) {
  return Refuse(StatusCode::kFailedPrecondition, reason, sentence, details);
}
absl::Status NoProgramme(absl::string_view rule, const Sentence& sentence, Details details = {}) {
  details["rule"] = std::string(rule);
  return Blocked("NO_PROGRAMME",
                 {.vi = StrCat("Không lập được chương trình kiểm tra: ", sentence.vi),
                  .en = StrCat("there is no such programme: ", sentence.en)},
                 details);
}

// What a caller sent, short enough for a sentence and for the trailers of an answer.
std::string Shortened(absl::string_view text) {
  constexpr size_t kBytesMax = 100;
  if (text.size() <= kBytesMax) return std::string(text);
  size_t end = kBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return StrCat(text.substr(0, end), "…");
}

struct StateName {
  absl::string_view id;
  absl::string_view vi;
};

StateName NameOfState(InspectionState state) {
  switch (state) {
    case InspectionState::kPlanned:
      return {"PLANNED", "đã lên lịch"};
    case InspectionState::kNotified:
      return {"NOTIFIED", "đã thông báo"};
    case InspectionState::kDone:
      return {"DONE", "đã kiểm tra"};
    case InspectionState::kConcluded:
      return {"CONCLUDED", "đã kết luận"};
    case InspectionState::kRemedied:
      return {"REMEDIED", "đã khắc phục"};
    case InspectionState::kCancelled:
      return {"CANCELLED", "đã hủy"};
  }
  return {"UNKNOWN", "không rõ"};
}

}  // namespace

absl::Status ShareInvalid(absl::string_view text) {
  const std::string shown = Shortened(text);
  return Invalid(
      "SHARE_INVALID",
      {.vi = StrCat("Tỷ lệ kiểm tra \"", shown,
                    "\" không hợp lệ; hãy ghi số phần trăm lớn hơn 0 và không quá 100, "
                    "ví dụ 30."),
       .en = StrCat("the share \"", shown,
                    "\" is invalid; give a percentage above 0 and at most 100, like 30")},
      {{"field", "share"}, {"value", shown}});
}

absl::Status YearInvalid(int64_t year) {
  return Invalid("YEAR_INVALID",
                 {.vi = StrCat("Năm ", year, " không hợp lệ; hãy chọn năm từ 2000 đến 2100."),
                  .en = StrCat("the year ", year, " is invalid; give one from 2000 to 2100")},
                 {{"field", "year"}, {"value", StrCat(year)}});
}

absl::Status NameInvalid(absl::string_view field, absl::string_view name) {
  const std::string shown = Shortened(name);
  return Invalid("RESOURCE_NAME_INVALID",
                 {.vi = StrCat("Tên \"", shown, "\" ở trường ", field,
                               " không đúng dạng; hãy dùng tên mà hệ thống đã trả về."),
                  .en = StrCat("\"", shown, "\" in ", field,
                               " is not a resource name; send back one that you were given")},
                 {{"field", std::string(field)}, {"value", shown}});
}

absl::Status InspectorIdInvalid(absl::string_view id) {
  const std::string shown = Shortened(id);
  return Invalid("INSPECTOR_ID_INVALID",
                 {.vi = StrCat("Mã thành viên đoàn \"", shown,
                               "\" không hợp lệ; hãy dùng 1 đến 63 ký tự a-z, 0-9 và \"-\"."),
                  .en = StrCat("the inspector id \"", shown,
                               "\" is invalid; use 1 to 63 characters of a-z, 0-9 and \"-\"")},
                 {{"field", "inspectors.id"}, {"value", shown}});
}

absl::Status InspectorTwice(absl::string_view id) {
  return Invalid("INSPECTOR_TWICE",
                 {.vi = StrCat("Thành viên đoàn \"", id, "\" được nêu hai lần; hãy bỏ một lần."),
                  .en = StrCat("the inspector \"", id, "\" is named twice; leave one out")},
                 {{"inspector", std::string(id)}});
}

absl::Status InspectorsMissing() {
  return Invalid("INSPECTORS_MISSING",
                 {.vi = "Chưa nêu ai đi kiểm tra; hãy nêu ít nhất một thành viên đoàn.",
                  .en = "nobody is named to inspect; name at least one inspector"},
                 {{"field", "inspectors"}});
}

absl::Status TeamSizeInvalid(int64_t team_size) {
  return Invalid("TEAM_SIZE_INVALID",
                 {.vi = StrCat("Số thành viên một đoàn là ", team_size,
                               "; hãy chọn từ 1 đến 10, hoặc 0 để lấy mặc định 2."),
                  .en = StrCat("a team of ", team_size,
                               " is not possible; give 1 to 10, or 0 for the default of 2")},
                 {{"field", "team_size"}, {"value", StrCat(team_size)}});
}

absl::Status TeamMissing() {
  return Invalid("TEAM_MISSING",
                 {.vi = "Chưa nêu đoàn kiểm tra; hãy nêu từ 1 đến 10 thành viên.",
                  .en = "nobody is on the team; name 1 to 10 inspectors"},
                 {{"field", "team"}});
}

absl::Status CountNegative(absl::string_view field, int64_t value) {
  return Invalid("COUNT_NEGATIVE",
                 {.vi = StrCat("Trường ", field, " là ", value, "; hãy ghi số từ 0 trở lên."),
                  .en = StrCat(field, " is ", value, "; give 0 or more")},
                 {{"field", std::string(field)}, {"value", StrCat(value)}});
}

absl::Status ListTooLong(absl::string_view field, size_t length, size_t length_max) {
  return Invalid(
      "LIST_TOO_LONG",
      {.vi = StrCat("Danh sách ", field, " có ", length, " mục; tối đa ", length_max, "."),
       .en = StrCat(field, " has ", length, " entries; at most ", length_max)},
      {{"field", std::string(field)}, {"value", StrCat(length)}});
}

absl::Status StateFilterInvalid(int64_t state) {
  return Invalid("STATE_INVALID",
                 {.vi = StrCat("Không có trạng thái kiểm tra số ", state, "."),
                  .en = StrCat("there is no inspection state ", state)},
                 {{"field", "state"}, {"value", StrCat(state)}});
}

absl::Status MandatoryUnitTwice(absl::string_view unit) {
  return Invalid("MANDATORY_UNIT_TWICE",
                 {.vi = StrCat("Đơn vị ", unit, " được nêu bắt buộc hai lần; hãy bỏ một lần."),
                  .en = StrCat(unit, " is named as mandatory twice; leave one out")},
                 {{"field", "mandatory_units"}, {"unit", std::string(unit)}});
}

absl::Status WindowReversed(absl::CivilDay start, absl::CivilDay end) {
  return Invalid(
      "WINDOW_REVERSED",
      {.vi = StrCat("Khoảng thời gian kết thúc ngày ", FormatVietnamese(end),
                    ", trước khi bắt đầu ngày ", FormatVietnamese(start), "; hãy đổi lại."),
       .en = StrCat("the window ends on ", FormatDate(end), ", before it starts on ",
                    FormatDate(start), "; put them right")},
      {{"field", "end_date"}, {"value", FormatDate(end)}});
}

absl::Status WindowOutsideYear(absl::CivilDay day, int64_t year) {
  return Invalid("WINDOW_OUTSIDE_YEAR",
                 {.vi = StrCat("Ngày ", FormatVietnamese(day), " không thuộc năm ", year,
                               " của chương trình; hãy chọn ngày trong năm."),
                  .en = StrCat(FormatDate(day), " is not in ", year,
                               ", the year of the programme; choose a day of that year")},
                 {{"value", FormatDate(day)}, {"year", StrCat(year)}});
}

absl::Status WindowPast(absl::CivilDay start, absl::CivilDay today) {
  return Invalid("WINDOW_PAST",
                 {.vi = StrCat("Ngày bắt đầu ", FormatVietnamese(start), " đã qua (hôm nay là ",
                               FormatVietnamese(today), "); hãy chọn ngày từ hôm nay."),
                  .en = StrCat("the window starts on ", FormatDate(start), ", before today, ",
                               FormatDate(today), "; start today or later")},
                 {{"field", "start_date"}, {"value", FormatDate(start)}});
}

absl::Status InspectionDateOutsideYear(absl::CivilDay day, int64_t year) {
  return Invalid("INSPECTION_DATE_OUTSIDE_YEAR",
                 {.vi = StrCat("Ngày ", FormatVietnamese(day), " không thuộc năm ", year,
                               " của chương trình; hãy chọn ngày trong năm."),
                  .en = StrCat(FormatDate(day), " is not in ", year,
                               ", the year of the programme; choose a day of that year")},
                 {{"field", "planned_date"}, {"value", FormatDate(day)}});
}

absl::Status InspectionDatePast(absl::CivilDay day, absl::CivilDay today) {
  return Invalid("INSPECTION_DATE_PAST",
                 {.vi = StrCat("Ngày ", FormatVietnamese(day), " đã qua (hôm nay là ",
                               FormatVietnamese(today), "); hãy chọn ngày từ hôm nay."),
                  .en = StrCat(FormatDate(day), " is before today, ", FormatDate(today),
                               "; choose today or later")},
                 {{"field", "planned_date"}, {"value", FormatDate(day)}});
}

absl::Status ProgrammeNotFound(absl::string_view name) {
  return NotFound("PROGRAMME_NOT_FOUND",
                  {.vi = StrCat("Chưa có chương trình kiểm tra ", name, "; hãy lập trước."),
                   .en = StrCat("there is no ", name, "; propose it first")},
                  {{"name", std::string(name)}});
}

absl::Status InspectionNotFound(absl::string_view name) {
  return NotFound(
      "INSPECTION_NOT_FOUND",
      {.vi = StrCat("Không có cuộc kiểm tra ", name, "."), .en = StrCat("there is no ", name)},
      {{"name", std::string(name)}});
}

absl::Status FindingNotFound(absl::string_view inspection, int64_t number) {
  return NotFound("FINDING_NOT_FOUND",
                  {.vi = StrCat("Cuộc kiểm tra ", inspection, " không có tồn tại số ", number, "."),
                   .en = StrCat(inspection, " has no finding ", number)},
                  {{"field", "finding_number"}, {"value", StrCat(number)}});
}

absl::Status InspectorUnknown(absl::string_view id) {
  const std::string shown = Shortened(id);
  return NotFound(
      "INSPECTOR_UNKNOWN",
      {.vi = StrCat("Chương trình không có thành viên đoàn \"", shown,
                    "\"; hãy chọn trong danh sách của chương trình."),
       .en = StrCat("the programme has no inspector \"", shown, "\"; choose from its list")},
      {{"field", "team"}, {"inspector", shown}});
}

absl::Status InspectorUnitUnknown(absl::string_view id, absl::string_view unit) {
  return NotFound("INSPECTOR_UNIT_UNKNOWN",
                  {.vi = StrCat("Không biết đơn vị \"", unit, "\" của thành viên đoàn \"", id,
                                "\"; hãy thêm đơn vị vào danh mục hoặc sửa tên."),
                   .en = StrCat("the unit \"", unit, "\" of the inspector \"", id,
                                "\" is not known; add it to the register or correct the name")},
                  {{"inspector", std::string(id)}, {"unit", std::string(unit)}});
}

absl::Status VerifierUnknown(absl::string_view unit) {
  return NotFound("VERIFIER_UNKNOWN",
                  {.vi = StrCat("Không biết đơn vị xác nhận \"", unit,
                                "\"; hãy nêu một đơn vị đang hoạt động."),
                   .en = StrCat("the verifying unit \"", unit,
                                "\" is not known; name a unit that exists today")},
                  {{"field", "verified_by"}, {"unit", std::string(unit)}});
}

absl::Status EtagStale(absl::string_view name, absl::string_view given, absl::string_view current) {
  return Refuse(
      StatusCode::kAborted, "ETAG_STALE",
      {.vi = StrCat(name, " đã được người khác thay đổi; hãy đọc lại rồi thử lại."),
       .en = StrCat(name, " was changed in the meantime; read it again and retry")},
      {{"field", "etag"}, {"value", Shortened(given)}, {"current", std::string(current)}});
}

absl::Status ExtraUnitsTooMany(int64_t extra, int64_t extra_max) {
  return Blocked("EXTRA_UNITS_TOO_MANY",
                 {.vi = StrCat("Ngoài chỉ tiêu chỉ còn ", extra_max, " đơn vị, không đủ ", extra,
                               "; hãy giảm extra_units."),
                  .en = StrCat("only ", extra_max, " units are left beyond the quota, not ", extra,
                               "; ask for fewer extra units")},
                 {{"field", "extra_units"}, {"value", StrCat(extra)}, {"max", StrCat(extra_max)}});
}

absl::Status ProgrammeTooLarge(int64_t unit_count) {
  return Blocked("PROGRAMME_TOO_LARGE",
                 {.vi = StrCat("Chương trình với ", unit_count,
                               " đơn vị quá lớn cho một bản tin; hãy lập riêng cho từng Sở."),
                  .en = StrCat("a programme over ", unit_count,
                               " units does not fit one message; make one for each department")},
                 {{"units", StrCat(unit_count)}});
}

absl::Status ProgrammeAlreadyApproved(int64_t year) {
  return Blocked("PROGRAMME_ALREADY_APPROVED",
                 {.vi = StrCat("Chương trình kiểm tra năm ", year,
                               " đã được phê duyệt; hãy thêm kiểm tra đột xuất hoặc đổi lịch."),
                  .en = StrCat("the programme of ", year,
                               " is approved already; add an ad hoc inspection or reschedule")},
                 {{"year", StrCat(year)}});
}

absl::Status ProgrammeNotApproved(int64_t year) {
  return Blocked(
      "PROGRAMME_NOT_APPROVED",
      {.vi =
           StrCat("Chương trình kiểm tra năm ", year, " chưa được phê duyệt; hãy phê duyệt trước."),
       .en = StrCat("the programme of ", year, " is not approved yet; approve it first")},
      {{"year", StrCat(year)}});
}

absl::Status ProgrammeOutOfDate(absl::string_view inspection, absl::CivilDay planned) {
  return Blocked("PROGRAMME_OUT_OF_DATE",
                 {.vi = StrCat("Lịch đề xuất đã cũ: ", inspection, " định vào ngày ",
                               FormatVietnamese(planned), ", nay đã qua; hãy lập lại."),
                  .en = StrCat("the proposal has grown old: ", inspection, " was planned for ",
                               FormatDate(planned), "; propose again")},
                 {{"inspection", std::string(inspection)}, {"value", FormatDate(planned)}});
}

absl::Status InspectionStateWrong(absl::string_view name, InspectionState from,
                                  InspectionState to) {
  const StateName was = NameOfState(from);
  const StateName wanted = NameOfState(to);
  return Blocked(
      "INSPECTION_STATE_WRONG",
      {.vi = StrCat("Cuộc kiểm tra ", name, " đang ở trạng thái \"", was.vi,
                    "\", không thể chuyển sang \"", wanted.vi, "\"."),
       .en = StrCat(name, " is ", was.id, " and cannot become ", wanted.id)},
      {{"name", std::string(name)}, {"from", std::string(was.id)}, {"to", std::string(wanted.id)}});
}

absl::Status AdHocNotAnnounced(absl::string_view name) {
  return Blocked("AD_HOC_NOT_ANNOUNCED",
                 {.vi = StrCat(name,
                               " là kiểm tra đột xuất nên không thông báo trước; sau khi kiểm "
                               "tra hãy ghi nhận kết quả ngay."),
                  .en = StrCat(name,
                               " is an ad hoc inspection and is not announced; record it when "
                               "it is done")},
                 {{"name", std::string(name)}});
}

absl::Status NotAWorkingDay(absl::CivilDay day) {
  return Blocked("NOT_A_WORKING_DAY",
                 {.vi = StrCat("Ngày ", FormatVietnamese(day),
                               " không phải ngày làm việc; hãy chọn ngày khác."),
                  .en = StrCat(FormatDate(day), " is not a working day; choose another")},
                 {{"field", "planned_date"}, {"value", FormatDate(day)}});
}

absl::Status UnitNotInspected(absl::string_view unit, absl::CivilDay day) {
  return Blocked("UNIT_NOT_INSPECTED",
                 {.vi = StrCat("\"", unit, "\" không thể kiểm tra ngày ", FormatVietnamese(day),
                               ": đơn vị không tồn tại ngày đó, ở ngoài Sở, hoặc là chính Sở."),
                  .en = StrCat("\"", unit, "\" cannot be inspected on ", FormatDate(day),
                               ": it does not exist then, is no part of the department, or is the "
                               "department itself")},
                 {{"unit", std::string(unit)}, {"value", FormatDate(day)}});
}

absl::Status UnitVisitedTwice(absl::string_view unit, absl::CivilDay day) {
  return Blocked("UNIT_VISITED_TWICE",
                 {.vi = StrCat("Đơn vị ", unit, " đã có một cuộc kiểm tra ngày ",
                               FormatVietnamese(day), "; hãy chọn ngày khác."),
                  .en = StrCat(unit, " has an inspection on ", FormatDate(day),
                               " already; choose another day")},
                 {{"unit", std::string(unit)}, {"value", FormatDate(day)}});
}

absl::Status InspectorNotIndependent(absl::string_view id, absl::string_view unit_name) {
  return Blocked("INSPECTOR_NOT_INDEPENDENT",
                 {.vi = StrCat("Thành viên đoàn \"", id, "\" thuộc ", unit_name,
                               " hoặc cùng một đầu mối; hãy chọn người khác."),
                  .en = StrCat("the inspector \"", id, "\" belongs to ", unit_name,
                               " or to the same branch; choose somebody else")},
                 {{"field", "team"}, {"inspector", std::string(id)}});
}

absl::Status InspectorUnavailable(absl::string_view id, absl::CivilDay day) {
  return Blocked("INSPECTOR_UNAVAILABLE",
                 {.vi = StrCat("Thành viên đoàn \"", id, "\" báo bận ngày ", FormatVietnamese(day),
                               "; hãy chọn người hoặc ngày khác."),
                  .en = StrCat("the inspector \"", id, "\" is not available on ", FormatDate(day),
                               "; choose another person or day")},
                 {{"inspector", std::string(id)}, {"value", FormatDate(day)}});
}

absl::Status InspectorBusy(absl::string_view id, absl::string_view inspection, absl::CivilDay day) {
  return Blocked("INSPECTOR_BUSY",
                 {.vi = StrCat("Thành viên đoàn \"", id, "\" đã có lịch ở ", inspection, " ngày ",
                               FormatVietnamese(day), "; hãy chọn người hoặc ngày khác."),
                  .en = StrCat("the inspector \"", id, "\" is on ", inspection, " on ",
                               FormatDate(day), "; choose another person or day")},
                 {{"inspector", std::string(id)}, {"inspection", std::string(inspection)}});
}

absl::Status FindingAlreadyRemedied(absl::string_view inspection, int64_t number,
                                    absl::CivilDay remedied) {
  return Blocked("FINDING_ALREADY_REMEDIED",
                 {.vi = StrCat("Tồn tại số ", number, " của ", inspection, " đã khắc phục ngày ",
                               FormatVietnamese(remedied), "."),
                  .en = StrCat("finding ", number, " of ", inspection, " was put right on ",
                               FormatDate(remedied))},
                 {{"field", "finding_number"}, {"value", StrCat(number)}});
}

absl::Status VerifierNotIndependent(absl::string_view unit_name, int64_t finding) {
  return Blocked("VERIFIER_NOT_INDEPENDENT",
                 {.vi = StrCat("Tồn tại số ", finding, " là nghiêm trọng nên ", unit_name,
                               " không được tự xác nhận; hãy để đơn vị khác xác nhận."),
                  .en = StrCat("finding ", finding, " is serious, so ", unit_name,
                               " cannot verify it itself; let another unit do it")},
                 {{"field", "verified_by"}, {"finding", StrCat(finding)}});
}

absl::Status NoUnits() {
  return NoProgramme("NO_UNITS",
                     {.vi = "chưa có đơn vị nào thuộc diện kiểm tra; hãy nhập danh mục đơn vị.",
                      .en = "there is no unit to inspect; fill the register of units first"});
}

absl::Status MandatoryUnitUnknown(absl::string_view unit) {
  return NoProgramme("MANDATORY_UNIT_UNKNOWN",
                     {.vi = StrCat("đơn vị bắt buộc \"", unit,
                                   "\" không có hoặc không thuộc diện kiểm tra; hãy sửa tên."),
                      .en = StrCat("the mandatory unit \"", unit,
                                   "\" does not exist or is not inspected; correct the name")},
                     {{"unit", std::string(unit)}});
}

absl::Status NoCalendar(int64_t year) {
  return NoProgramme(
      "CALENDAR_MISSING",
      {.vi = StrCat("chưa có thông báo ngày nghỉ năm ", year, "; hãy thêm tệp ", year,
                    ".txt vào thư mục lịch (xem deploy/calendar) rồi khởi động lại dịch vụ."),
       .en = StrCat("the official days off of ", year, " are not known; add ", year,
                    ".txt to the calendar folder (see deploy/calendar) and restart the service")},
      {{"year", StrCat(year)}});
}

absl::Status WindowEmpty() {
  return NoProgramme("WINDOW_EMPTY",
                     {.vi = "khoảng thời gian không còn ngày làm việc nào; hãy nới ra.",
                      .en = "no working day is left in the window; widen it"});
}

absl::Status TeamTooLarge(int64_t team_size, size_t inspector_count) {
  return NoProgramme("TEAM_TOO_LARGE",
                     {.vi = StrCat("mỗi đoàn cần ", team_size, " người nhưng chỉ có ",
                                   inspector_count, "; hãy thêm người hoặc giảm số người."),
                      .en = StrCat("a team needs ", team_size, " people and there are only ",
                                   inspector_count, "; name more or make teams smaller")},
                     {{"team_size", StrCat(team_size)}, {"inspectors", StrCat(inspector_count)}});
}

absl::Status NoInspectorForUnit(const UnitWithoutInspectors& blocked) {
  return NoProgramme("NO_INSPECTOR_FOR_UNIT",
                     {.vi = StrCat(blocked.unit_name, " cần ", blocked.team_size,
                                   " người kiểm tra thuộc đầu mối khác nhưng chỉ có ",
                                   blocked.independent, "; hãy thêm người của đơn vị khác."),
                      .en = StrCat(blocked.unit_name, " needs ", blocked.team_size,
                                   " inspectors of another branch and there are only ",
                                   blocked.independent, "; name people of other units")},
                     {{"unit", blocked.unit},
                      {"independent", StrCat(blocked.independent)},
                      {"team_size", StrCat(blocked.team_size)}});
}

absl::Status NoFreeDay(const CrowdedUnits& units) {
  const absl::string_view more = units.count > units.names.size() ? ", …" : "";
  return NoProgramme(
      "NO_FREE_DAY",
      {.vi = StrCat("từ ", FormatVietnamese(units.first_day), " đến ",
                    FormatVietnamese(units.last_day), " chỉ xếp được ", units.placed, "/",
                    units.count, " cuộc cho ", absl::StrJoin(units.display_names, ", "), more,
                    "; hãy nới thời gian hoặc thêm người."),
       .en = StrCat("from ", FormatDate(units.first_day), " to ", FormatDate(units.last_day),
                    " there is room for ", units.placed, " of ", units.count, " visits to ",
                    absl::StrJoin(units.display_names, ", "), more,
                    "; widen the window or name more people")},
      {{"units", absl::StrJoin(units.names, ", ")},
       {"visits", StrCat(units.count)},
       {"room", StrCat(units.placed)}});
}

}  // namespace dondoc::inspection::error
