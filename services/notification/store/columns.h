#pragma once

#include <cstdint>
#include <optional>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace dondoc::notification {

// How days and instants stand in the tables: days and microseconds since 1970.

inline int64_t DayNumber(absl::CivilDay day) { return day - absl::CivilDay(1970, 1, 1); }
inline absl::CivilDay DayOf(int64_t number) { return absl::CivilDay(1970, 1, 1) + number; }

inline int64_t Micros(absl::Time time) { return absl::ToUnixMicros(time); }
inline absl::Time TimeOf(int64_t micros) { return absl::FromUnixMicros(micros); }

inline std::optional<int64_t> Micros(const std::optional<absl::Time>& time) {
  if (!time) return std::nullopt;
  return Micros(*time);
}
inline std::optional<absl::Time> TimeOf(const std::optional<int64_t>& micros) {
  if (!micros) return std::nullopt;
  return TimeOf(*micros);
}

}  // namespace dondoc::notification
