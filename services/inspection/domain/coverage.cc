#include "services/inspection/domain/coverage.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/clock.h"
#include "libs/base/refusal.h"
#include "libs/calendar/dates.h"

namespace dondoc::inspection {
namespace {

using calendar::FormatDate;
using calendar::FormatVietnamese;

absl::CivilDay LastDayOf(int year) { return absl::CivilDay(year, 12, 31); }

std::set<std::string> CountingUnits(const CoverageBasis& basis, absl::CivilDay day) {
  std::set<std::string> counting;
  for (const Unit& unit : basis.units.all()) {
    if (Counts(unit, day, basis.rule)) counting.insert(unit.name);
  }
  return counting;
}

// Why a unit that was a candidate does not count on `day` any more.
Sentence WhyGone(const std::string& name, const CoverageBasis& basis, absl::CivilDay day,
                 bool inspected) {
  const Unit* unit = basis.units.Find(name);
  if (unit == nullptr || ExistsOn(*unit, day) || !unit->valid_to) {
    const std::string display_name = basis.units.DisplayName(name);
    return {.vi = absl::StrCat(display_name, " không còn thuộc diện tính tỷ lệ."),
            .en = absl::StrCat(display_name, " no longer counts for the quota.")};
  }
  Sentence why{
      .vi =
          absl::StrCat(unit->display_name, " giải thể từ ngày ", FormatVietnamese(*unit->valid_to)),
      .en = absl::StrCat(unit->display_name, " was dissolved on ", FormatDate(*unit->valid_to))};
  if (!unit->successor.empty()) {
    const std::string successor = basis.units.DisplayName(unit->successor);
    absl::StrAppend(&why.vi, ", nhập vào ", successor);
    absl::StrAppend(&why.en, " and merged into ", successor);
  }
  if (inspected) {
    absl::StrAppend(&why.vi, "; cuộc kiểm tra đã kết luận ở đó không còn được tính");
    absl::StrAppend(&why.en, "; the inspection concluded there no longer counts");
  }
  return {.vi = why.vi + ".", .en = why.en + "."};
}

Sentence WhyNew(const Unit& unit, absl::CivilDay proposed) {
  if (unit.valid_from > proposed) {
    return {.vi = absl::StrCat(unit.display_name, " thành lập ngày ",
                               FormatVietnamese(unit.valid_from), "."),
            .en = absl::StrCat(unit.display_name, " was founded on ", FormatDate(unit.valid_from),
                               ".")};
  }
  return {.vi = absl::StrCat(unit.display_name, " được bổ sung vào danh mục đơn vị."),
          .en = absl::StrCat(unit.display_name, " was added to the register.")};
}

// Explains each difference between the units of the programme and those that count on `day`.
void ExplainChanges(const CoverageBasis& basis, const std::set<std::string>& counting,
                    absl::CivilDay day, Coverage& coverage) {
  if (basis.programme == nullptr) return;
  const auto say = [&coverage](Sentence sentence) {
    coverage.unit_changes_vi.push_back(std::move(sentence.vi));
    coverage.unit_changes_en.push_back(std::move(sentence.en));
  };
  std::set<std::string> concluded;
  for (const InspectedUnit& visit : basis.inspections) {
    if (visit.concluded && visit.named) concluded.insert(visit.unit);
  }
  std::set<std::string> candidates;
  for (const Candidate& candidate : basis.programme->candidates) {
    candidates.insert(candidate.unit);
  }
  for (const std::string& name : candidates) {
    if (!counting.contains(name)) say(WhyGone(name, basis, day, concluded.contains(name)));
  }
  for (const std::string& name : counting) {
    if (!candidates.contains(name)) {
      say(WhyNew(*basis.units.Find(name), DateOf(basis.programme->proposed_at)));
    }
  }
  if (coverage.unit_changes_vi.empty()) return;
  say({.vi = absl::StrCat("Số đơn vị: ", basis.programme->unit_count, " → ", coverage.unit_count,
                          "; phải kiểm tra: ", basis.programme->required_count, " → ",
                          coverage.required_count, "."),
       .en = absl::StrCat("Units: ", basis.programme->unit_count, " → ", coverage.unit_count,
                          "; to be inspected: ", basis.programme->required_count, " → ",
                          coverage.required_count, ".")});
}

Sentence Pace(const Coverage& coverage, const CoverageBasis& basis) {
  const int64_t concluded = coverage.concluded_count;
  const std::string share = coverage.share.ToString();
  if (coverage.unit_count == 0) {
    return {.vi = "Chưa có đơn vị nào thuộc diện kiểm tra nên chưa tính được tỷ lệ.",
            .en = "there is no unit to inspect, so the share is not defined"};
  }
  if (coverage.met) return {};
  if (basis.today > LastDayOf(basis.year)) {
    return {.vi = absl::StrCat("Năm ", basis.year, " không đạt tỷ lệ ", share, " %: đã kết luận ",
                               concluded, "/", coverage.required_count, " đơn vị phải kiểm tra."),
            .en = absl::StrCat(basis.year, " missed its ", share, " %: ", concluded, " of ",
                               coverage.required_count, " required units were concluded")};
  }
  if (concluded >= coverage.expected_by_today) return {};
  return {.vi = absl::StrCat("Với nhịp độ này sẽ không đạt tỷ lệ ", share,
                             " %: đến hôm nay mới kết luận ", concluded, " đơn vị, lẽ ra phải là ",
                             coverage.expected_by_today, "/", coverage.required_count, "."),
          .en = absl::StrCat("at this pace the ", share, " % are missed: ", concluded,
                             " units are concluded by today, it should be ",
                             coverage.expected_by_today, " of ", coverage.required_count)};
}

}  // namespace

int64_t ExpectedBy(int64_t required, int year, absl::CivilDay today) {
  const absl::CivilDay new_year(year, 1, 1);
  if (today < new_year) return 0;
  const int64_t days_in_year = LastDayOf(year) - new_year + 1;
  const int64_t days_passed = std::min<int64_t>(today - new_year + 1, days_in_year);
  return required * days_passed / days_in_year;
}

Coverage CountCoverage(const CoverageBasis& basis) {
  const absl::CivilDay day = std::min(basis.today, LastDayOf(basis.year));
  const std::set<std::string> counting = CountingUnits(basis, day);
  std::set<std::string> inspected;
  std::set<std::string> named;
  std::set<std::string> planned;
  for (const InspectedUnit& visit : basis.inspections) {
    if (!counting.contains(visit.unit)) continue;
    planned.insert(visit.unit);
    if (!visit.concluded) continue;
    inspected.insert(visit.unit);
    if (visit.named) named.insert(visit.unit);
  }
  const auto concluded = static_cast<int64_t>(inspected.size());

  const auto unit_count = static_cast<int64_t>(counting.size());
  const int64_t required = basis.share.RequiredOf(unit_count).value_or(0);
  Coverage coverage{.year = basis.year,
                    .share = basis.share,
                    .unit_count = unit_count,
                    .required_count = required,
                    .concluded_count = concluded,
                    .inspected_units = {named.begin(), named.end()},
                    .planned_count = static_cast<int64_t>(planned.size()),
                    .met = basis.share.IsReachedBy(concluded, unit_count),
                    .expected_by_today = ExpectedBy(required, basis.year, basis.today),
                    .finding_count = basis.findings.all,
                    .remedied_finding_count = basis.findings.remedied,
                    .overdue_finding_count = basis.findings.overdue};
  ExplainChanges(basis, counting, day, coverage);
  Sentence pace = Pace(coverage, basis);
  coverage.pace_vi = std::move(pace.vi);
  coverage.pace_en = std::move(pace.en);
  return coverage;
}

}  // namespace dondoc::inspection
