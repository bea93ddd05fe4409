#include "services/kpi/domain/obligation.h"

#include <algorithm>

namespace dondoc::kpi {

std::optional<OnTimeFigure> CountObligation(const Obligation& obligation, absl::CivilDay today) {
  switch (obligation.state) {
    case ObligationState::kReleased:
      return std::nullopt;
    case ObligationState::kDone:
      return OnTimeFigure{.date = std::min(obligation.handed_in, obligation.due_date),
                          .on_time = obligation.on_time};
    case ObligationState::kSubmitted:
      if (obligation.handed_in <= obligation.due_date) return std::nullopt;
      break;
    case ObligationState::kOpen:
      break;
  }
  if (today <= obligation.due_date) return std::nullopt;
  return OnTimeFigure{.date = obligation.due_date, .on_time = false};
}

}  // namespace dondoc::kpi
