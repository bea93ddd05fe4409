#include "libs/base/clock.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

namespace dondoc {
namespace {

absl::Duration NotNegative(absl::Duration duration) {
  return duration < absl::ZeroDuration() ? absl::ZeroDuration() : duration;
}

// A faster clock than this jumps days between two instructions and proves nothing any more.
constexpr double kRateMax = 10'000'000;

}  // namespace

absl::Time SystemClock::Now() const { return absl::Now(); }

absl::Duration SystemClock::RealTimeUntil(absl::Time instant) const {
  return NotNegative(instant - absl::Now());
}

absl::Time SimulatedClock::Now() const {
  const absl::Duration real = absl::Now() - simulation_.real_start;
  const absl::Duration whole = simulation_.simulated_end - simulation_.simulated_start;
  const absl::Duration played = real * simulation_.rate;
  if (played <= whole) return simulation_.simulated_start + played;
  return simulation_.simulated_end + (real - whole / simulation_.rate);
}

absl::Duration SimulatedClock::RealTimeUntil(absl::Time instant) const {
  const absl::Time now = Now();
  if (instant <= now) return absl::ZeroDuration();
  if (now >= simulation_.simulated_end) return instant - now;
  if (instant <= simulation_.simulated_end) return (instant - now) / simulation_.rate;
  return (simulation_.simulated_end - now) / simulation_.rate +
         (instant - simulation_.simulated_end);
}

std::string SimulatedClock::Label() const { return absl::StrCat("simulated x", simulation_.rate); }

absl::StatusOr<std::unique_ptr<Clock>> ClockFromSetting(absl::string_view setting) {
  if (setting == "system") return std::make_unique<SystemClock>();
  const std::vector<absl::string_view> parts = absl::StrSplit(setting, ':');
  int64_t real_start = 0;
  int64_t simulated_start = 0;
  int64_t simulated_end = 0;
  double rate = 0;
  if (parts.size() != 5 || parts[0] != "simulated" || !absl::SimpleAtoi(parts[1], &real_start) ||
      !absl::SimpleAtoi(parts[2], &simulated_start) || !absl::SimpleAtod(parts[3], &rate) ||
      !absl::SimpleAtoi(parts[4], &simulated_end) || !(rate > 0 && rate <= kRateMax) ||
      simulated_end < simulated_start) {
    return absl::InvalidArgumentError(absl::StrCat(
        "clock is \"", setting,
        "\": write system, or simulated:<real start>:<simulated start>:<rate>:<simulated end> "
        "with times in seconds since 1970 and 0 < rate <= 10000000"));
  }
  return std::make_unique<SimulatedClock>(
      Simulation{.real_start = absl::FromUnixSeconds(real_start),
                 .simulated_start = absl::FromUnixSeconds(simulated_start),
                 .rate = rate,
                 .simulated_end = absl::FromUnixSeconds(simulated_end)});
}

}  // namespace dondoc
