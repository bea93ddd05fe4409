#include "services/registry/domain/plan/quantities.h"

#include <string>

#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace dondoc::registry::plan {
namespace {

struct ComparatorPhrase {
  Phrase phrase;
  Comparator comparator;
  // Also before a bare count: "ít nhất 02 sáng kiến". "trên 10 năm" would be a duration.
  bool counts = false;
};

const std::vector<ComparatorPhrase>& ComparatorPhrases() {
  static const std::vector<ComparatorPhrase> kPhrases = {
      {"tối thiểu", Comparator::kAtLeast, true},
      {"ít nhất", Comparator::kAtLeast, true},
      {"không dưới", Comparator::kAtLeast, true},
      {"không thấp hơn", Comparator::kAtLeast, true},
      {"không ít hơn", Comparator::kAtLeast, true},
      {"trên", Comparator::kMoreThan},
      {"hơn", Comparator::kMoreThan},
      {"cao hơn", Comparator::kMoreThan},
      {"nhiều hơn", Comparator::kMoreThan},
      {"vượt", Comparator::kMoreThan},
      {"tối đa", Comparator::kAtMost, true},
      {"nhiều nhất", Comparator::kAtMost, true},
      {"không quá", Comparator::kAtMost, true},
      {"không vượt quá", Comparator::kAtMost, true},
      {"không cao hơn", Comparator::kAtMost, true},
      {"dưới", Comparator::kLessThan},
      {"thấp hơn", Comparator::kLessThan},
      {"ít hơn", Comparator::kLessThan},
      {"bằng", Comparator::kEqual},
      {"đúng", Comparator::kEqual},
  };
  return kPhrases;
}

// Words that lead to a figure and say nothing of what is measured.
const std::vector<Phrase>& Fillers() {
  static const std::vector<Phrase> kFillers = {"đạt",       "đạt tỷ lệ", "đạt tỉ lệ",
                                               "đạt mức",   "là",        "còn",
                                               "xuống còn", "giảm còn",  "giảm xuống còn"};
  return kFillers;
}

const ComparatorPhrase* ComparatorBefore(const Words& words, size_t end) {
  const ComparatorPhrase* longest = nullptr;
  for (const ComparatorPhrase& candidate : ComparatorPhrases()) {
    const bool is_longer = longest == nullptr || candidate.phrase.size() > longest->phrase.size();
    if (is_longer && candidate.phrase.EndsBefore(words, end)) longest = &candidate;
  }
  return longest;
}

size_t SkipFillersBefore(const Words& words, size_t end) {
  while (const size_t filler = LongestBefore(Fillers(), words, end)) end -= filler;
  return end;
}

// The kind of measure at `at`, and how many words it takes; 0 for none.
struct MeasureAt {
  MeasureKind kind = MeasureKind::kCount;
  size_t words = 0;
};

MeasureAt ReadMeasureKind(const Words& words, size_t at) {
  struct MeasurePhrase {
    Phrase phrase;
    MeasureKind kind;
  };
  static const std::vector<MeasurePhrase> kPhrases = {
      {"%", MeasureKind::kPercent},          {"phần trăm", MeasureKind::kPercent},
      {"phút", MeasureKind::kMinutes},       {"giờ", MeasureKind::kHours},
      {"ngày", MeasureKind::kDays},          {"ngày làm việc", MeasureKind::kWorkingDays},
      {"giờ làm việc", MeasureKind::kHours},
  };
  MeasureAt longest;
  for (const MeasurePhrase& candidate : kPhrases) {
    if (candidate.phrase.size() > longest.words && candidate.phrase.IsAt(words, at)) {
      longest = {candidate.kind, candidate.phrase.size()};
    }
  }
  return longest;
}

// What stands after the "/" of "phút/01 lần đến giao dịch", up to the next mark. "01" says nothing
// and is dropped. Moves `at` behind it.
std::string ReadPer(absl::string_view text, const Words& words, size_t& at) {
  if (!IsSymbol(words, at, "/")) return "";
  size_t first = at + 1;
  if (WholeNumberAt(words, first) == 1) ++first;
  size_t end = first;
  while (end < words.size() && words[end].kind != WordKind::kSymbol) ++end;
  at = end;
  return std::string(Between(text, words, first, end));
}

// A number that stands for itself: not the year of "02/2024", not "9001:2015".
bool IsNumber(const Words& words, size_t at) {
  if (at >= words.size() || words[at].kind != WordKind::kNumber) return false;
  if (words[at].key.find(':') != std::string::npos) return false;
  return !(at > 0 && IsSymbol(words, at - 1, "/") && TouchesPrevious(words, at));
}

// A figure of a measured kind follows "đến", "-": the second half of a range.
bool RangeFollows(const Words& words, size_t at) {
  static const Phrase kTo("đến");
  const bool has_mark = kTo.IsAt(words, at) || IsSymbol(words, at, "-") || IsSymbol(words, at, "–");
  return has_mark && IsNumber(words, at + 1) && ReadMeasureKind(words, at + 2).words > 0;
}

// Reads the quantity whose number stands at `at`.
class QuantityReader {
 public:
  QuantityReader(absl::string_view text, const Words& words, size_t at)
      : text_(text), words_(words), at_(at) {}

