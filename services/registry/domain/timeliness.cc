#include "services/registry/domain/timeliness.h"

namespace dondoc::registry {
namespace {

// Further out than any date the registry accepts.
constexpr absl::CivilDay kFirstDay(1900, 1, 1);
constexpr absl::CivilDay kLastDay(2999, 12, 31);

int UrgencyOf(Timeliness timeliness) {
  switch (timeliness) {
    case Timeliness::kDoneEarly:
      return 0;
    case Timeliness::kDoneOnTime:
      return 1;
    case Timeliness::kDoneLate:
      return 2;
    case Timeliness::kNotYetOpen:
      return 3;
    case Timeliness::kInTime:
      return 4;
    case Timeliness::kDueSoon:
      return 5;
    case Timeliness::kOverdue:
      return 6;
  }
  return 0;
}

}  // namespace

std::optional<Timeliness> SettledTimeliness(const Dates& dates) {
  if (dates.completed) {
    if (*dates.completed < dates.due) return Timeliness::kDoneEarly;
    return *dates.completed == dates.due ? Timeliness::kDoneOnTime : Timeliness::kDoneLate;
  }
  if (dates.submitted) {
    return *dates.submitted <= dates.due ? Timeliness::kInTime : Timeliness::kOverdue;
  }
  return std::nullopt;
}

Timeliness TimelinessOf(const Dates& dates, absl::CivilDay today, int due_soon_days) {
  if (const auto settled = SettledTimeliness(dates)) return *settled;
  if (today > dates.due) return Timeliness::kOverdue;
  if (today < dates.window_start) return Timeliness::kNotYetOpen;
  return dates.due - today <= due_soon_days ? Timeliness::kDueSoon : Timeliness::kInTime;
}

Timeliness Worse(Timeliness a, Timeliness b) { return UrgencyOf(a) >= UrgencyOf(b) ? a : b; }

std::optional<DateRanges> UnsettledRanges(Timeliness timeliness, absl::CivilDay today,
                                          int due_soon_days) {
  switch (timeliness) {
    case Timeliness::kNotYetOpen:
      return DateRanges{today + 1, kLastDay, today, kLastDay};
    case Timeliness::kInTime:
      return DateRanges{kFirstDay, today, today + due_soon_days + 1, kLastDay};
    case Timeliness::kDueSoon:
      return DateRanges{kFirstDay, today, today, today + due_soon_days};
    case Timeliness::kOverdue:
      return DateRanges{kFirstDay, kLastDay, kFirstDay, today - 1};
    case Timeliness::kDoneEarly:
    case Timeliness::kDoneOnTime:
    case Timeliness::kDoneLate:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace dondoc::registry
