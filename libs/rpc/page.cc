#include "libs/rpc/page.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/base/ids.h"
#include "libs/base/refusal.h"

namespace dondoc::rpc {
namespace {

// A token is 8 bytes of a hash over the filter and the key, then the key. The hash guards against a
// token that was cut, altered or made for another list; it is no secret, because a key tells
// nothing that the list itself would not.
constexpr size_t kCheckBytes = 8;

std::string CheckOf(absl::string_view after, absl::string_view filter) {
  return Sha256(absl::StrCat(filter.size(), ":", filter, after)).substr(0, kCheckBytes);
}

absl::Status PageTokenInvalid() {
  return Refuse(
      absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID",
      {.vi = "page_token không thuộc danh sách này; hãy gửi lại đúng mã đã nhận, cùng bộ lọc.",
       .en = "page_token does not belong to this list; send the token as received, with the "
             "same filter"},
      {{"field", "page_token"}});
}

absl::Status PageSizeNegative(int32_t page_size) {
  return Refuse(absl::StatusCode::kInvalidArgument, "PAGE_SIZE_NEGATIVE",
                {.vi = "page_size không được âm; 0 nghĩa là mặc định.",
                 .en = "page_size cannot be negative; 0 means the default"},
                {{"field", "page_size"}, {"value", absl::StrCat(page_size)}});
}

}  // namespace

absl::StatusOr<Page> ReadPage(int32_t page_size, absl::string_view page_token,
                              absl::string_view filter) {
  if (page_size < 0) return PageSizeNegative(page_size);
  Page page;
  if (page_size > 0) page.size = std::min(page_size, kPageSizeMax);
  if (page_token.empty()) return page;
  std::string token;
  if (!absl::WebSafeBase64Unescape(page_token, &token) || token.size() < kCheckBytes) {
    return PageTokenInvalid();
  }
  page.after = token.substr(kCheckBytes);
  // The whole token is compared, because base64 can spell the same bytes in several ways.
  if (page_token != NextPageToken(page.after, filter)) return PageTokenInvalid();
  return page;
}

std::string NextPageToken(absl::string_view after, absl::string_view filter) {
  return absl::WebSafeBase64Escape(absl::StrCat(CheckOf(after, filter), after));
}

}  // namespace dondoc::rpc
