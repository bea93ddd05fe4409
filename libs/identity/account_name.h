#pragma once

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace dondoc::identity {

inline constexpr size_t kAccountNameBytesMax = 63;

// 1 to 63 of a-z, 0-9, ".", "_", "-".
inline bool IsAccountName(absl::string_view name) {
  return !name.empty() && name.size() <= kAccountNameBytesMax &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '.' || c == '_' ||
                  c == '-';
         });
}

}  // namespace dondoc::identity
