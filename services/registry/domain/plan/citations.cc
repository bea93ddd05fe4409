#include "services/registry/domain/plan/citations.h"

#include <algorithm>

#include "services/registry/domain/plan/dates.h"
#include "services/registry/domain/plan/parties.h"

namespace dondoc::registry::plan {
namespace {

const std::vector<Phrase>& DocumentKinds() {
  static const std::vector<Phrase> kKinds = {
      "kế hoạch", "quyết định", "nghị định", "nghị quyết", "thông tư",  "chỉ thị", "chương trình",
      "kết luận", "quy định",   "công văn",  "đề án",      "thông báo", "luật",    "hướng dẫn"};
  return kKinds;
}

// "166/KH-UBND", "19/2014/QĐ-TTg", "28-KL/TW": a number, then signs and letters without a space.
size_t NumberedSymbolLength(const Words& words, size_t at) {
  if (at >= words.size() || words[at].kind != WordKind::kNumber) return 0;
  size_t end = at + 1;
  bool has_letters = false;
  while (end + 1 < words.size() && TouchesPrevious(words, end) && TouchesPrevious(words, end + 1) &&
         (IsSymbol(words, end, "/") || IsSymbol(words, end, "-") || IsSymbol(words, end, "&")) &&
         words[end + 1].kind != WordKind::kSymbol) {
    has_letters = has_letters || words[end + 1].kind == WordKind::kLetters;
    end += 2;
  }
  return has_letters ? end - at : 0;
}

// " ngày 03 tháng 8 năm 2022" and " của UBND thành phố" after a symbol.
size_t SkipDateAndIssuer(const Words& words, size_t at) {
  static const Phrase kDay("ngày");
  static const Phrase kOf("của");
  if (kDay.IsAt(words, at)) {
    if (const std::optional<DateAt> date = ReadDate(words, at + 1)) at += 1 + date->words;
  }
  if (kOf.IsAt(words, at)) {
    if (const size_t issuer = StateBodyLength(words, at + 1); issuer > 0) at += 1 + issuer;
  }
  return at;
}

}  // namespace

size_t SymbolLength(const Words& words, size_t at) {
  size_t end = at;
  while (end < words.size() && words[end].kind == WordKind::kLetters &&
         (end == at || TouchesPrevious(words, end))) {
    ++end;
    const bool goes_on = (IsSymbol(words, end, "-") || IsSymbol(words, end, "&")) &&
                         TouchesPrevious(words, end) && TouchesPrevious(words, end + 1) &&
                         words[end + 1].kind == WordKind::kLetters;
    if (!goes_on) break;
    ++end;
  }
  return end - at > 1 ? end - at : 0;
}

std::vector<Citation> CitationsIn(absl::string_view text, const Words& words) {
  static const Phrase kNumber("số");
  std::vector<Citation> citations;
  for (size_t at = 0; at < words.size(); ++at) {
    const size_t length = NumberedSymbolLength(words, at);
    if (length == 0) continue;
    size_t first = at;
    if (kNumber.EndsBefore(words, first)) --first;
    first -= LongestBefore(DocumentKinds(), words, first);
    const size_t end = at + length;
    citations.push_back({.name = std::string(Between(text, words, first, end)),
                         .symbol = std::string(Between(text, words, at, end)),
                         .first = first,
                         .end = SkipDateAndIssuer(words, end)});
    at = citations.back().end - 1;
  }
  return citations;
}

}  // namespace dondoc::registry::plan
