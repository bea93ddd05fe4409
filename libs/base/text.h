#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dondoc {

// Vietnamese text as it enters the system: valid UTF-8, normalised to NFC, no byte-order mark, CRLF
// turned into LF. Everything stored or compared has gone through here, so two spellings of the same
// letter are equal bytes.
//
// Refuses, with the byte offset in the details ("byte_offset") and the advice to save as UTF-8:
//   NOT_UTF8                   bytes that are no UTF-8 (TCVN3, VISCII and windows-1258 all end
//   here) SUSPECTED_LEGACY_ENCODING  valid UTF-8 made from TCVN3 bytes ("Phßng C¶nh s¸t")
//   CONTROL_CHARACTER          NUL, C0, C1, DEL (tab and newline are allowed), bidi overrides and
//                              zero-width characters
absl::StatusOr<std::string> CleanText(absl::string_view bytes);

// A name or a line: CleanText, then no-break spaces become spaces, runs of white space (newlines
// and tabs too) become one space, the ends are trimmed. `field` names it in a refusal. Refuses as
// CleanText does, and TEXT_BLANK, and TEXT_TOO_LONG past `code_points_max`.
absl::StatusOr<std::string> CleanLine(absl::string_view field, absl::string_view bytes,
                                      size_t code_points_max);

// The key under which two names count as the same: lower case, Đ/Ð/Ɖ folded together, tone marks
// moved to one place ("hoà" = "hòa", "thuỷ" = "thủy"), white space collapsed. For finding, never
// for showing. `text` must be clean.
std::string ComparisonKey(absl::string_view text);

// The number of columns that `text` takes on a terminal (0 for combining marks, 2 for wide East
// Asian characters and emoji). Bytes that are no UTF-8 count as one each.
size_t DisplayWidth(absl::string_view text);

}  // namespace dondoc
