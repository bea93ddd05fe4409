#include "libs/process/disk.h"

#include <string>
#include <system_error>

#include "absl/strings/strip.h"

namespace dondoc::process {

std::optional<std::filesystem::path> FolderOf(absl::string_view database) {
  if (!absl::ConsumePrefix(&database, "sqlite:")) return std::nullopt;
  return std::filesystem::absolute(std::string(database)).parent_path();
}

Room RoomIn(const std::filesystem::path& folder) {
  std::error_code failed;
  const std::filesystem::space_info space = std::filesystem::space(folder, failed);
  return {.free_bytes = static_cast<double>(space.available),
          .size_bytes = static_cast<double>(space.capacity)};
}

}  // namespace dondoc::process
