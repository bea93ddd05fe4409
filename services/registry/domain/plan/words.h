#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

// Text as words. Every grammar of this folder reads words, not bytes, so that letter case, the
// place of a tone mark and spaces never matter, while each word still knows where it stands in the
// text.
namespace dondoc::registry::plan {

enum class WordKind { kLetters, kNumber, kSymbol };

// A run of letters, a number ("70", "8,5", "9001:2015") or one other sign.
struct Word {
  WordKind kind = WordKind::kSymbol;
  std::string key = {};  // ComparisonKey() of the word
  size_t begin = 0;      // bytes in the text
  size_t end = 0;
};

using Words = std::vector<Word>;

// `text` must be clean (CleanText). White space separates and is dropped.
Words WordsOf(absl::string_view text);

// Only the first `count` words: enough to see how a text begins.
Words FirstWords(absl::string_view text, size_t count);

// The text from the first word to before the word at `end`.
absl::string_view Between(absl::string_view text, const Words& words, size_t first, size_t end);

// A fixed sequence of words to look for.
class Phrase {
 public:
  // Implicit, so that a table of phrases reads as a table of texts.
  Phrase(absl::string_view text);  // NOLINT(google-explicit-constructor)
  Phrase(const char* text) : Phrase(absl::string_view(text)) {}

  size_t size() const { return keys_.size(); }
  bool IsAt(const Words& words, size_t at) const;
  // True when the phrase ends just before the word at `end`.
  bool EndsBefore(const Words& words, size_t end) const;
  // Where it stands first at or after `from`.
  std::optional<size_t> FindIn(const Words& words, size_t from = 0) const;

 private:
  std::vector<std::string> keys_;
};

// The number of words of the longest phrase that stands at `at` (ends before `end`); 0 for none.
size_t LongestAt(const std::vector<Phrase>& phrases, const Words& words, size_t at);
size_t LongestBefore(const std::vector<Phrase>& phrases, const Words& words, size_t end);

// True when one of the phrases stands in the text, or at its beginning.
bool Mentions(const Words& words, const std::vector<Phrase>& phrases);
bool Mentions(absl::string_view text, const std::vector<Phrase>& phrases);
bool BeginsWith(absl::string_view text, const std::vector<Phrase>& phrases);

bool IsSymbol(const Words& words, size_t at, absl::string_view symbol);

// True when the word at `at` begins just where the one before it ends, as in "166/KH".
bool TouchesPrevious(const Words& words, size_t at);

// A whole number of at most four digits; nothing for "8,5" or "12345".
std::optional<int> WholeNumberAt(const Words& words, size_t at);

// "I" to "XXXIX"; nothing for other letters or another spelling ("IIII").
std::optional<int> RomanNumeral(absl::string_view key);

// White space of both ends removed.
absl::string_view Trimmed(absl::string_view text);
// White space, and any of ",;:.-–/" at the ends, removed.
absl::string_view TrimmedOfMarks(absl::string_view text);

// True when `text` has letters and all of them are capitals.
bool IsAllCapitals(absl::string_view text);
bool BeginsWithCapital(absl::string_view text);

}  // namespace dondoc::registry::plan
