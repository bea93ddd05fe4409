#include "tests/system/mount.h"

#include <sched.h>
#include <sys/mount.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/base/status_macros.h"
#include "libs/testing/child_process.h"
#include "libs/testing/temp_dir.h"
#include "tests/system/programs.h"

namespace dondoc::testing {
namespace {

namespace fs = std::filesystem;

// Runs a program to its end. UNAVAILABLE with what it says when that is not 0.
absl::Status RunTool(const std::vector<std::string>& command) {
  const TempDir folder;
  const std::string log = folder.File("log");
  ASSIGN_OR_RETURN(const auto process, ChildProcess::Start({.command = command, .log_path = log}));
  ASSIGN_OR_RETURN(const int code, process->Wait(absl::Seconds(20)));
  if (code == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(absl::StrJoin(command, " "), ": ", ContentsOf(log)));
}

// What this thread and the programs that it starts mount from here on is theirs alone.
absl::Status LeaveCommonMounts() {
  static const int error = [] {
    if (unshare(CLONE_NEWNS) != 0) return errno;
    return mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 ? 0 : errno;
  }();
  if (error == 0) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("no mounts are permitted here: ", absl::ErrnoToStatus(error, "").message()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Mount>> Mount::Memory(const std::string& folder, int megabytes) {
  RETURN_IF_ERROR(LeaveCommonMounts());
  fs::create_directories(folder);
  RETURN_IF_ERROR(RunTool(
      {"mount", "-t", "tmpfs", "-o", absl::StrCat("size=", megabytes, "m"), "tmpfs", folder}));
  return std::unique_ptr<Mount>(new Mount(folder));
}

absl::StatusOr<std::unique_ptr<Mount>> Mount::Image(const std::string& image,
                                                    const std::string& folder) {
  RETURN_IF_ERROR(LeaveCommonMounts());
  fs::create_directories(folder);
  RETURN_IF_ERROR(RunTool({"mount", "-o", "loop", image, folder}));
  return std::unique_ptr<Mount>(new Mount(folder));
}

// Lazily, so that a file that is still open cannot keep it.
Mount::~Mount() { umount2(folder_.c_str(), MNT_DETACH); }

absl::Status MakeImage(const std::string& image, int megabytes) {
  std::ofstream(image).close();
  fs::resize_file(image, static_cast<uintmax_t>(megabytes) << 20);
  return RunTool({"mkfs.ext4", "-q", "-F", image});
}

}  // namespace dondoc::testing
