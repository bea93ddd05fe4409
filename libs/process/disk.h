#pragma once

#include <filesystem>
#include <optional>

#include "absl/strings/string_view.h"

namespace dondoc::process {

// The folder of a database file, "sqlite:<file>"; nothing where the database is a server, whose
// disk is its own operators' to watch.
std::optional<std::filesystem::path> FolderOf(absl::string_view database);

// How much room a disk has. What cannot be asked has all it wants: the database says more.
struct Room {
  double free_bytes = 0;
  double size_bytes = 0;
};
Room RoomIn(const std::filesystem::path& folder);

}  // namespace dondoc::process
