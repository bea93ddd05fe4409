#include "services/registry/domain/plan/duties.h"

#include <utility>

#include "services/registry/domain/plan/dates.h"
#include "services/registry/domain/plan/errors.h"
#include "services/registry/domain/plan/quantities.h"
#include "services/registry/domain/plan/words.h"

namespace dondoc::registry::plan {
namespace {

// Reads the list of periods after "báo cáo định kỳ".
class ReportList {
 public:
  ReportList(absl::string_view text, const Words& words, size_t at)
      : text_(text), words_(words), at_(at) {}

  // False when a bracket holds something that is no period; not_understood() says what.
  bool Read(std::vector<PlanReport>& reports) {
    const bool in_bracket = IsSymbol(words_, at_, "(");
    if (in_bracket) ++at_;
    while (ReadPeriod(reports)) {
      const bool goes_on = IsSymbol(words_, at_, ",") || IsSymbol(words_, at_, ";") || IsAnd();
      if (!goes_on) break;
      ++at_;
    }
    return !in_bracket || IsSymbol(words_, at_, ")");
  }

  absl::string_view not_understood() const {
    size_t end = at_;
    while (end < words_.size() && !IsSymbol(words_, end, ")") && !IsSymbol(words_, end, ",")) ++end;
    return Between(text_, words_, at_, end);
  }

 private:
  bool IsAnd() const {
    static const Phrase kAnd("và");
    return kAnd.IsAt(words_, at_);
  }

  bool ReadPeriod(std::vector<PlanReport>& reports) {
    struct Period {
      std::vector<Phrase> names;
      ReportKind kind;
    };
    static const std::vector<Period> kPeriods = {
        {{"tháng", "hằng tháng", "hàng tháng"}, ReportKind::kMonth},
        {{"6 tháng", "6 tháng đầu năm", "sáu tháng"}, ReportKind::kSixMonths},
        {{"9 tháng", "chín tháng"}, ReportKind::kNineMonths},
        {{"năm", "cả năm", "hằng năm", "hàng năm"}, ReportKind::kYear},
        {{"đột xuất"}, ReportKind::kAdHoc}};
    static const Phrase kQuarter("quý");
    const std::optional<int> quarter = ReadQuarter(words_, at_ + 1);
    if (kQuarter.IsAt(words_, at_) && quarter) {
      Take(2, {.kind = ReportKind::kQuarter, .quarter = *quarter}, reports);
      return true;
    }
    const Period* longest = nullptr;
    size_t length = 0;
    for (const Period& period : kPeriods) {
      const size_t candidate = LongestAt(period.names, words_, at_);
      if (candidate > length) {
        longest = &period;
        length = candidate;
      }
    }
    if (longest == nullptr) return false;
    Take(length, {.kind = longest->kind}, reports);
    return true;
  }

  void Take(size_t words, PlanReport report, std::vector<PlanReport>& reports) {
    report.text = std::string(Between(text_, words_, at_, at_ + words));
    at_ += words;
    reports.push_back(std::move(report));
  }

  absl::string_view text_;
  const Words& words_;
  size_t at_;
};

void ReadReports(const PlanDuty& duty, Duties& duties, Problems& problems) {
  static const Phrase kPeriodic("báo cáo định kỳ");
  static const Phrase kAdHoc("báo cáo đột xuất");
  const Words words = WordsOf(duty.text);
  const std::optional<size_t> at = kPeriodic.FindIn(words);
  if (!at) return;
  ReportList list(duty.text, words, *at + kPeriodic.size());
  if (!list.Read(duties.reports)) {
    problems.Add(error::ReportPeriodNotUnderstood(duty.clause, list.not_understood()));
    return;
  }
  duties.reports_clause = duty.clause;
  const bool has_ad_hoc =
      !duties.reports.empty() && duties.reports.back().kind == ReportKind::kAdHoc;
  if (const std::optional<size_t> ad_hoc = kAdHoc.FindIn(words); ad_hoc && !has_ad_hoc) {
    const size_t end = *ad_hoc + kAdHoc.size();
    duties.reports.push_back(
        {.kind = ReportKind::kAdHoc, .text = std::string(Between(duty.text, words, *ad_hoc, end))});
  }
}

// "kiểm tra ít nhất 30% số phòng, đơn vị": a percentage right after the verb.
void ReadInspectionShare(const PlanDuty& duty, Duties& duties) {
  static const Phrase kInspect("kiểm tra");
  const Words words = WordsOf(duty.text);
  for (const Quantity& quantity : QuantitiesIn(duty.text, words).found) {
    const bool is_share = quantity.bound.measure.kind == MeasureKind::kPercent &&
                          kInspect.EndsBefore(words, quantity.first);
    if (!is_share || duties.inspection_share) continue;
    size_t end = quantity.end;
    while (end < words.size() && !IsSymbol(words, end, ".") && !IsSymbol(words, end, ";")) ++end;
    duties.inspection_share = {.clause = duty.clause,
                               .owner = duty.owner,
                               .bound = quantity.bound,
                               .of = std::string(Between(duty.text, words, quantity.end, end))};
  }
}

}  // namespace

Duties ReadDuties(const OutlinePart& part, Problems& problems) {
  Duties duties;
  for (const OutlinePoint& point : part.points) {
    const std::string owner(TrimmedOfMarks(point.title));
    const auto add = [&](const std::string& letter, const std::string& text) {
      if (text.empty()) return;
      duties.duties.push_back(
          {.clause = ClauseOf(part, point, letter), .owner = owner, .text = text});
    };
    // "1. Văn phòng Sở theo dõi việc thực hiện": a point of one line is owner and duty at once.
    add("", point.text.empty() && point.items.empty() ? point.title : point.text);
    for (const OutlineItem& item : point.items) add(item.letter, item.text);
  }
  for (const PlanDuty& duty : duties.duties) {
    ReadReports(duty, duties, problems);
    ReadInspectionShare(duty, duties);
  }
  return duties;
}

}  // namespace dondoc::registry::plan
