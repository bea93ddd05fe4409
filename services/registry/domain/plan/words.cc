#include "services/registry/domain/plan/words.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "libs/base/text.h"

namespace dondoc::registry::plan {
namespace {

// The code point at the front of `text` and its length in bytes; clean text always has one.
struct Front {
  utf8proc_int32_t code = 0;
  size_t length = 1;
};

Front FrontOf(absl::string_view text) {
  Front front;
  const utf8proc_ssize_t length =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                       static_cast<utf8proc_ssize_t>(text.size()), &front.code);
  if (length > 0) front.length = static_cast<size_t>(length);
  return front;
}

bool IsLetter(utf8proc_int32_t code) {
  if (code < 0x80) return absl::ascii_isalpha(static_cast<unsigned char>(code));
  const utf8proc_category_t category = utf8proc_category(code);
  return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
         category == UTF8PROC_CATEGORY_MN;
}

bool IsSpace(utf8proc_int32_t code) {
  if (code < 0x80) return absl::ascii_isspace(static_cast<unsigned char>(code));
  return utf8proc_category(code) == UTF8PROC_CATEGORY_ZS;
}

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

size_t EndOfNumber(absl::string_view text, size_t at) {
  while (at < text.size() && IsDigit(text[at])) ++at;
  // A sign inside a number joins only when a digit follows: "8,5", but "2023." ends a sentence.
  while (at + 1 < text.size() && (text[at] == ',' || text[at] == '.' || text[at] == ':') &&
         IsDigit(text[at + 1])) {
    ++at;
    while (at < text.size() && IsDigit(text[at])) ++at;
  }
  return at;
}

size_t EndOfLetters(absl::string_view text, size_t at) {
  while (at < text.size()) {
    const Front front = FrontOf(text.substr(at));
    if (!IsLetter(front.code)) break;
    at += front.length;
  }
  return at;
}

// A third of all words have plain letters only, which need no table of marks.
std::string KeyOf(absl::string_view letters) {
  const bool is_plain = std::all_of(letters.begin(), letters.end(), [](char c) {
    return absl::ascii_isascii(static_cast<unsigned char>(c));
  });
  if (is_plain) return absl::AsciiStrToLower(letters);
  // A plan repeats the same thousand words, and every grammar cuts its texts anew: remembering
  // their keys halves the time of an import. Forgotten when full, so that it never grows.
  constexpr size_t kRememberedMax = 4096;
  constexpr size_t kRememberedBytesMax = 32;
  if (letters.size() > kRememberedBytesMax) return ComparisonKey(letters);
  thread_local absl::flat_hash_map<std::string, std::string> remembered;
  if (const auto known = remembered.find(letters); known != remembered.end()) return known->second;
  if (remembered.size() >= kRememberedMax) remembered.clear();
  return remembered.try_emplace(std::string(letters), ComparisonKey(letters)).first->second;
}

}  // namespace

Words WordsOf(absl::string_view text) { return FirstWords(text, text.size()); }

Words FirstWords(absl::string_view text, size_t count) {
  Words words;
  words.reserve(std::min(count, text.size() / 5));
  for (size_t at = 0; at < text.size() && words.size() < count;) {
    const Front front = FrontOf(text.substr(at));
    if (IsSpace(front.code)) {
      at += front.length;
      continue;
    }
    Word word{.begin = at};
    if (IsDigit(text[at])) {
      word.kind = WordKind::kNumber;
      word.end = EndOfNumber(text, at);
    } else if (IsLetter(front.code)) {
      word.kind = WordKind::kLetters;
      word.end = EndOfLetters(text, at);
    } else {
      word.end = at + front.length;
    }
    const absl::string_view written = text.substr(at, word.end - at);
    word.key = word.kind == WordKind::kLetters ? KeyOf(written) : std::string(written);
    at = word.end;
    words.push_back(std::move(word));
  }
  return words;
}

absl::string_view Between(absl::string_view text, const Words& words, size_t first, size_t end) {
  if (first >= end || first >= words.size()) return {};
  const size_t last = std::min(end, words.size()) - 1;
  return text.substr(words[first].begin, words[last].end - words[first].begin);
}

Phrase::Phrase(absl::string_view text) {
  for (const Word& word : WordsOf(text)) keys_.push_back(word.key);
}

