#include "services/cli/render/format.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"

namespace dondoc::cli {

std::string ShowDate(absl::string_view iso) {
  const std::vector<absl::string_view> parts = absl::StrSplit(iso, '-');
  if (parts.size() != 3) return std::string(iso);
  return absl::StrCat(parts[2], "/", parts[1], "/", parts[0]);
}

std::string ShowInstant(const google::protobuf::Timestamp& instant) {
  if (instant.seconds() == 0 && instant.nanos() == 0) return "";
  const absl::Time time = absl::FromUnixSeconds(instant.seconds());
  return absl::FormatTime("%d/%m/%Y %H:%M", time, VietnamTime());
}

std::string ShowDecimal(absl::string_view decimal) {
  return absl::StrReplaceAll(decimal, {{".", ","}});
}

std::string ShortName(absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  if (parts.size() % 2 != 0) return std::string(name);
  std::string text;
  for (size_t i = 0; i < parts.size(); i += 2) {
    const char* separator = i == 0 ? "" : parts[i] == "assignments" ? "@" : "/";
    absl::StrAppend(&text, separator, parts[i + 1]);
  }
  return text;
}

}  // namespace dondoc::cli
