#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dondoc::testing {

// A new empty folder that only we can enter; it is gone, with all that is in it, when this is. All
// of it stands here, so that a test of any library may use it without linking the servers beside
// it.
class TempDir {
 public:
  TempDir() {
    std::error_code error;
    path_ = std::filesystem::temp_directory_path(error).string();
    if (error) path_ = "/tmp";
    absl::StrAppend(&path_, "/dondoc-test-XXXXXX");
    // Without a folder no test can mean anything.
    if (mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }

  // The path that `name` has in here. Makes nothing.
  std::string File(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

 private:
  std::string path_;
};

}  // namespace dondoc::testing
