#pragma once

#include <functional>
#include <ostream>
#include <string>

#include "absl/strings/string_view.h"

namespace dondoc::cli {

// How a piece of text is meant. A style never carries a meaning alone: a word or a symbol says the
// same, so nothing is lost on paper, in a pipe or to an eye that sees no red.
enum class Style { kPlain, kStrong, kFaint, kGood, kNotice, kWarning, kBad };

// Where a run of the program prints, and what that place can show.
struct Console {
  std::ostream& out;
  std::ostream& err;
  // Columns that `out` has; with 0 nothing is cut or wrapped.
  int width = 0;
  bool out_colour = false;
  bool err_colour = false;
  // Progress bars are drawn on `err`, and only on a terminal.
  bool err_is_terminal = false;
};

// Reads an environment variable; "" when it is not set.
using Environment = std::function<std::string(absl::string_view name)>;

// The console of this process: std::cout and std::cerr, with their terminals' facts. Where there is
// no terminal COLUMNS says how wide a line may be, and COLUMNS=0 that nothing is cut, for grep.
// NO_COLOR in the environment (https://no-color.org) turns colour off.
Console ProcessConsole(const Environment& environment);

// `text` in `style` when there is colour, otherwise `text`.
std::string Paint(bool colour, Style style, absl::string_view text);

}  // namespace dondoc::cli
