#include "services/registry/domain/plan/due_text.h"

#include <string>

#include "services/registry/domain/plan/dates.h"
#include "services/registry/domain/plan/words.h"

namespace dondoc::registry::plan {
namespace {

// A label longer than this is a sentence, and a sentence in the time column is not understood.
constexpr size_t kLabelWordsMax = 8;
constexpr size_t kPhasesMax = 8;

struct Period {
  PeriodKind kind = PeriodKind::kYear;
  CivilWindow window;
};

// Walks through the words of one cell. Each Read…() either takes what it names and moves on, or
// takes nothing.
class DueTextReader {
 public:
  explicit DueTextReader(absl::string_view text) : text_(text), words_(WordsOf(text)) {}

  std::optional<std::vector<PlanPhase>> Read() {
    std::vector<PlanPhase> phases;
    while (at_ < words_.size()) {
      std::optional<PlanPhase> phase = ReadPhase();
      if (!phase || phases.size() == kPhasesMax) return std::nullopt;
      phase->ordinal = static_cast<int>(phases.size()) + 1;
      phases.push_back(*std::move(phase));
    }
    if (phases.empty()) return std::nullopt;
    // Two stretches can only be told apart by their labels.
    for (const PlanPhase& phase : phases) {
      if (phases.size() > 1 && phase.label.empty()) return std::nullopt;
    }
    return phases;
  }

 private:
  bool Take(const Phrase& phrase) {
    if (!phrase.IsAt(words_, at_)) return false;
    at_ += phrase.size();
    return true;
  }

  bool TakeSymbol(absl::string_view symbol) {
    if (!IsSymbol(words_, at_, symbol)) return false;
    ++at_;
    return true;
  }

  bool TakeRangeMark() {
    static const Phrase kTo("đến");
    return Take(kTo) || TakeSymbol("-") || TakeSymbol("–");
  }

  std::optional<PlanPhase> ReadPhase() {
    PlanPhase phase;
    phase.label = ReadLabel();
    const size_t first = at_;
    const std::optional<Period> period = ReadPeriod();
    if (!period) return std::nullopt;
    phase.kind = period->kind;
    phase.start = period->window.start;
    phase.end = period->window.end;
    phase.text = std::string(Between(text_, words_, first, at_));
    if (!TakeSymbol(".")) TakeSymbol(";");
    return phase;
  }

  // The words up to the next colon, when there are only words.
  std::string ReadLabel() {
    for (size_t end = at_; end < words_.size() && end - at_ <= kLabelWordsMax; ++end) {
      if (IsSymbol(words_, end, ":") && end > at_) {
        std::string label(Between(text_, words_, at_, end));
        at_ = end + 1;
        return label;
      }
      if (words_[end].kind != WordKind::kLetters) break;
    }
    return "";
  }

  std::optional<Period> ReadPeriod() {
    const size_t first = at_;
    using Reader = std::optional<Period> (DueTextReader::*)();
    for (const Reader reader :
         {&DueTextReader::ReadHalfYear, &DueTextReader::ReadQuarters, &DueTextReader::ReadMonths,
          &DueTextReader::ReadDay, &DueTextReader::ReadWholeYear}) {
      at_ = first;
      if (std::optional<Period> period = (this->*reader)()) return period;
    }
    at_ = first;
    return std::nullopt;
  }

  // YEAR := "năm" yyyy | "/" yyyy
  std::optional<int> TakeYear() {
    static const Phrase kYear("năm");
    if (!Take(kYear) && !TakeSymbol("/")) return std::nullopt;
    const std::optional<int> year = ReadYear(words_, at_);
    if (year) ++at_;
    return year;
  }

  std::optional<Period> ReadWholeYear() {
    static const std::vector<Phrase> kOpenings = {"trong", "cả"};
    static const Phrase kYear("năm");
    at_ += LongestAt(kOpenings, words_, at_);
    if (!kYear.IsAt(words_, at_)) return std::nullopt;
    const std::optional<int> year = TakeYear();
    if (!year) return std::nullopt;
    return Period{.kind = PeriodKind::kYear, .window = WindowOf({.year = *year})};
  }

