#include "services/inspection/wire/names.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/calendar/dates.h"
#include "services/inspection/domain/errors.h"
#include "services/inspection/domain/limits.h"

namespace dondoc::inspection {
namespace {

// A whole number from 1 on, written in the one way that a name is: no sign, no zero in front.
std::optional<int> ParseNumber(absl::string_view text) {
  int number = 0;
  if (!absl::SimpleAtoi(text, &number) || number < 1) return std::nullopt;
  if (absl::StrCat(number) != text) return std::nullopt;
  return number;
}

std::optional<int> ParseYear(absl::string_view text) {
  const std::optional<int> year = ParseNumber(text);
  if (!year || *year < calendar::kYearMin || *year > calendar::kYearMax) return std::nullopt;
  return year;
}

}  // namespace

absl::StatusOr<int> ParseProgrammeName(absl::string_view field, absl::string_view name) {
  absl::string_view rest = name;
  if (absl::ConsumePrefix(&rest, "programmes/")) {
    if (const std::optional<int> year = ParseYear(rest)) return *year;
  }
  return error::NameInvalid(field, name);
}

absl::StatusOr<InspectionKey> ParseInspectionName(absl::string_view field, absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  if (parts.size() == 4 && parts[0] == "programmes" && parts[2] == "inspections") {
    const std::optional<int> year = ParseYear(parts[1]);
    const std::optional<int> number = ParseNumber(parts[3]);
    if (year && number) return InspectionKey{.year = *year, .number = *number};
  }
  return error::NameInvalid(field, name);
}

absl::StatusOr<std::string> ParseUnitName(absl::string_view field, absl::string_view name) {
  absl::string_view id = name;
  if (!absl::ConsumePrefix(&id, "units/") || !IsId(id)) return error::NameInvalid(field, name);
  return std::string(name);
}

bool IsId(absl::string_view id) {
  return !id.empty() && id.size() <= kIdMax && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) ||
           absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-';
  });
}

}  // namespace dondoc::inspection
