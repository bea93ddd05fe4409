#include "services/kpi/domain/plan_indicators.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/base/text.h"
#include "services/kpi/domain/names.h"

namespace dondoc::kpi {
namespace {

bool InAppendix(const PlanTarget& target) { return absl::StartsWith(target.id, "T"); }

// Whether its words are about a thing that can be counted here.
bool Countable(const PlanTarget& target) {
  return target.kind == PlanTargetKind::kNumeric || target.kind == PlanTargetKind::kNotSet;
}

bool Serves(const PlanTarget& target, const std::string& task) {
  return std::find(target.tasks.begin(), target.tasks.end(), task) != target.tasks.end();
}

// How many countable targets of the same side (section I or appendix) as `like` a task serves.
int64_t Siblings(const std::vector<PlanTarget>& targets, const PlanTarget& like,
                 const std::string& task) {
  return std::count_if(targets.begin(), targets.end(), [&](const PlanTarget& other) {
    return InAppendix(other) == InAppendix(like) && Countable(other) && Serves(other, task);
  });
}

// The target of section I over the same measured thing as `row`; null when there is none.
const PlanTarget* SameThing(const std::vector<PlanTarget>& targets, const PlanTarget& row) {
  if (!InAppendix(row) || !Countable(row)) return nullptr;
  const std::string words = ComparisonKey(row.indicator);
  for (const std::string& task : row.tasks) {
    for (const PlanTarget& target : targets) {
      if (InAppendix(target) || !Countable(target) || target.unit != row.unit) continue;
      if (!Serves(target, task)) continue;
      const bool same_words = ComparisonKey(target.indicator) == words;
      const bool only_pair =
          Siblings(targets, target, task) == 1 && Siblings(targets, row, task) == 1;
      if (same_words || only_pair) return &target;
    }
  }
  return nullptr;
}

struct Measure {
  Aggregation aggregation;
  int32_t factor;
  std::string numerator_text;
  std::string denominator_text;
};

// What a unit of measure says about how to add up.
Measure MeasureOf(const std::string& unit) {
  if (absl::StartsWith(unit, "phút/")) {
    return {Aggregation::kMaximum, 1, "Giá trị lớn nhất của một trường hợp", "Số trường hợp"};
  }
  if (unit.empty() || unit == "%") {
    return {Aggregation::kRatio, 100, "Số trường hợp đạt", "Tổng số trường hợp"};
  }
  return {Aggregation::kSum, 1, "Số lượng", ""};
}

// At most `code_points_max` characters; a plan's words may be longer than a name.
std::string Shortened(const std::string& text, size_t code_points_max) {
  size_t code_points = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool starts = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (starts && code_points++ == code_points_max) return text.substr(0, i);
  }
  return text;
}

Indicator IndicatorOf(const PlanFacts& plan, const PlanTarget& target) {
  Measure measure = MeasureOf(target.unit);
  return {.id = DerivedId(plan.id, SlugOf(target.id)),
          .version = 0,
          .display_name =
              Shortened(target.indicator.empty() ? target.text : target.indicator, kDisplayNameMax),
          .unit_of_measure = target.unit,
          .aggregation = measure.aggregation,
          .factor = measure.factor,
          .numerator_text = std::move(measure.numerator_text),
          .denominator_text = std::move(measure.denominator_text),
          .nested_in = {},
          .exclusion = target.exclusion,
          .source = absl::StrCat(PlanName(plan.id), "/targets/", target.id),
          .computed = false};
}

Target TargetOf(const PlanFacts& plan, const PlanTarget& target, const std::string& indicator) {
  const bool numeric = target.kind == PlanTargetKind::kNumeric;
  return {.indicator = indicator,
          .id = SlugOf(target.id),
          .version = 0,
          .comparator = target.comparator,
          .value = numeric ? target.value : std::nullopt,
          .effective_from = target.effective_from.value_or(absl::CivilDay(plan.year, 1, 1)),
          .due_date = target.due_date.value_or(absl::CivilDay(plan.year, 12, 31)),
          .clause = target.clause,
          .plan = plan.id,
          .text = target.text,
          .qualitative = target.kind == PlanTargetKind::kQualitative,
          .reference = target.reference,
          .conflicting = false};
}

Target PlanCoverageTarget(const PlanFacts& plan) {
  Target target = CoverageTargetOf(plan.year, *plan.inspection_share);
  target.id = plan.id;
  target.plan = plan.id;
  target.text = "Kiểm tra công tác cải cách hành chính tại các phòng, đơn vị trong năm";
  return target;
}

}  // namespace

