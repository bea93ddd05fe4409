#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "libs/base/refusal.h"

// What every server says no to, whatever it serves.
namespace dondoc::rpc::error {

// The detail from which a refusal gets its google.rpc.RetryInfo.
inline constexpr char kRetryAfterMs[] = "retry_after_ms";

inline absl::Status RequestTooLarge(int64_t bytes, int64_t bytes_max) {
  return Refuse(
      absl::StatusCode::kInvalidArgument, "REQUEST_TOO_LARGE",
      {.vi = absl::StrCat("Yêu cầu dài ", bytes, " byte, quá mức ", bytes_max,
                          " byte của thao tác này; hãy chia nhỏ."),
       .en = absl::StrCat("the request is ", bytes, " bytes long; this method takes ", bytes_max)},
      {{"bytes", absl::StrCat(bytes)}, {"bytes_max", absl::StrCat(bytes_max)}});
}

// `after` is above zero.
inline absl::Status TooManyCalls(absl::string_view method, int per_minute, absl::Duration after) {
  const int64_t ms = absl::ToInt64Milliseconds(absl::Ceil(after, absl::Milliseconds(1)));
  return Refuse(absl::StatusCode::kResourceExhausted, "TOO_MANY_CALLS",
                {.vi = absl::StrCat("Quá ", per_minute, " lần gọi ", method,
                                    " trong một phút; hãy thử lại sau ", ms, " ms."),
                 .en = absl::StrCat("more than ", per_minute, " calls of ", method,
                                    " in a minute; try again in ", ms, " ms")},
                {{"method", std::string(method)}, {kRetryAfterMs, absl::StrCat(ms)}});
}

// The same of calls that prove nothing: their token or certificate was refused, or nobody can read
// them. `after` is above zero.
inline absl::Status TooManyUnproven(absl::string_view method, int per_minute,
                                    absl::Duration after) {
  const int64_t ms = absl::ToInt64Milliseconds(absl::Ceil(after, absl::Milliseconds(1)));
  return Refuse(absl::StatusCode::kResourceExhausted, "TOO_MANY_CALLS",
                {.vi = absl::StrCat("Quá ", per_minute,
                                    " lần gọi không chứng minh được là ai hoặc không đọc được, từ "
                                    "cùng một nơi trong một phút; hãy thử lại sau ",
                                    ms, " ms."),
                 .en = absl::StrCat("more than ", per_minute,
                                    " calls from one place in a minute that prove nothing or "
                                    "cannot be read; try again in ",
                                    ms, " ms")},
                {{"method", std::string(method)}, {kRetryAfterMs, absl::StrCat(ms)}});
}

// The fault of whoever wrote the program: the server does not start.
inline absl::Status MethodWithoutRule(absl::string_view method) {
  return Refuse(absl::StatusCode::kFailedPrecondition, "METHOD_WITHOUT_RULE",
                {.vi = absl::StrCat("Phương thức ", method,
                                    " không có dòng nào trong bảng quyền; hãy thêm vào "
                                    "proto/access.csv."),
                 .en = absl::StrCat("the method ", method,
                                    " has no row in the table of methods; add one to "
                                    "proto/access.csv")},
                {{"method", std::string(method)}});
}

}  // namespace dondoc::rpc::error
