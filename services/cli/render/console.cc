#include "services/cli/render/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dondoc::cli {
namespace {

// Of a terminal that does not say how wide it is, and of a file or a pipe, which are read as well.
constexpr int kWidthDefault = 120;

// The eight standard colours only: the user's terminal decides what they look like.
absl::string_view Escape(Style style) {
  switch (style) {
    case Style::kPlain:
      return "";
    case Style::kStrong:
      return "\x1b[1m";
    case Style::kFaint:
      return "\x1b[2m";
    case Style::kGood:
      return "\x1b[32m";
    case Style::kNotice:
      return "\x1b[36m";
    case Style::kWarning:
      return "\x1b[33m";
    case Style::kBad:
      return "\x1b[31m";
  }
  return "";
}

int Width(const Environment& environment) {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  int columns = 0;
  if (absl::SimpleAtoi(environment("COLUMNS"), &columns) && columns >= 0) return columns;
  return kWidthDefault;
}

}  // namespace

Console ProcessConsole(const Environment& environment) {
  const bool out_is_terminal = isatty(STDOUT_FILENO) == 1;
  const bool err_is_terminal = isatty(STDERR_FILENO) == 1;
  const bool colour = environment("NO_COLOR").empty() && environment("TERM") != "dumb";
  return Console{.out = std::cout,
                 .err = std::cerr,
                 .width = Width(environment),
                 .out_colour = colour && out_is_terminal,
                 .err_colour = colour && err_is_terminal,
                 .err_is_terminal = err_is_terminal};
}

std::string Paint(bool colour, Style style, absl::string_view text) {
  const absl::string_view escape = Escape(style);
  if (!colour || escape.empty() || text.empty()) return std::string(text);
  return absl::StrCat(escape, text, "\x1b[0m");
}

}  // namespace dondoc::cli