bool Phrase::IsAt(const Words& words, size_t at) const {
  if (keys_.empty() || at > words.size() || words.size() - at < keys_.size()) return false;
  return std::equal(keys_.begin(), keys_.end(), words.begin() + static_cast<ptrdiff_t>(at),
                    [](const std::string& key, const Word& word) { return key == word.key; });
}

bool Phrase::EndsBefore(const Words& words, size_t end) const {
  return end >= keys_.size() && IsAt(words, end - keys_.size());
}

std::optional<size_t> Phrase::FindIn(const Words& words, size_t from) const {
  for (size_t at = from; at < words.size(); ++at) {
    if (IsAt(words, at)) return at;
  }
  return std::nullopt;
}

size_t LongestAt(const std::vector<Phrase>& phrases, const Words& words, size_t at) {
  size_t longest = 0;
  for (const Phrase& phrase : phrases) {
    if (phrase.size() > longest && phrase.IsAt(words, at)) longest = phrase.size();
  }
  return longest;
}

size_t LongestBefore(const std::vector<Phrase>& phrases, const Words& words, size_t end) {
  size_t longest = 0;
  for (const Phrase& phrase : phrases) {
    if (phrase.size() > longest && phrase.EndsBefore(words, end)) longest = phrase.size();
  }
  return longest;
}

bool Mentions(const Words& words, const std::vector<Phrase>& phrases) {
  for (size_t at = 0; at < words.size(); ++at) {
    if (LongestAt(phrases, words, at) > 0) return true;
  }
  return false;
}

bool Mentions(absl::string_view text, const std::vector<Phrase>& phrases) {
  return Mentions(WordsOf(text), phrases);
}

bool BeginsWith(absl::string_view text, const std::vector<Phrase>& phrases) {
  size_t longest = 0;
  for (const Phrase& phrase : phrases) longest = std::max(longest, phrase.size());
  return LongestAt(phrases, FirstWords(text, longest), 0) > 0;
}

bool IsSymbol(const Words& words, size_t at, absl::string_view symbol) {
  return at < words.size() && words[at].kind == WordKind::kSymbol && words[at].key == symbol;
}

bool TouchesPrevious(const Words& words, size_t at) {
  return at > 0 && at < words.size() && words[at - 1].end == words[at].begin;
}

std::optional<int> WholeNumberAt(const Words& words, size_t at) {
  if (at >= words.size() || words[at].kind != WordKind::kNumber) return std::nullopt;
  const std::string& digits = words[at].key;
  int value = 0;
  if (digits.size() > 4 || !std::all_of(digits.begin(), digits.end(), IsDigit)) return std::nullopt;
  if (!absl::SimpleAtoi(digits, &value)) return std::nullopt;
  return value;
}

std::optional<int> RomanNumeral(absl::string_view key) {
  constexpr std::array<absl::string_view, 10> kOnes = {"",  "i",  "ii",  "iii",  "iv",
                                                       "v", "vi", "vii", "viii", "ix"};
  int tens = 0;
  while (tens < 3 && !key.empty() && key.front() == 'x') {
    ++tens;
    key.remove_prefix(1);
  }
  const auto one = std::find(kOnes.begin(), kOnes.end(), key);
  if (one == kOnes.end()) return std::nullopt;
  const int value = tens * 10 + static_cast<int>(one - kOnes.begin());
  if (value == 0) return std::nullopt;
  return value;
}

absl::string_view Trimmed(absl::string_view text) { return absl::StripAsciiWhitespace(text); }

absl::string_view TrimmedOfMarks(absl::string_view text) {
  constexpr absl::string_view kDash = "–";
  constexpr absl::string_view kMarks = " \t\n,;:.-/";
  while (!text.empty()) {
    const size_t size = text.size();
    text = text.substr(std::min(text.find_first_not_of(kMarks), size));
    text = text.substr(0, text.find_last_not_of(kMarks) + 1);
    if (absl::StartsWith(text, kDash)) text.remove_prefix(kDash.size());
    if (absl::EndsWith(text, kDash)) text.remove_suffix(kDash.size());
    if (text.size() == size) break;
  }
  return text;
}

bool IsAllCapitals(absl::string_view text) {
  bool any = false;
  while (!text.empty()) {
    const Front front = FrontOf(text);
    if (utf8proc_islower(front.code)) return false;
    any = any || utf8proc_isupper(front.code);
    text.remove_prefix(front.length);
  }
  return any;
}

bool BeginsWithCapital(absl::string_view text) {
  return !text.empty() && utf8proc_isupper(FrontOf(text).code);
}

}  // namespace dondoc::registry::plan
