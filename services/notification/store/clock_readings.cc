#include "services/notification/store/clock_readings.h"

#include <string>
#include <utility>

#include "services/notification/store/columns.h"

namespace dondoc::notification {

std::optional<ClockReading> FindClockReading(store::Sql& sql) {
  std::optional<ClockReading> found;
  sql.ForEach<std::string, int64_t, int64_t>(
      "select boot, wall, steady from clock_readings",
      [&](std::string boot, int64_t wall, int64_t steady) {
        found = ClockReading{
            .boot = std::move(boot), .wall = TimeOf(wall), .steady = absl::Microseconds(steady)};
      });
  return found;
}

void PutClockReading(store::Sql& sql, const ClockReading& reading) {
  sql.Run(
      "insert into clock_readings (id, boot, wall, steady) values (1, :boot, :wall, :steady) "
      "on conflict (id) do update set boot = excluded.boot, wall = excluded.wall, steady = "
      "excluded.steady",
      reading.boot, Micros(reading.wall), absl::ToInt64Microseconds(reading.steady));
}

}  // namespace dondoc::notification
