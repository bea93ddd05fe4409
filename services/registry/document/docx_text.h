#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dondoc::registry {

// How deep tables may stand in tables, and runs in links in changes.
inline constexpr int kDocxNestingMax = 64;

// True when the first bytes are those of a zip archive, which a .docx is. Plain text never begins
// so.
bool LooksLikeDocx(absl::string_view bytes);

// The text of a Word document in the layout that ReadPlan() reads: a paragraph is a line; a row of
// a table is a line with tabs between its cells; line breaks and tabs inside a cell are spaces.
// Merged cells count as the columns they cover, the others empty. A table of two columns or less
// lays out a letterhead or a signature: each of its paragraphs is a line. Numbers that Word writes
// by itself before a paragraph are written out. Type faces, deleted text, headers, footers and
// footnotes are left out.
//
// Refuses with NOT_A_DOCX and DOCX_TOO_LARGE (see errors.h and the limits in zip_entries.h).
absl::StatusOr<std::string> TextOfDocx(absl::string_view bytes);

}  // namespace dondoc::registry
