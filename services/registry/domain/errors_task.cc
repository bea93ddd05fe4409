#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"
#include "libs/calendar/dates.h"
#include "services/registry/domain/errors.h"

namespace dondoc::registry::error {

using absl::StatusCode;
using absl::StrCat;

absl::Status TaskNotFound(const TaskKey& task) {
  return Refuse(
      StatusCode::kNotFound, "TASK_NOT_FOUND",
      {StrCat("Không có nhiệm vụ ", NameOf(task), "; hãy kiểm tra kế hoạch và số thứ tự."),
       StrCat("There is no task ", NameOf(task), "; check the plan and the number.")},
      {{"name", NameOf(task)}});
}

absl::Status PhaseNotFound(const PhaseKey& phase) {
  return Refuse(StatusCode::kNotFound, "PHASE_NOT_FOUND",
                {StrCat("Nhiệm vụ không có giai đoạn ", NameOf(phase), "; hãy xem lại nhiệm vụ."),
                 StrCat("The task has no phase ", NameOf(phase), "; look at the task again.")},
                {{"name", NameOf(phase)}});
}

absl::Status NotLedByGroup(const TaskKey& task) {
  return Refuse(
      StatusCode::kFailedPrecondition, "TASK_NOT_LED_BY_GROUP",
      {StrCat(NameOf(task), " do đơn vị có tên chủ trì, không có nhóm nào cần phân giải."),
       StrCat(NameOf(task), " is led by named units; there is no group to resolve.")},
      {{"name", NameOf(task)}});
}

absl::Status ChosenAndExcluded(absl::string_view unit) {
  return Refuse(StatusCode::kInvalidArgument, "UNIT_CHOSEN_AND_EXCLUDED",
                {StrCat(UnitName(unit), " vừa được chọn vừa bị loại; hãy chỉ ghi ở một nơi."),
                 StrCat(UnitName(unit), " is both chosen and excluded; name it in one place.")},
                {{"field", "exclusions"}, {"unit", UnitName(unit)}});
}

absl::Status AssignmentAlreadySubmitted(const AssignmentKey& assignment) {
  return Refuse(StatusCode::kFailedPrecondition, "ASSIGNMENT_ALREADY_SUBMITTED",
                {StrCat(UnitName(assignment.unit), " đã nộp kết quả cho ", NameOf(assignment.phase),
                        " nên không rút ra được; hãy giữ đơn vị này trong danh sách."),
                 StrCat(UnitName(assignment.unit), " has submitted its result for ",
                        NameOf(assignment.phase), " and cannot be released; keep it in the list.")},
                {{"name", NameOf(assignment)}, {"unit", UnitName(assignment.unit)}});
}

absl::Status PhaseDone(const PhaseKey& phase) {
  return Refuse(StatusCode::kFailedPrecondition, "PHASE_DONE",
                {StrCat(NameOf(phase), " đã hoàn thành nên không dời hạn được nữa."),
                 StrCat(NameOf(phase), " is done; its deadline can no longer be moved.")},
                {{"name", NameOf(phase)}});
}

absl::Status DueBeforeWindow(absl::CivilDay due, absl::CivilDay window_start) {
  return Refuse(
      StatusCode::kInvalidArgument, "DUE_BEFORE_WINDOW",
      {StrCat("Hạn ", calendar::FormatVietnamese(due), " sớm hơn ngày bắt đầu ",
              calendar::FormatVietnamese(window_start), "; hãy chọn ngày muộn hơn."),
       StrCat("The deadline ", calendar::FormatDate(due), " is before the window opens on ",
              calendar::FormatDate(window_start), "; choose a later date.")},
      {{"value", calendar::FormatDate(due)}, {"window_start", calendar::FormatDate(window_start)}});
}

absl::Status DeadlineUnchanged(absl::CivilDay due) {
  return Refuse(StatusCode::kFailedPrecondition, "DEADLINE_UNCHANGED",
                {StrCat("Hạn đang là ", calendar::FormatVietnamese(due), "; không có gì để dời."),
                 StrCat("The deadline is ", calendar::FormatDate(due),
                        " already; there is nothing to move.")},
                {{"due_date", calendar::FormatDate(due)}});
}

absl::Status AssignmentNotFound(const AssignmentKey& assignment) {
  return Refuse(
      StatusCode::kNotFound, "ASSIGNMENT_NOT_FOUND",
      {StrCat("Không có việc được giao ", NameOf(assignment), "; hãy xem danh sách của nhiệm vụ."),
       StrCat("There is no assignment ", NameOf(assignment), "; see the list of the task.")},
      {{"name", NameOf(assignment)}});
}

absl::Status AssignmentClosed(const AssignmentKey& assignment) {
  return Refuse(StatusCode::kFailedPrecondition, "ASSIGNMENT_CLOSED",
                {StrCat(NameOf(assignment),
                        " đã nộp, đã được xác nhận hoặc đã thôi giao; chỉ sửa "
                        "được sau khi kết quả bị trả lại."),
                 StrCat(NameOf(assignment),
                        " was submitted, accepted or cancelled; it can change "
                        "again only after its result is returned.")},
                {{"name", NameOf(assignment)}});
}

absl::Status AssignmentSuspended(const AssignmentKey& assignment) {
  return Refuse(StatusCode::kFailedPrecondition, "ASSIGNMENT_SUSPENDED",
                {StrCat(NameOf(assignment), " đang tạm hoãn; hãy cho thực hiện tiếp trước."),
                 StrCat(NameOf(assignment), " is suspended; resume it first.")},
                {{"name", NameOf(assignment)}});
}

absl::Status AssignmentNotSuspended(const AssignmentKey& assignment) {
  return Refuse(StatusCode::kFailedPrecondition, "ASSIGNMENT_NOT_SUSPENDED",
                {StrCat(NameOf(assignment), " không tạm hoãn nên không có gì để cho tiếp tục."),
                 StrCat(NameOf(assignment), " is not suspended; there is nothing to resume.")},
                {{"name", NameOf(assignment)}});
}

absl::Status PercentOutOfRange(int percent) {
  return Refuse(StatusCode::kInvalidArgument, "PERCENT_OUT_OF_RANGE",
                {StrCat("percent: ", percent, " nằm ngoài 0 đến 100; hãy ghi lại."),
                 StrCat("percent: ", percent, " is not within 0 to 100; correct it.")},
                {{"field", "percent"}, {"value", StrCat(percent)}});
}

absl::Status EvidenceMissing() {
  return Refuse(
      StatusCode::kInvalidArgument, "EVIDENCE_MISSING",
      {"evidence: cần ít nhất một văn bản chứng minh kết quả; hãy thêm số và ngày văn bản.",
       "evidence: at least one document must show the result; add its number and date."},
      {{"field", "evidence"}});
}

absl::Status EvidenceInFuture(absl::string_view field, absl::CivilDay date, absl::CivilDay today) {
  return Refuse(StatusCode::kInvalidArgument, "EVIDENCE_DATE_IN_FUTURE",
                {StrCat(field, ": ngày văn bản ", calendar::FormatVietnamese(date), " sau hôm nay ",
                        calendar::FormatVietnamese(today), "; hãy kiểm tra lại."),
                 StrCat(field, ": the document is dated ", calendar::FormatDate(date),
                        ", after today, ", calendar::FormatDate(today), "; check it.")},
                {{"field", std::string(field)}, {"value", calendar::FormatDate(date)}});
}

absl::Status LinkInvalid(absl::string_view field) {
  return Refuse(StatusCode::kInvalidArgument, "LINK_INVALID",
                {StrCat(field,
                        ": không phải liên kết https; hãy chép lại cả dòng bắt đầu bằng "
                        "https://."),
                 StrCat(field, ": not an https link; copy it whole, from https:// on.")},
                {{"field", std::string(field)}});
}

absl::Status Sha256Invalid(absl::string_view field) {
  return Refuse(StatusCode::kInvalidArgument, "SHA256_INVALID",
                {StrCat(field, ": mã SHA-256 gồm đúng 64 chữ số thập lục phân; hãy chép lại."),
                 StrCat(field, ": a SHA-256 is exactly 64 hexadecimal digits; copy it again.")},
                {{"field", std::string(field)}});
}

absl::Status OutcomeNotConditional(const AssignmentKey& assignment) {
  return Refuse(StatusCode::kFailedPrecondition, "OUTCOME_NOT_CONDITIONAL",
                {StrCat("Sản phẩm của ", NameOf(assignment.phase),
                        " không kèm điều kiện \"nếu có\" "
                        "nên không thể kết thúc là không phát sinh; hãy nộp sản phẩm."),
                 StrCat("The product of ", NameOf(assignment.phase),
                        " is not conditional, so it "
                        "cannot end as not arising; submit the product.")},
                {{"name", NameOf(assignment)}, {"field", "outcome"}});
}

absl::Status NothingSubmitted(const AssignmentKey& assignment) {
  return Refuse(StatusCode::kFailedPrecondition, "NOTHING_SUBMITTED",
                {StrCat(NameOf(assignment), " không có kết quả nào đang chờ xác nhận."),
                 StrCat(NameOf(assignment), " has no result that waits for acceptance.")},
                {{"name", NameOf(assignment)}});
}

absl::Status OwnResult(const AssignmentKey& assignment, absl::string_view actor) {
  return Refuse(StatusCode::kPermissionDenied, "OWN_RESULT",
                {StrCat("\"", actor,
                        "\" là người đã nộp kết quả này; việc xác nhận phải do người "
                        "khác, có tên trong dondoc-actor."),
                 StrCat("\"", actor,
                        "\" submitted this result; somebody else, named in "
                        "dondoc-actor, must accept it.")},
                {{"name", NameOf(assignment)}, {"actor", std::string(actor)}});
}

}  // namespace dondoc::registry::error