std::vector<PlanMeasure> MeasuresOf(const PlanFacts& plan) {
  std::vector<PlanMeasure> measures;
  std::map<std::string, size_t> place;  // by id of the plan's target
  std::set<std::string> taken;
  for (const PlanTarget& target : plan.targets) {
    if (SameThing(plan.targets, target) != nullptr) continue;
    Indicator indicator = IndicatorOf(plan, target);
    // Two ids of a plan may differ only in what an id cannot hold; the second gets a number.
    const std::string wanted = SlugOf(target.id);
    for (int i = 2; !taken.insert(indicator.id).second; ++i) {
      indicator.id = DerivedId(plan.id, absl::StrCat(wanted, "-no", i));
    }
    place[target.id] = measures.size();
    measures.push_back({.indicator = std::move(indicator), .targets = {}});
  }
  for (const PlanTarget& target : plan.targets) {
    const PlanTarget* same = SameThing(plan.targets, target);
    const size_t at = place.at(same == nullptr ? target.id : same->id);
    place[target.id] = at;
    measures[at].targets.push_back(TargetOf(plan, target, measures[at].indicator.id));
  }
  for (const PlanTarget& target : plan.targets) {
    const auto above = place.find(target.nested_in);
    const size_t at = place.at(target.id);
    if (above == place.end() || above->second == at) continue;
    measures[at].indicator.nested_in = measures[above->second].indicator.id;
  }
  for (PlanMeasure& measure : measures) MarkConflicts(measure.targets);

  measures.push_back({.indicator = TasksOnTimeOf(plan.id), .targets = {}});
  if (plan.inspection_share) {
    measures.push_back({.indicator = InspectionCoverage(), .targets = {PlanCoverageTarget(plan)}});
  }
  return measures;
}

Indicator TasksOnTimeOf(const std::string& plan) {
  return {.id = DerivedId(plan, kTasksOnTime),
          .version = 0,
          .display_name = "Tỷ lệ nhiệm vụ hoàn thành đúng hạn",
          .unit_of_measure = "%",
          .aggregation = Aggregation::kRatio,
          .factor = 100,
          .numerator_text = "Số phần việc của đơn vị đã hoàn thành đúng hoặc trước hạn",
          .denominator_text = "Số phần việc của đơn vị đã hoàn thành hoặc đã đến hạn",
          .nested_in = {},
          .exclusion = "Phần việc không phát sinh hoặc đã được miễn",
          .source = PlanName(plan),
          .computed = true};
}

Indicator InspectionCoverage() {
  return {.id = kInspectionCoverage,
          .version = 0,
          .display_name = "Tỷ lệ phòng, đơn vị đã được kiểm tra",
          .unit_of_measure = "%",
          .aggregation = Aggregation::kRatio,
          .factor = 100,
          .numerator_text = "Số đơn vị có kết luận kiểm tra trong năm",
          .denominator_text = "Tổng số phòng, đơn vị",
          .nested_in = {},
          .exclusion = {},
          .source = {},
          .computed = true};
}

Target CoverageTargetOf(int year, Decimal share) {
  return {.indicator = kInspectionCoverage,
          .id = absl::StrCat(year),
          .version = 0,
          .comparator = Comparator::kAtLeast,
          .value = share,
          .effective_from = absl::CivilDay(year, 1, 1),
          .due_date = absl::CivilDay(year, 12, 31),
          .clause = {},
          .plan = {},
          .text = absl::StrCat("Chương trình kiểm tra năm ", year),
          .qualitative = false,
          .reference = {},
          .conflicting = false};
}

}  // namespace dondoc::kpi
