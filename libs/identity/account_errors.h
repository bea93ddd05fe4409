#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "libs/base/refusal.h"

// Every way the built-in accounts can say no.
namespace dondoc::identity::error {

// The same for a wrong name, a wrong password and an account that is closed.
inline absl::Status SignInRefused() {
  return Refuse(absl::StatusCode::kUnauthenticated, "SIGN_IN_REFUSED",
                {.vi = "Tên hoặc mật khẩu không đúng.", .en = "the name or the password is wrong"});
}

inline absl::Status SignInLocked(absl::Duration left) {
  const int64_t seconds = absl::ToInt64Seconds(absl::Ceil(left, absl::Seconds(1)));
  return Refuse(absl::StatusCode::kUnauthenticated, "SIGN_IN_LOCKED",
                {.vi = absl::StrCat("Tên này đã sai mật khẩu quá nhiều lần; hãy thử lại sau ",
                                    seconds, " giây, hoặc nhờ quản trị đặt lại mật khẩu."),
                 .en = absl::StrCat("too many wrong passwords for this name; try again in ",
                                    seconds, " seconds, or have the password reset")},
                {{"retry_seconds", absl::StrCat(seconds)}});
}

inline absl::Status SignInBusy() {
  return Refuse(absl::StatusCode::kUnavailable, "SIGN_IN_BUSY",
                {.vi = "Đang có nhiều người đăng nhập; hãy thử lại sau giây lát.",
                 .en = "many are signing in; try again in a moment"});
}

inline absl::Status PasswordChangeRequired() {
  return Refuse(absl::StatusCode::kFailedPrecondition, "PASSWORD_CHANGE_REQUIRED",
                {.vi = "Mật khẩu này chỉ dùng một lần; hãy đổi mật khẩu rồi đăng nhập.",
                 .en = "this password was given to you; change it, then sign in"});
}

inline absl::Status SessionEnded() {
  return Refuse(absl::StatusCode::kUnauthenticated, "SESSION_ENDED",
                {.vi = "Phiên làm việc đã hết; hãy đăng nhập lại.",
                 .en = "the session has ended; sign in again"});
}

inline absl::Status AccountNameInvalid() {
  return Refuse(absl::StatusCode::kInvalidArgument, "ACCOUNT_NAME_INVALID",
                {.vi = "Tên tài khoản gồm 1 đến 63 ký tự a-z, 0-9, \".\", \"_\", \"-\".",
                 .en = "the name of an account is 1 to 63 of a-z, 0-9, \".\", \"_\", \"-\""},
                {{"field", "name"}});
}

inline absl::Status AccountExists(absl::string_view name) {
  return Refuse(
      absl::StatusCode::kAlreadyExists, "ACCOUNT_EXISTS",
      {.vi = absl::StrCat("Đã có tài khoản ", name, "; hãy chọn tên khác."),
       .en = absl::StrCat("there is an account ", name, " already; choose another name")});
}

inline absl::Status AccountNotFound(absl::string_view name) {
  return Refuse(absl::StatusCode::kNotFound, "ACCOUNT_NOT_FOUND",
                {.vi = absl::StrCat("Không có tài khoản ", name, "; hãy xem lại tên."),
                 .en = absl::StrCat("there is no account ", name, "; check the name")});
}

inline absl::Status PasswordUnreadable() {
  return Refuse(absl::StatusCode::kInvalidArgument, "PASSWORD_UNREADABLE",
                {.vi = "Mật khẩu phải là văn bản, không quá 256 byte.",
                 .en = "a password must be text, of at most 256 bytes"},
                {{"field", "password"}});
}

inline absl::Status PasswordTooShort(size_t letters) {
  return Refuse(absl::StatusCode::kInvalidArgument, "PASSWORD_TOO_SHORT",
                {.vi = absl::StrCat("Mật khẩu phải có ít nhất ", letters, " ký tự."),
                 .en = absl::StrCat("a password has at least ", letters, " letters")},
                {{"field", "password"}});
}

inline absl::Status PasswordIsName() {
  return Refuse(absl::StatusCode::kInvalidArgument, "PASSWORD_IS_NAME",
                {.vi = "Mật khẩu không được trùng tên tài khoản.",
                 .en = "a password must not be the name of the account"},
                {{"field", "password"}});
}

inline absl::Status PasswordCommon() {
  return Refuse(absl::StatusCode::kInvalidArgument, "PASSWORD_COMMON",
                {.vi = "Mật khẩu này quá dễ đoán; hãy chọn mật khẩu khác.",
                 .en = "this password is among the first that anybody tries; choose another"},
                {{"field", "password"}});
}

inline absl::Status PasswordUnchanged() {
  return Refuse(absl::StatusCode::kInvalidArgument, "PASSWORD_UNCHANGED",
                {.vi = "Mật khẩu mới phải khác mật khẩu cũ.",
                 .en = "the new password must differ from the old one"},
                {{"field", "password"}});
}

}  // namespace dondoc::identity::error
