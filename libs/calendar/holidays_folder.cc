#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"
#include "libs/calendar/holidays.h"

namespace dondoc::calendar {
namespace {

namespace fs = std::filesystem;

absl::Status CalendarUnreadable(const std::string& path) {
  return Refuse(absl::StatusCode::kNotFound, "CALENDAR_UNREADABLE",
                {.vi = absl::StrCat("Không đọc được lịch nghỉ ", path, "; hãy kiểm tra đường dẫn"),
                 .en = absl::StrCat("cannot read the calendar ", path, "; check the path")},
                {{"path", path}});
}

// The same refusal, naming the file.
absl::Status InFile(const std::string& path, const absl::Status& refusal) {
  Details details = DetailsOf(refusal);
  details["path"] = path;
  return Refuse(refusal.code(), ReasonOf(refusal),
                {.vi = absl::StrCat("Tệp ", path, ": ", refusal.message()),
                 .en = absl::StrCat("file ", path)},
                details);
}

}  // namespace

absl::StatusOr<Holidays> LoadHolidays(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> paths;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".txt") paths.push_back(entry->path().string());
  }
  if (error) return CalendarUnreadable(folder);
  std::sort(paths.begin(), paths.end());

  Holidays holidays;
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file) return CalendarUnreadable(path);
    if (const absl::Status added = holidays.AddNotice(text); !added.ok())
      return InFile(path, added);
  }
  return holidays;
}

}  // namespace dondoc::calendar
