#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "libs/base/refusal.h"

// Every way this library can say no to a caller.
namespace dondoc::identity::error {

// Always the same words, whatever is wrong with the token; the log has the cause.
inline absl::Status TokenRefused() {
  return Refuse(
      absl::StatusCode::kUnauthenticated, "TOKEN_REFUSED",
      {.vi = "Không xác nhận được người gọi; hãy đăng nhập lại, và xem đồng hồ của máy có "
             "đúng giờ không.",
       .en = "the caller cannot be confirmed; sign in again, and see that the clock of "
             "the machine is right"});
}

inline absl::Status CertificateRefused() {
  return Refuse(absl::StatusCode::kUnauthenticated, "CERTIFICATE_REFUSED",
                {.vi = "Không xác nhận được hệ thống gọi; hãy kiểm tra chứng thư của hệ thống.",
                 .en = "the calling system cannot be confirmed; check its certificate"});
}

inline absl::Status NotSignedIn() {
  return Refuse(absl::StatusCode::kUnauthenticated, "NOT_SIGNED_IN",
                {.vi = "Thao tác này cần đăng nhập; hãy đăng nhập rồi thử lại.",
                 .en = "this needs a caller who is signed in; sign in and try again"});
}

inline absl::Status NoGrant(absl::string_view principal) {
  return Refuse(absl::StatusCode::kPermissionDenied, "NO_GRANT",
                {.vi = absl::StrCat(principal,
                                    " chưa được giao vai trò nào còn hiệu lực hôm nay; "
                                    "hãy liên hệ Văn phòng."),
                 .en = absl::StrCat(principal, " holds no role today; ask the Office")});
}

inline absl::Status RoleMissing(absl::string_view method) {
  return Refuse(
      absl::StatusCode::kPermissionDenied, "ROLE_MISSING",
      {.vi = absl::StrCat("Vai trò của bạn không được gọi ", method,
                          "; hãy nhờ người có thẩm quyền."),
       .en = absl::StrCat("none of your roles may call ", method, "; ask somebody who may")},
      {{"method", std::string(method)}});
}

inline absl::Status ScopeTooNarrow(absl::string_view method) {
  return Refuse(absl::StatusCode::kPermissionDenied, "SCOPE_TOO_NARROW",
                {.vi = absl::StrCat(method,
                                    " cần quyền trên toàn cơ quan; vai trò của bạn chỉ ở "
                                    "một số đơn vị."),
                 .en = absl::StrCat(method,
                                    " needs a role for the whole register; yours is for "
                                    "some units")},
                {{"method", std::string(method)}});
}

inline absl::Status OutOfScope(absl::string_view unit) {
  return Refuse(absl::StatusCode::kPermissionDenied, "OUT_OF_SCOPE",
                {.vi = absl::StrCat(unit, " không thuộc phạm vi của bạn."),
                 .en = absl::StrCat(unit, " is beyond what you may see or change")},
                {{"unit", std::string(unit)}});
}

inline absl::Status GrantPrincipalInvalid(absl::string_view principal) {
  return Refuse(absl::StatusCode::kInvalidArgument, "GRANT_PRINCIPAL_INVALID",
                {.vi = absl::StrCat("\"", principal,
                                    "\" không phải người hay hệ thống; hãy viết "
                                    "person:…, account:… hoặc system:…."),
                 .en = absl::StrCat("\"", principal,
                                    "\" is nobody; write person:…, account:… or "
                                    "system:…")},
                {{"field", "principal"}});
}

inline absl::Status GrantUnitInvalid(absl::string_view unit) {
  return Refuse(absl::StatusCode::kInvalidArgument, "GRANT_UNIT_INVALID",
                {.vi = absl::StrCat("\"", unit,
                                    "\" không phải đơn vị; hãy viết units/{mã}, hoặc để "
                                    "trống cho toàn cơ quan."),
                 .en = absl::StrCat("\"", unit,
                                    "\" is no unit; write units/{id}, or nothing for the "
                                    "whole register")},
                {{"field", "unit"}});
}

inline absl::Status GrantDatesInvalid() {
  return Refuse(
      absl::StatusCode::kInvalidArgument, "GRANT_DATES_INVALID",
      {.vi = "Ngày hết hiệu lực phải sau ngày bắt đầu.", .en = "valid_to must be after valid_from"},
      {{"field", "valid_to"}});
}

inline absl::Status AccessTableInvalid(int line, absl::string_view column) {
  return Refuse(
      absl::StatusCode::kInvalidArgument, "ACCESS_TABLE_INVALID",
      {.vi = absl::StrCat("Bảng quyền sai ở dòng ", line, ", cột ", column, "."),
       .en = absl::StrCat("the table of methods is wrong in line ", line, ", column ", column)},
      {{"line", absl::StrCat(line)}, {"column", std::string(column)}});
}

}  // namespace dondoc::identity::error
