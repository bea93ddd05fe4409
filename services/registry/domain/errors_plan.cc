#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/base/refusal.h"
#include "libs/calendar/dates.h"
#include "services/registry/domain/errors.h"

namespace dondoc::registry::error {

using absl::StatusCode;
using absl::StrCat;

absl::Status PlanNotFound(absl::string_view plan) {
  return Refuse(StatusCode::kNotFound, "PLAN_NOT_FOUND",
                {StrCat("Không có kế hoạch ", PlanName(plan),
                        "; hãy kiểm tra lại mã hoặc nhập bằng `dondoc plan import`."),
                 StrCat("There is no ", PlanName(plan),
                        "; check the id or import it with `dondoc plan import`.")},
                {{"plan", PlanName(plan)}});
}

absl::Status PlanExists(absl::string_view plan) {
  return Refuse(StatusCode::kAlreadyExists, "PLAN_EXISTS",
                {StrCat("Mã ", PlanName(plan), " đã có kế hoạch dùng; hãy chọn mã khác."),
                 StrCat("The id ", PlanName(plan), " is taken; choose another.")},
                {{"plan", PlanName(plan)}});
}

absl::Status DocumentNumberPresent(absl::string_view plan, absl::string_view number) {
  return Refuse(StatusCode::kFailedPrecondition, "DOCUMENT_NUMBER_PRESENT",
                {StrCat(PlanName(plan), " đã có số ", number, "; số đã vào sổ không đổi được."),
                 StrCat(PlanName(plan), " has the number ", number,
                        " already; a registered number does not change.")},
                {{"plan", PlanName(plan)}, {"document_number", std::string(number)}});
}

absl::Status DocumentNumberInvalid(absl::string_view value) {
  return Refuse(StatusCode::kInvalidArgument, "DOCUMENT_NUMBER_INVALID",
                {StrCat("\"", value, "\" không phải số văn bản; hãy ghi như 15/KH-SKHCN."),
                 StrCat("\"", value, "\" is no document number; write it like 15/KH-SKHCN.")},
                {{"field", "document_number"}, {"value", std::string(value)}});
}

absl::Status GroupUnknown(absl::string_view group_text, const std::vector<std::string>& known) {
  // A refusal is no place for a long list; a plan seldom has more groups than this.
  const size_t shown = std::min<size_t>(known.size(), 8);
  const std::string list =
      shown == 0
          ? "-"
          : StrCat("\"", absl::StrJoin(known.begin(), known.begin() + shown, "\", \""), "\"");
  return Refuse(StatusCode::kNotFound, "GROUP_UNKNOWN",
                {StrCat("Kế hoạch không có nhiệm vụ nào do nhóm \"", group_text,
                        "\" chủ trì; các nhóm có trong kế hoạch: ", list, "."),
                 StrCat("No task of the plan is led by the group \"", group_text,
                        "\"; the groups of the plan are: ", list, ".")},
                {{"field", "group_text"}, {"value", std::string(group_text)}});
}

absl::Status GroupEmpty(absl::string_view group_text) {
  return Refuse(StatusCode::kFailedPrecondition, "GROUP_EMPTY",
                {StrCat("Hôm nay không có đơn vị nào ứng với nhóm \"", group_text,
                        "\"; hãy thêm đơn vị hoặc chọn loại khác."),
                 StrCat("Today no unit stands for the group \"", group_text,
                        "\"; add units or choose other kinds.")},
                {{"field", "kinds"}, {"value", std::string(group_text)}});
}

absl::Status ReportNotFound(const ReportKey& report) {
  return Refuse(
      StatusCode::kNotFound, "REPORT_NOT_FOUND",
      {StrCat("Không có báo cáo định kỳ ", NameOf(report),
              "; hãy xem danh sách báo cáo của kế hoạch."),
       StrCat("There is no periodic report ", NameOf(report), "; see the reports of the plan.")},
      {{"name", NameOf(report)}});
}

absl::Status ReportDelivered(const ReportKey& report, absl::string_view unit, absl::CivilDay day) {
  return Refuse(StatusCode::kAlreadyExists, "REPORT_DELIVERED",
                {StrCat(UnitName(unit), " đã gửi ", NameOf(report), " ngày ",
                        calendar::FormatVietnamese(day), "; mỗi kỳ chỉ ghi nhận một lần."),
                 StrCat(UnitName(unit), " sent ", NameOf(report), " on ", calendar::FormatDate(day),
                        "; it is recorded once.")},
                {{"name", NameOf(report)},
                 {"unit", UnitName(unit)},
                 {"delivered_date", calendar::FormatDate(day)}});
}

}  // namespace dondoc::registry::error
