#include "services/inspection/domain/selection.h"

#include <algorithm>
#include <compare>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "libs/base/refusal.h"
#include "libs/calendar/dates.h"
#include "services/inspection/domain/draw.h"
#include "services/inspection/domain/errors.h"

namespace dondoc::inspection {
namespace {

using calendar::FormatDate;
using calendar::FormatVietnamese;

// A unit with everything that ranks it. The smaller one is chosen first.
struct Ranked {
  UnitFacts facts;
  // The Office's words; null when the unit is not mandatory.
  const std::string* mandatory = nullptr;
  uint64_t lot = 0;

  // 0 for never, so that it comes before every year.
  absl::civil_year_t LastYear() const {
    return facts.last_inspected ? facts.last_inspected->year() : 0;
  }
  auto Key() const {
    return std::make_tuple(mandatory == nullptr, facts.last_inspected.has_value(), LastYear(),
                           -facts.late_count, -facts.open_finding_count, lot, facts.unit);
  }
};

// The first rule by which two units differ. It is the reason why one came in and the other did not.
SelectionReason RuleBetween(const Ranked& a, const Ranked& b) {
  if ((a.mandatory == nullptr) != (b.mandatory == nullptr)) return SelectionReason::kMandatory;
  if (a.facts.last_inspected.has_value() != b.facts.last_inspected.has_value()) {
    return SelectionReason::kNeverInspected;
  }
  if (a.LastYear() != b.LastYear()) return SelectionReason::kLongestAgo;
  if (a.facts.late_count != b.facts.late_count) return SelectionReason::kLateWork;
  if (a.facts.open_finding_count != b.facts.open_finding_count) {
    return SelectionReason::kOpenFindings;
  }
  return SelectionReason::kDrawn;
}

// What `unit` has to show for itself when there was a place for everybody.
SelectionReason OwnReason(const Ranked& unit) {
  if (unit.mandatory != nullptr) return SelectionReason::kMandatory;
  return unit.facts.last_inspected ? SelectionReason::kLongestAgo
                                   : SelectionReason::kNeverInspected;
}

Sentence WhyChosen(const Ranked& unit, SelectionReason reason, int64_t seed) {
  const UnitFacts& facts = unit.facts;
  switch (reason) {
    case SelectionReason::kMandatory:
      return {.vi = absl::StrCat("Văn phòng yêu cầu: ", *unit.mandatory),
              .en = absl::StrCat("asked for by the Office: ", *unit.mandatory)};
    case SelectionReason::kNeverInspected:
      return {.vi = "Chưa được kiểm tra lần nào.", .en = "never inspected so far"};
    case SelectionReason::kLongestAgo:
      return {.vi = absl::StrCat("Đã lâu chưa kiểm tra lại: lần gần nhất ngày ",
                                 FormatVietnamese(*facts.last_inspected), "."),
              .en = absl::StrCat("inspected longest ago, on ", FormatDate(*facts.last_inspected))};
    case SelectionReason::kLateWork:
      return {.vi = absl::StrCat("Có ", facts.late_count, " việc trễ hạn trong năm."),
              .en = absl::StrCat("has ", facts.late_count, " late obligations this year")};
    case SelectionReason::kOpenFindings:
      return {.vi = absl::StrCat("Còn ", facts.open_finding_count, " tồn tại chưa khắc phục."),
              .en = absl::StrCat("has ", facts.open_finding_count, " open findings")};
    case SelectionReason::kDrawn:
      break;
  }
  return {.vi = absl::StrFormat("Trúng khi rút thăm (hạt giống %d, thăm %016x).", seed, unit.lot),
          .en = absl::StrFormat("drawn by lot (seed %d, lot %016x)", seed, unit.lot)};
}

Sentence WhyNotChosen(const Ranked& unit, SelectionReason reason, int64_t seed) {
  const UnitFacts& facts = unit.facts;
  switch (reason) {
    case SelectionReason::kMandatory:
      return {.vi = "Không chọn: các đơn vị Văn phòng yêu cầu đã đủ số lượng.",
              .en = "not chosen: the units that the Office asked for fill all places"};
    case SelectionReason::kNeverInspected:
      return {.vi = absl::StrCat("Không chọn: đã kiểm tra ngày ",
                                 FormatVietnamese(*facts.last_inspected),
                                 "; ưu tiên đơn vị chưa kiểm tra lần nào."),
              .en = absl::StrCat("not chosen: inspected on ", FormatDate(*facts.last_inspected),
                                 "; units never inspected come first")};
    case SelectionReason::kLongestAgo:
      return {.vi = absl::StrCat("Không chọn: đã kiểm tra ngày ",
                                 FormatVietnamese(*facts.last_inspected),
                                 "; đơn vị được chọn kiểm tra từ các năm trước đó."),
              .en = absl::StrCat("not chosen: inspected on ", FormatDate(*facts.last_inspected),
                                 "; those chosen were inspected in earlier years")};
    case SelectionReason::kLateWork:
      return {.vi = absl::StrCat("Không chọn: có ", facts.late_count,
                                 " việc trễ hạn, ít hơn đơn vị được chọn."),
              .en = absl::StrCat("not chosen: ", facts.late_count,
                                 " late obligations, fewer than those chosen")};
    case SelectionReason::kOpenFindings:
      return {.vi = absl::StrCat("Không chọn: còn ", facts.open_finding_count,
                                 " tồn tại, ít hơn đơn vị được chọn."),
              .en = absl::StrCat("not chosen: ", facts.open_finding_count,
                                 " open findings, fewer than those chosen")};
    case SelectionReason::kDrawn:
      break;
  }
  return {
      .vi = absl::StrFormat("Không trúng khi rút thăm (hạt giống %d, thăm %016x).", seed, unit.lot),
      .en = absl::StrFormat("not drawn (seed %d, lot %016x)", seed, unit.lot)};
}

Candidate ToCandidate(const Ranked& unit, bool selected, SelectionReason reason, int64_t seed) {
  Sentence why = selected ? WhyChosen(unit, reason, seed) : WhyNotChosen(unit, reason, seed);
  return {.unit = unit.facts.unit,
          .selected = selected,
          .reason = reason,
          .reason_vi = std::move(why.vi),
          .reason_en = std::move(why.en),
          .last_inspected = unit.facts.last_inspected,
          .late_count = unit.facts.late_count};
}

absl::StatusOr<std::vector<Ranked>> Rank(std::vector<UnitFacts> facts,
                                         const SelectionRules& rules) {
  std::map<std::string, const std::string*> mandatory;
  for (const MandatoryPick& pick : rules.mandatory) mandatory.emplace(pick.unit, &pick.reason);
  std::vector<Ranked> ranked;
  ranked.reserve(facts.size());
  for (UnitFacts& unit : facts) {
    const auto named = mandatory.extract(unit.unit);
    ranked.push_back({.facts = std::move(unit),
                      .mandatory = named.empty() ? nullptr : named.mapped(),
                      .lot = 0});
    ranked.back().lot = LotOf(rules.seed, ranked.back().facts.unit);
  }
  if (!mandatory.empty()) return error::MandatoryUnitUnknown(mandatory.begin()->first);
  std::sort(ranked.begin(), ranked.end(),
            [](const Ranked& a, const Ranked& b) { return a.Key() < b.Key(); });
  return ranked;
}

}  // namespace

absl::StatusOr<std::vector<Candidate>> Select(std::vector<UnitFacts> facts,
                                              const SelectionRules& rules) {
  if (facts.empty()) return error::NoUnits();
  auto ranking = Rank(std::move(facts), rules);
  if (!ranking.ok()) return ranking.status();
  const std::vector<Ranked>& ranked = *ranking;

  const auto mandatory_end = std::find_if(ranked.begin(), ranked.end(),
                                          [](const Ranked& u) { return u.mandatory == nullptr; });
  const size_t chosen =
      std::min(ranked.size(), std::max(static_cast<size_t>(std::max<int64_t>(rules.place_count, 0)),
                                       static_cast<size_t>(mandatory_end - ranked.begin())));
  std::vector<Candidate> candidates;
  candidates.reserve(ranked.size());
  for (size_t i = 0; i < ranked.size(); ++i) {
    const bool selected = i < chosen;
    // A chosen unit is held against the best one that stayed out, the others against the last one
    // that came in. A mandatory unit needs no comparison.
    SelectionReason reason = OwnReason(ranked[i]);
    if (!selected && chosen > 0) reason = RuleBetween(ranked[chosen - 1], ranked[i]);
    if (selected && ranked[i].mandatory == nullptr && chosen < ranked.size()) {
      reason = RuleBetween(ranked[i], ranked[chosen]);
    }
    candidates.push_back(ToCandidate(ranked[i], selected, reason, rules.seed));
  }
  return candidates;
}

}  // namespace dondoc::inspection
