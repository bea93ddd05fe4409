#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"

// Every way in which a .docx is refused.
namespace dondoc::registry::error {

inline absl::Status NotADocx(absl::string_view why) {
  return Refuse(absl::StatusCode::kInvalidArgument, "NOT_A_DOCX",
                {absl::StrCat("Tệp không phải văn bản Word (.docx) đọc được: ", why,
                              "; hãy mở bằng Word, lưu lại dạng .docx, không đặt mật khẩu."),
                 absl::StrCat("The file is no readable Word document (.docx): ", why,
                              "; open it in Word and save it as .docx without a password.")},
                {{"why", std::string(why)}});
}

inline absl::Status DocxTooLarge(absl::string_view what, size_t max) {
  return Refuse(absl::StatusCode::kInvalidArgument, "DOCX_TOO_LARGE",
                {absl::StrCat("Tệp .docx quá lớn (", what, " vượt ", max,
                              "); hãy bỏ hình ảnh, phần không thuộc kế hoạch rồi lưu lại."),
                 absl::StrCat("The .docx is too large (", what, " over ", max,
                              "); remove pictures and what does not belong to the plan.")},
                {{"what", std::string(what)}, {"max", absl::StrCat(max)}});
}

}  // namespace dondoc::registry::error
