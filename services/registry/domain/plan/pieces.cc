#include "services/registry/domain/plan/pieces.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/registry/domain/plan/citations.h"
#include "services/registry/domain/plan/dates.h"
#include "services/registry/domain/plan/quantities.h"
#include "services/registry/domain/plan/words.h"

namespace dondoc::registry::plan {
namespace {

// A stretch of words: [first, end).
struct Span {
  size_t first = 0;
  size_t end = 0;
};

const std::vector<Phrase>& NestingPhrases() {
  static const std::vector<Phrase> kPhrases = {"trong đó", "trong số đó"};
  return kPhrases;
}

// "TP. Cần Thơ" goes on.
bool IsAbbreviationDot(const Words& words, size_t at) {
  static const std::vector<Phrase> kWithDot = {"TP",  "Q",  "P",  "TX", "TT",
                                               "ThS", "TS", "GS", "PGS"};
  return TouchesPrevious(words, at) && LongestBefore(kWithDot, words, at) > 0;
}

bool EndsSentence(absl::string_view text, const Words& words, size_t at) {
  if (!IsSymbol(words, at, ".") || at + 1 >= words.size() || TouchesPrevious(words, at + 1)) {
    return false;
  }
  const bool begins_another = words[at + 1].kind == WordKind::kNumber ||
                              BeginsWithCapital(Between(text, words, at + 1, at + 2));
  return begins_another && !IsAbbreviationDot(words, at);
}

// The phrases between ";", ends of sentences and "trong đó", outside brackets.
std::vector<Span> PhrasesOf(absl::string_view text, const Words& words) {
  std::vector<Span> spans;
  size_t first = 0;
  int depth = 0;
  const auto cut = [&](size_t end, size_t next) {
    if (end > first) spans.push_back({first, end});
    first = next;
  };
  for (size_t at = 0; at < words.size(); ++at) {
    if (IsSymbol(words, at, "(")) ++depth;
    if (IsSymbol(words, at, ")")) depth = std::max(0, depth - 1);
    if (depth > 0) continue;
    if (IsSymbol(words, at, ";") || EndsSentence(text, words, at)) {
      cut(at, at + 1);
    } else if (at > first && LongestAt(NestingPhrases(), words, at) > 0) {
      cut(at, at);
    }
  }
  cut(words.size(), words.size());
  return spans;
}

bool IsDivider(const Words& words, size_t at) {
  static const Phrase kAnd("và");
  return IsSymbol(words, at, ",") || kAnd.IsAt(words, at);
}

// Where to cut between two figures of one phrase; nothing when neither has a divider beside it.
std::optional<size_t> DividerBetween(const Words& words, const Quantity& a, const Quantity& b) {
  if (a.end < b.first && IsDivider(words, a.end)) return a.end;
  if (b.first > a.end && IsDivider(words, b.first - 1)) return b.first - 1;
  return std::nullopt;
}

// The date of "từ tháng 7 năm 2023", "kể từ ngày 01/7/2023", with the words it takes.
struct Beginning {
  absl::CivilDay date;
  Span span;
};

std::optional<Beginning> BeginningAt(const Words& words, size_t at) {
  static const Phrase kFrom("từ");
  static const Phrase kDay("ngày");
  static const Phrase kMonth("tháng");
  static const Phrase kQuarter("quý");
  static const Phrase kYear("năm");
  static const Phrase kSince("kể");
  if (!kFrom.IsAt(words, at)) return std::nullopt;
  const size_t first = kSince.EndsBefore(words, at) ? at - 1 : at;
  if (kDay.IsAt(words, at + 1)) {
    const std::optional<DateAt> date = ReadDate(words, at + 2);
    if (!date) return std::nullopt;
    return Beginning{date->date, {first, at + 2 + date->words}};
  }
  const bool has_year = kYear.IsAt(words, at + 3) || IsSymbol(words, at + 3, "/");
  const std::optional<int> year = ReadYear(words, at + 4);
  const std::optional<int> month = ReadMonth(words, at + 2);
  const std::optional<int> quarter = ReadQuarter(words, at + 2);
  if (!has_year || !year) return std::nullopt;
  const Span span{first, at + 5};
  if (kMonth.IsAt(words, at + 1) && month) {
    return Beginning{absl::CivilDay(*year, *month, 1), span};
  }
  if (kQuarter.IsAt(words, at + 1) && quarter) {
    return Beginning{absl::CivilDay(*year, *quarter * 3 - 2, 1), span};
  }
  return std::nullopt;
}

std::optional<Beginning> FindBeginning(const Words& words) {
  for (size_t at = 0; at < words.size(); ++at) {
    if (std::optional<Beginning> beginning = BeginningAt(words, at)) return beginning;
  }
  return std::nullopt;
}

// The brackets of a phrase, which explain what is measured but do not name it.
std::vector<Span> BracketsOf(const Words& words) {
  std::vector<Span> spans;
  size_t first = 0;
  while (first < words.size()) {
    size_t end = first + 1;
    if (IsSymbol(words, first, "(")) {
      while (end < words.size() && !IsSymbol(words, end, ")")) ++end;
      if (end < words.size()) spans.push_back({first, end + 1});
    }
    first = end;
  }
  return spans;
}

// The text without some of its words. `left_out` may overlap.
std::string Without(absl::string_view text, const Words& words, const std::vector<Span>& left_out) {
  std::string kept;
  size_t end_of_last = 0;
  for (size_t at = 0; at < words.size(); ++at) {
    const bool is_out = std::any_of(left_out.begin(), left_out.end(), [at](const Span& span) {
      return span.first <= at && at < span.end;
    });
    if (is_out) continue;
    const bool was_spaced = words[at].begin > end_of_last;
    const bool hangs_on = IsSymbol(words, at, ",") || IsSymbol(words, at, ".");
    if (!kept.empty() && was_spaced && !hangs_on) kept += " ";
    absl::StrAppend(&kept, Between(text, words, at, at + 1));
    end_of_last = words[at].end;
  }
  return std::string(TrimmedOfMarks(kept));
}

// What "không bao gồm …" leaves out, up to the end of the bracket or the phrase.
std::string ExclusionIn(absl::string_view text, const Words& words) {
  static const std::vector<Phrase> kExcept = {"không bao gồm", "không tính", "không kể",
                                              "ngoại trừ", "trừ"};
  for (size_t at = 0; at < words.size(); ++at) {
    const size_t length = LongestAt(kExcept, words, at);
    if (length == 0) continue;
    size_t end = at + length;
    while (end < words.size() && !IsSymbol(words, end, ")")) ++end;
    return std::string(TrimmedOfMarks(Between(text, words, at + length, end)));
  }
  return "";
}

// "tổng số hồ sơ" of "trên tổng số hồ sơ đạt tối thiểu 30%".
std::string DenominatorIn(absl::string_view text, const Words& words,
                          const std::optional<Quantity>& quantity) {
  static const Phrase kOfAll("trên tổng số");
  const std::optional<size_t> at = kOfAll.FindIn(words);
  if (!at) return "";
  size_t end = *at + 1;
  while (end < words.size() && words[end].kind == WordKind::kLetters &&
         !(quantity && end == quantity->first)) {
    ++end;
  }
  return std::string(Between(text, words, *at + 1, end));
}

}  // namespace

Pieces PiecesOf(absl::string_view text) {
  Pieces result;
  const Words words = WordsOf(text);
  const Quantities whole = QuantitiesIn(text, words);
  result.has_figure = !whole.found.empty();
  result.understood = whole.understood;
  result.bare_duration = whole.bare_duration;
  const auto add = [&](Span span) {
    const std::string piece(TrimmedOfMarks(Between(text, words, span.first, span.end)));
    const bool is_nested = LongestAt(NestingPhrases(), words, span.first) > 0;
    if (!piece.empty()) result.pieces.push_back({.text = piece, .is_nested = is_nested});
  };
  if (!result.has_figure) {
    add({0, words.size()});
    return result;
  }
  auto quantity = whole.found.begin();
  for (Span phrase : PhrasesOf(text, words)) {
    const Quantity* previous = nullptr;
    for (; quantity != whole.found.end() && quantity->first < phrase.end; ++quantity) {
      const std::optional<size_t> cut =
          previous == nullptr ? std::nullopt : DividerBetween(words, *previous, *quantity);
      if (cut) {
        add({phrase.first, *cut});
        phrase.first = *cut + 1;
      }
      result.understood = result.understood && (cut || previous == nullptr);
      previous = &*quantity;
    }
    add(phrase);
  }
  return result;
}

PlanTarget TargetOf(const Piece& piece, int year) {
  PlanTarget target;
  target.text = piece.text;
  const Words words = WordsOf(piece.text);
  const Quantities quantities = QuantitiesIn(piece.text, words);
  const std::vector<Citation> citations = CitationsIn(piece.text, words);
  std::optional<Quantity> quantity;
  std::vector<Span> left_out = BracketsOf(words);
  if (piece.is_nested) left_out.push_back({0, LongestAt(NestingPhrases(), words, 0)});
  if (!quantities.found.empty()) {
    static const Phrase kThereIs("có");
    quantity = quantities.found.front();
    // "Có tối thiểu 10% đơn vị": the verb only opens the sentence.
    const bool opens = quantity->first == 1 && kThereIs.IsAt(words, 0);
    left_out.push_back({opens ? 0 : quantity->first, quantity->end});
  }
  target.effective_from = absl::CivilDay(year, 1, 1);
  if (const std::optional<Beginning> beginning = FindBeginning(words)) {
    target.effective_from = beginning->date;
    left_out.push_back(beginning->span);
  }
  target.indicator = Without(piece.text, words, left_out);
  target.exclusion = ExclusionIn(piece.text, words);
  target.denominator = DenominatorIn(piece.text, words, quantity);
  if (!citations.empty()) target.referenced_document = citations.front().name;
  if (quantity) {
    target.bound = quantity->bound;
  } else {
    target.kind = citations.empty() ? TargetKind::kQualitative : TargetKind::kByReference;
  }
  return target;
}

}  // namespace dondoc::registry::plan
