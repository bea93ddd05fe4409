#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace dondoc {

// Vietnam: +07:00 the year round, no daylight saving time since 1975. Fixed, because GCC 12 has no
// time-zone database in std::chrono and a container may have none on disk.
inline absl::TimeZone VietnamTime() { return absl::FixedTimeZone(7 * 60 * 60); }

// The civil date on which `instant` falls in Vietnam. Local midnight belongs to the new day.
inline absl::CivilDay DateOf(absl::Time instant) {
  return absl::ToCivilDay(instant, VietnamTime());
}

// The first instant of `date` in Vietnam.
inline absl::Time StartOf(absl::CivilDay date) { return absl::FromCivil(date, VietnamTime()); }

// The only source of time. Domain code receives an absl::Time and never asks for one.
// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  virtual absl::Time Now() const = 0;

  // How long, in real time, until Now() has reached `instant`; zero when it already has. What waits
  // for a moment waits by this, so that it wakes in time on a fast clock too.
  virtual absl::Duration RealTimeUntil(absl::Time instant) const = 0;

  // "" for the real clock; otherwise what every log line and the answer of GetClock must show.
  virtual std::string Label() const { return ""; }
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
  absl::Duration RealTimeUntil(absl::Time instant) const override;
};

// Stands still until told otherwise. For tests of one thread.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(absl::Time now) : now_(now) {}
  absl::Time Now() const override { return now_; }
  absl::Duration RealTimeUntil(absl::Time instant) const override {
    return instant <= now_ ? absl::ZeroDuration() : absl::Seconds(1);
  }
  void Set(absl::Time now) { now_ = now; }

 private:
  absl::Time now_;
};

// How a year is played in two minutes. Processes that are given the same values agree on the time
// without talking: simulated = simulated_start + (real - real_start) * rate, until simulated_end;
// from then on it runs at the pace of the real clock.
struct Simulation {
  absl::Time real_start;
  absl::Time simulated_start;
  double rate = 1;
  absl::Time simulated_end;
};

class SimulatedClock final : public Clock {
 public:
  explicit SimulatedClock(const Simulation& simulation) : simulation_(simulation) {}
  absl::Time Now() const override;
  absl::Duration RealTimeUntil(absl::Time instant) const override;
  std::string Label() const override;

 private:
  Simulation simulation_;
};

// Reads the setting `clock`: "system", or
// "simulated:<real start>:<simulated start>:<rate>:<simulated end>", where the three times are
// seconds since 1970 (whole numbers) and 0 < rate <= 10,000,000. INVALID_ARGUMENT for anything
// else.
absl::StatusOr<std::unique_ptr<Clock>> ClockFromSetting(absl::string_view setting);

}  // namespace dondoc
