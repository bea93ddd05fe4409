#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"
#include "libs/calendar/dates.h"
#include "services/registry/domain/errors.h"

namespace dondoc::registry::error {

using absl::StatusCode;
using absl::StrCat;

absl::Status GrantNotFound(int64_t number) {
  return Refuse(
      StatusCode::kNotFound, "GRANT_NOT_FOUND",
      {StrCat("Không có quyết định giao vai trò ", GrantName(number), "; xem `dondoc grant list`."),
       StrCat("There is no ", GrantName(number), "; see `dondoc grant list`.")},
      {{"grant", GrantName(number)}});
}

absl::Status GrantExists(int64_t number, absl::string_view principal) {
  return Refuse(StatusCode::kAlreadyExists, "GRANT_EXISTS",
                {StrCat(principal, " đã giữ vai trò này ở đơn vị này theo ", GrantName(number),
                        "; hãy kết thúc nó trước, hoặc chọn ngày khác."),
                 StrCat(principal, " holds this role there already by ", GrantName(number),
                        "; end that first, or choose other days.")},
                {{"grant", GrantName(number)}});
}

absl::Status GrantRoleInvalid(absl::string_view principal, absl::string_view role) {
  return Refuse(StatusCode::kInvalidArgument, "GRANT_ROLE_INVALID",
                {StrCat("Không giao được vai trò ", role, " cho ", principal,
                        "; vai trò system chỉ dành cho system:…, và operator không giao ở đây."),
                 StrCat("The role ", role, " cannot be given to ", principal,
                        "; system is for system:… alone, and operator is not given here.")},
                {{"field", "grant.role"}});
}

absl::Status GrantStartsInPast(absl::CivilDay day) {
  return Refuse(StatusCode::kInvalidArgument, "GRANT_STARTS_IN_PAST",
                {StrCat("Ngày bắt đầu ", calendar::FormatVietnamese(day),
                        " đã qua; vai trò chỉ giao từ hôm nay trở đi."),
                 StrCat("The first day ", calendar::FormatDate(day),
                        " has passed; a role is given from today on.")},
                {{"field", "grant.valid_from"}});
}

absl::Status GrantEndsInPast(absl::CivilDay day) {
  return Refuse(
      StatusCode::kInvalidArgument, "GRANT_ENDS_IN_PAST",
      {StrCat("Ngày hết hiệu lực ", calendar::FormatVietnamese(day),
              " đã qua; sớm nhất là hôm nay."),
       StrCat("The day ", calendar::FormatDate(day), " has passed; today is the earliest.")},
      {{"field", "valid_to"}});
}

absl::Status GrantEnded(int64_t number, absl::CivilDay valid_to) {
  return Refuse(
      StatusCode::kFailedPrecondition, "GRANT_ENDED",
      {StrCat(GrantName(number), " đã hết hiệu lực từ ngày ", calendar::FormatVietnamese(valid_to),
              "; để kéo dài, hãy giao vai trò mới."),
       StrCat(GrantName(number), " ends on ", calendar::FormatDate(valid_to),
              " already; to prolong it give a new one.")},
      {{"grant", GrantName(number)}});
}

absl::Status LastOfficeGrant(int64_t number) {
  return Refuse(StatusCode::kFailedPrecondition, "LAST_OFFICE_GRANT",
                {StrCat(GrantName(number),
                        " là vai trò Văn phòng toàn cơ quan cuối cùng không có ngày hết; "
                        "hãy giao cho người khác trước."),
                 StrCat(GrantName(number),
                        " is the last Office for the whole register without an end; give "
                        "it to somebody else first.")},
                {{"grant", GrantName(number)}});
}

absl::Status LastOfficeAccount(absl::string_view account, int64_t number) {
  return Refuse(
      StatusCode::kFailedPrecondition, "LAST_OFFICE_ACCOUNT",
      {StrCat("Tài khoản ", account, " giữ vai trò Văn phòng toàn cơ quan cuối cùng (",
              GrantName(number),
              "); khóa lại thì không ai giao được vai trò nữa. Hãy giao vai trò Văn phòng "
              "cho người khác trước, bằng `dondoc grant give`."),
       StrCat("The account ", account, " holds the last Office for the whole register (",
              GrantName(number),
              "); with it closed nobody could give a role. Make somebody else Office "
              "first, with `dondoc grant give`.")},
      {{"account", StrCat("accounts/", account)}, {"grant", GrantName(number)}});
}

absl::Status OfficePresent(int64_t number, absl::string_view principal) {
  return Refuse(StatusCode::kFailedPrecondition, "OFFICE_PRESENT",
                {StrCat(principal, " đã là Văn phòng toàn cơ quan (", GrantName(number),
                        "); hãy nhờ người đó giao vai trò bằng `dondoc grant give`."),
                 StrCat(principal, " is Office for the whole register already (", GrantName(number),
                        "); they give roles with `dondoc grant give`.")},
                {{"grant", GrantName(number)}});
}

}  // namespace dondoc::registry::error