  // Nothing when the number is no quantity, or one that `all` then says could not be read.
  std::optional<Quantity> Read(Quantities& all) {
    const size_t comparator_end = SkipFillersBefore(words_, at_);
    const ComparatorPhrase* comparator = ComparatorBefore(words_, comparator_end);
    const MeasureAt measure = ReadMeasureKind(words_, at_ + 1);
    // "40-45%": taking one end for the whole would promise what nobody signed.
    if (measure.words == 0 && RangeFollows(words_, at_ + 1)) {
      all.understood = false;
      return std::nullopt;
    }
    if (measure.words == 0 && (comparator == nullptr || !comparator->counts)) return std::nullopt;
    const std::optional<Decimal> value = ReadVietnameseNumber(words_[at_].key);
    if (!value) {
      all.understood = false;
      return std::nullopt;
    }
    Quantity quantity{.bound = {.value = *value, .measure = {.kind = measure.kind}}};
    quantity.first =
        comparator == nullptr ? comparator_end : comparator_end - comparator->phrase.size();
    quantity.end = at_ + 1 + measure.words;
    quantity.bound.measure.per = ReadPer(text_, words_, quantity.end);
    if (!SetComparator(comparator, quantity, all)) return std::nullopt;
    quantity.first = SkipFillersBefore(words_, quantity.first);
    return quantity;
  }

 private:
  bool SetComparator(const ComparatorPhrase* before, Quantity& quantity, Quantities& all) const {
    static const Phrase kUp("trở lên");
    static const Phrase kDown("trở xuống");
    static const Phrase kFrom("từ");
    const bool up = kUp.IsAt(words_, quantity.end);
    const bool down = kDown.IsAt(words_, quantity.end);
    // "trên 40% trở lên" says two things.
    if (RangeFollows(words_, quantity.end) || (before != nullptr && (up || down))) {
      all.understood = false;
      return false;
    }
    if (up || down) {
      quantity.bound.comparator = up ? Comparator::kAtLeast : Comparator::kAtMost;
      quantity.end += 2;
      if (kFrom.EndsBefore(words_, quantity.first)) --quantity.first;
      return true;
    }
    if (before == nullptr && quantity.bound.measure.kind != MeasureKind::kPercent) {
      all.bare_duration = true;
      return false;
    }
    quantity.bound.comparator = before == nullptr ? Comparator::kAtLeast : before->comparator;
    return true;
  }

  absl::string_view text_;
  const Words& words_;
  size_t at_;
};

}  // namespace

std::optional<Decimal> ReadVietnameseNumber(absl::string_view text) {
  const std::vector<std::string> halves = absl::StrSplit(std::string(text), ',');
  if (halves.size() > 2) return std::nullopt;
  const std::vector<std::string> groups = absl::StrSplit(halves[0], '.');
  for (size_t i = 1; i < groups.size(); ++i) {
    if (groups[i].size() != 3 || groups[0].size() > 3 || groups[0] == "0") return std::nullopt;
  }
  std::string plain = absl::StrReplaceAll(halves[0], {{".", ""}});
  if (halves.size() == 2) plain += "." + halves[1];
  const absl::StatusOr<Decimal> value = Decimal::Parse(plain);
  if (!value.ok()) return std::nullopt;
  return *value;
}

Quantities QuantitiesIn(absl::string_view text, const Words& words) {
  Quantities quantities;
  for (size_t at = 0; at < words.size(); ++at) {
    if (!IsNumber(words, at)) continue;
    std::optional<Quantity> quantity = QuantityReader(text, words, at).Read(quantities);
    if (!quantity) continue;
    at = quantity->end - 1;
    quantities.found.push_back(*std::move(quantity));
  }
  return quantities;
}

}  // namespace dondoc::registry::plan
