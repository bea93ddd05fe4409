#include "services/kpi/domain/target.h"

#include <array>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "libs/base/status_macros.h"
#include "libs/base/text.h"
#include "services/kpi/domain/errors.h"
#include "services/kpi/domain/indicator.h"
#include "services/kpi/domain/names.h"

namespace dondoc::kpi {
namespace {

absl::Status CheckFigure(const Target& wanted) {
  if (!wanted.value) return absl::OkStatus();
  if (!wanted.comparator) return error::ComparatorMissing();
  if (wanted.qualitative) return error::QualitativeWithValue();
  if (*wanted.value < Decimal()) return error::FigureNegative("target.value", *wanted.value);
  return absl::OkStatus();
}

bool Contradict(const Target& a, const Target& b) {
  if (!a.value || !b.value) return false;
  const bool common_days = a.effective_from <= b.due_date && b.effective_from <= a.due_date;
  return common_days && (a.value != b.value || a.comparator != b.comparator);
}

// I to XII: as many parts as a plan ever has. 0 for anything else.
int RomanNumber(absl::string_view text) {
  static const std::map<absl::string_view, int> kNumbers = {
      {"I", 1},   {"II", 2},   {"III", 3}, {"IV", 4}, {"V", 5},   {"VI", 6},
      {"VII", 7}, {"VIII", 8}, {"IX", 9},  {"X", 10}, {"XI", 11}, {"XII", 12}};
  const auto found = kNumbers.find(text);
  return found == kNumbers.end() ? 0 : found->second;
}

// The place of a lettered item: a b c d đ e g h i k l m n o p q. 0 for anything else.
int LetterNumber(absl::string_view text) {
  static constexpr std::array<absl::string_view, 16> kLetters = {
      "a", "b", "c", "d", "đ", "e", "g", "h", "i", "k", "l", "m", "n", "o", "p", "q"};
  for (size_t i = 0; i < kLetters.size(); ++i) {
    if (kLetters[i] == text) return static_cast<int>(i) + 1;
  }
  return 0;
}

// Digits of a clause are padded, so that texts sort as numbers do.
std::string PadDigits(absl::string_view text) {
  constexpr size_t kDigits = 6;
  std::string padded;
  size_t i = 0;
  while (i < text.size()) {
    size_t end = i;
    while (end < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[end]))) ++end;
    if (end > i) {
      const size_t zeros = end - i < kDigits ? kDigits - (end - i) : 0;
      absl::StrAppend(&padded, std::string(zeros, '0'), text.substr(i, end - i));
      i = end;
    } else {
      padded.push_back(text[i++]);
    }
  }
  return padded;
}

}  // namespace

absl::StatusOr<Target> CheckTarget(Target wanted) {
  RETURN_IF_ERROR(CheckFigure(wanted));
  if (wanted.due_date < wanted.effective_from) {
    return error::TargetDatesReversed(wanted.effective_from, wanted.due_date);
  }
  if (!wanted.clause.empty()) {
    ASSIGN_OR_RETURN(wanted.clause, CleanLine("target.clause", wanted.clause, kShortTextMax));
  }
  if (!wanted.text.empty()) {
    ASSIGN_OR_RETURN(wanted.text, CleanLine("target.text", wanted.text, kLongTextMax));
  }
  if (!wanted.reference.empty()) {
    ASSIGN_OR_RETURN(wanted.reference,
                     CleanLine("target.reference", wanted.reference, kShortTextMax));
  }
  wanted.version = 0;
  wanted.conflicting = false;
  return wanted;
}

void MarkConflicts(std::vector<Target>& targets) {
  for (Target& target : targets) {
    target.conflicting = false;
    for (const Target& other : targets) {
      if (Contradict(target, other)) target.conflicting = true;
    }
  }
}

std::string ClauseOrder(absl::string_view clause) {
  if (clause.empty()) return "3";
  const std::vector<absl::string_view> parts = absl::StrSplit(clause, '.');
  const int section = RomanNumber(parts.front());
  if (section == 0) return absl::StrCat("2", PadDigits(clause));
  std::string order = absl::StrFormat("1%02d", section);
  for (size_t i = 1; i < parts.size(); ++i) {
    // "a-1" is the first figure of item a.
    const std::pair<absl::string_view, absl::string_view> item =
        absl::StrSplit(parts[i], absl::MaxSplits('-', 1));
    const int letter = LetterNumber(item.first);
    absl::StrAppend(&order, ".");
    if (letter > 0) {
      absl::StrAppendFormat(&order, "%02d%s", letter, PadDigits(item.second));
    } else {
      absl::StrAppend(&order, PadDigits(parts[i]));
    }
  }
  return order;
}

}  // namespace dondoc::kpi
