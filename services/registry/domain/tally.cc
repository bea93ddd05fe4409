#include "services/registry/domain/tally.h"

#include "libs/base/decimal.h"

namespace dondoc::registry {
namespace {

std::string PerCent(int part, int whole) {
  if (whole == 0) return "";
  return RoundedRatio(Decimal::OfWhole(part), Decimal::OfWhole(whole), 100, 2).ToString();
}

}  // namespace

void Tally::Add(Progress progress, Timeliness timeliness, int count) {
  switch (timeliness) {
    case Timeliness::kDoneEarly:
      done_early += count;
      done_in_time += count;
      break;
    case Timeliness::kDoneOnTime:
      done_in_time += count;
      break;
    case Timeliness::kDoneLate:
      done_late += count;
      break;
    case Timeliness::kOverdue:
      open_overdue += count;
      break;
    case Timeliness::kNotYetOpen:
    case Timeliness::kInTime:
    case Timeliness::kDueSoon:
      open_in_time += count;
      break;
  }
  if (progress == Progress::kSubmitted) waiting += count;
  if (progress == Progress::kNotArising) not_arising += count;
  if (progress == Progress::kNotStarted) silent += count;
  if (progress == Progress::kSuspended) suspended += count;
}

std::string Tally::DoneOfDue() const { return PerCent(done_in_time + done_late, FellDue()); }

std::string Tally::InTimeOfDue() const { return PerCent(done_in_time, FellDue()); }

}  // namespace dondoc::registry
