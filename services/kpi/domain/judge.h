#pragma once

#include <optional>

#include "absl/time/civil_time.h"
#include "libs/base/refusal.h"
#include "libs/calendar/periods.h"
#include "services/kpi/domain/indicator.h"
#include "services/kpi/domain/target.h"
#include "services/kpi/domain/value.h"

namespace dondoc::kpi {

// How an indicator stands against its target. Only kMet and kNotMet are final.
enum class Verdict {
  kMet,
  kNotMet,
  kOnPace,
  kBehind,
  kNoData,
  kNotApplicable,
  kNotYetDue,
  kNoTargetSet,
};

struct Judgement {
  Verdict verdict = Verdict::kNoData;
  // One sentence that says why.
  Sentence reason;
};

// The days of `period` on which the target is in force, in whole months, because sums are kept by
// month: what was measured before a target took effect, or after it fell due, does not count for
// it. Nothing when the two have no month in common.
std::optional<calendar::Window> JudgedDays(const Target& target, const calendar::Window& period);

// Holds `sum`, which was added up over JudgedDays(target, period), against the target. Comparisons
// are exact and never see a rounded value. The verdict is final from the day after the period or
// the target's due date, whichever is first.
Judgement Judge(const Indicator& indicator, const Target& target, const ValueSum& sum,
                const calendar::Window& period, absl::CivilDay today);

}  // namespace dondoc::kpi