  std::optional<Period> ReadHalfYear() {
    static const Phrase kFirst("6 tháng đầu");
    static const Phrase kSecond("6 tháng cuối");
    const bool is_first = Take(kFirst);
    if (!is_first && !Take(kSecond)) return std::nullopt;
    const std::optional<int> year = TakeYear();
    if (!year) return std::nullopt;
    return Period{
        .kind = PeriodKind::kHalfYear,
        .window = WindowOf({.year = *year, .first = is_first ? 1 : 7, .last = is_first ? 6 : 12})};
  }

  std::optional<int> TakeQuarter() {
    const std::optional<int> quarter = ReadQuarter(words_, at_);
    if (quarter) ++at_;
    return quarter;
  }

  bool TakeQuarterWord() {
    static const Phrase kQuarter("quý");
    static const Phrase kOtherSpelling("quí");
    return Take(kQuarter) || Take(kOtherSpelling);
  }

  std::optional<Period> ReadQuarters() {
    static const Phrase kFrom("từ");
    static const Phrase kAnd("và");
    Take(kFrom);
    if (!TakeQuarterWord()) return std::nullopt;
    const std::optional<int> first = TakeQuarter();
    if (!first) return std::nullopt;
    int last = *first;
    if (TakeRangeMark()) {
      TakeQuarterWord();
      const std::optional<int> quarter = TakeQuarter();
      if (!quarter || *quarter <= last) return std::nullopt;
      last = *quarter;
    } else {
      while (TakeSymbol(",") || Take(kAnd)) {
        TakeQuarterWord();
        if (TakeQuarter() != last + 1) return std::nullopt;
        ++last;
      }
    }
    const std::optional<int> year = TakeYear();
    if (!year) return std::nullopt;
    return Period{.kind = last > *first ? PeriodKind::kQuarters : PeriodKind::kQuarter,
                  .window = WindowOf({.year = *year, .first = *first * 3 - 2, .last = last * 3})};
  }

  std::optional<Period> ReadMonths() {
    static const Phrase kFrom("từ");
    static const Phrase kMonth("tháng");
    Take(kFrom);
    if (!Take(kMonth)) return std::nullopt;
    const std::optional<int> first = ReadMonth(words_, at_);
    if (!first) return std::nullopt;
    ++at_;
    int last = *first;
    if (TakeRangeMark()) {
      Take(kMonth);
      const std::optional<int> month = ReadMonth(words_, at_);
      if (!month || *month <= last) return std::nullopt;
      last = *month;
      ++at_;
    }
    const std::optional<int> year = TakeYear();
    if (!year) return std::nullopt;
    return Period{.kind = last > *first ? PeriodKind::kMonths : PeriodKind::kMonth,
                  .window = WindowOf({.year = *year, .first = *first, .last = last})};
  }

  std::optional<Period> ReadDay() {
    static const std::vector<Phrase> kBefore = {"trước ngày"};
    static const std::vector<Phrase> kUntil = {"chậm nhất ngày",     "chậm nhất là ngày",
                                               "chậm nhất vào ngày", "đến ngày",
                                               "đến hết ngày",       "hết ngày"};
    static const std::vector<Phrase> kOn = {"ngày", "vào ngày"};
    const size_t before = LongestAt(kBefore, words_, at_);
    const size_t until = LongestAt(kUntil, words_, at_);
    const size_t on = LongestAt(kOn, words_, at_);
    at_ += before + until + on;  // at most one of them stands here
    const std::optional<DateAt> read = ReadDate(words_, at_);
    if (before + until + on == 0 || !read) return std::nullopt;
    at_ += read->words;
    if (on > 0) return Period{.kind = PeriodKind::kDate, .window = {read->date, read->date}};
    const absl::CivilDay end = before > 0 ? read->date - 1 : read->date;
    return Period{.kind = PeriodKind::kUntilDate,
                  .window = {.start = absl::CivilDay(absl::CivilYear(end)), .end = end}};
  }

  absl::string_view text_;
  Words words_;
  size_t at_ = 0;
};

}  // namespace

std::optional<std::vector<PlanPhase>> ReadDueText(absl::string_view text) {
  return DueTextReader(text).Read();
}

}  // namespace dondoc::registry::plan
