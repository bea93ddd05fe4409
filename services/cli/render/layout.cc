#include "services/cli/render/layout.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "libs/base/text.h"

namespace dondoc::cli {
namespace {

// The length in bytes of the code point that begins at `text[i]`; 1 for a byte that begins none.
size_t CodePointLength(absl::string_view text, size_t i) {
  const auto lead = static_cast<unsigned char>(text[i]);
  size_t length = 1;
  if (lead >= 0xF0) {
    length = 4;
  } else if (lead >= 0xE0) {
    length = 3;
  } else if (lead >= 0xC0) {
    length = 2;
  }
  return std::min(length, text.size() - i);
}

// The bytes at the beginning of `text` that fit `width` columns. A combining mark stays with its
// letter, because it takes no column.
size_t FittingBytes(absl::string_view text, size_t width) {
  size_t used = 0;
  size_t i = 0;
  while (i < text.size()) {
    const size_t length = CodePointLength(text, i);
    const size_t columns = DisplayWidth(text.substr(i, length));
    if (used + columns > width) break;
    used += columns;
    i += length;
  }
  return i;
}

// Breaks one word that is wider than a line; answers the rest that begins the next line.
std::string BreakWord(absl::string_view word, size_t width, std::vector<std::string>& lines) {
  // A character wider than the line still has to go somewhere.
  while (DisplayWidth(word) > width && CodePointLength(word, 0) < word.size()) {
    const size_t bytes = std::max(FittingBytes(word, width), CodePointLength(word, 0));
    lines.emplace_back(word.substr(0, bytes));
    word.remove_prefix(bytes);
  }
  return std::string(word);
}

void WrapParagraph(absl::string_view paragraph, size_t width, std::vector<std::string>& lines) {
  std::string line;
  size_t used = 0;
  for (const absl::string_view word : absl::StrSplit(paragraph, ' ', absl::SkipEmpty())) {
    const size_t columns = DisplayWidth(word);
    if (!line.empty() && used + 1 + columns <= width) {
      absl::StrAppend(&line, " ", word);
      used += 1 + columns;
    } else {
      if (!line.empty()) lines.push_back(line);
      line = BreakWord(word, width, lines);
      used = DisplayWidth(line);
    }
  }
  lines.push_back(line);
}

}  // namespace

std::string Visible(absl::string_view text) {
  std::string visible;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n') || byte == 0x7F) {
      visible += "�";
    } else {
      visible += c;
    }
  }
  return visible;
}

std::string Truncate(absl::string_view text, size_t width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  if (width == 0) return "";
  absl::string_view kept = text.substr(0, FittingBytes(text, width - 1));
  while (!kept.empty() && kept.back() == ' ') kept.remove_suffix(1);
  return absl::StrCat(kept, "…");
}

std::vector<std::string> Wrap(absl::string_view text, size_t width) {
  std::vector<std::string> lines;
  for (const absl::string_view paragraph : absl::StrSplit(text, '\n')) {
    WrapParagraph(paragraph, std::max<size_t>(width, 1), lines);
  }
  return lines;
}

std::string Pad(absl::string_view text, size_t width, Align align) {
  const size_t used = DisplayWidth(text);
  const std::string space(used < width ? width - used : 0, ' ');
  return align == Align::kLeft ? absl::StrCat(text, space) : absl::StrCat(space, text);
}

}  // namespace dondoc::cli
