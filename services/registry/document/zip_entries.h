#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dondoc::registry {

// What a hostile archive may cost. A plan of a city has a few dozen entries and unpacks to less
// than a mebibyte of text.
inline constexpr size_t kZipEntriesMax = 2000;
inline constexpr size_t kUnpackedBytesMax = size_t{16} * 1024 * 1024;

// Unpacks the entries of `zip` whose names are in `names`; a name that is not there is left out.
// Other entries are never unpacked. Refuses with NOT_A_DOCX what is no zip archive, an encrypted
// entry and a damaged one, with DOCX_TOO_LARGE more entries or more unpacked bytes than the limits.
absl::StatusOr<std::map<std::string, std::string>> UnpackEntries(
    absl::string_view zip, const std::set<std::string>& names);

}  // namespace dondoc::registry
