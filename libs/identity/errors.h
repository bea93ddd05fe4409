#pragma once

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
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

}  // namespace dondoc::identity::error
