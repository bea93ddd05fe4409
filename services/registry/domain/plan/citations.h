#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/registry/domain/plan/words.h"

namespace dondoc::registry::plan {

// A document that a text names: "Kế hoạch số 166/KH-UBND ngày 03 tháng 8 năm 2022 của UBND thành
// phố".
struct Citation {
  std::string name;    // "Kế hoạch số 166/KH-UBND", verbatim
  std::string symbol;  // "166/KH-UBND"
  // The words it takes, with its date and who issued it.
  size_t first = 0;
  size_t end = 0;
};

// All citations of `text`, in order. `words` must be WordsOf(text).
std::vector<Citation> CitationsIn(absl::string_view text, const Words& words);

// The length in words of a symbol without its number at `at`: "KH-SKH-CN". 0 for none; a single
// word is no symbol.
size_t SymbolLength(const Words& words, size_t at);

}  // namespace dondoc::registry::plan
