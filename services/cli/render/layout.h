#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dondoc::cli {

// Text in columns of a terminal. All widths are columns as libs/base/text.h counts them, so that
// "Đôn đốc" takes seven and a combining mark none.

enum class Align { kLeft, kRight };

// `text` with every control character but the newline shown as "�": what a stranger wrote (the last
// answer of a web hook, say) must not steer the terminal.
std::string Visible(absl::string_view text);

// The longest beginning of `text` that fits `width` columns; it ends in "…" when something was cut.
std::string Truncate(absl::string_view text, size_t width);

// Lines of at most `width` columns, broken at spaces; a word that is longer than a line is broken
// anywhere. Newlines stay. At least one line.
std::vector<std::string> Wrap(absl::string_view text, size_t width);

// `text` filled up with spaces to `width` columns.
std::string Pad(absl::string_view text, size_t width, Align align);

}  // namespace dondoc::cli
