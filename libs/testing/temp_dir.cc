#include "libs/testing/temp_dir.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace dondoc::testing {

TempDir::TempDir() {
  std::error_code error;
  path_ = std::filesystem::temp_directory_path(error).string();
  if (error) path_ = "/tmp";
  absl::StrAppend(&path_, "/dondoc-test-XXXXXX");
  // Without a folder no test can mean anything.
  if (mkdtemp(path_.data()) == nullptr) std::abort();
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::File(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

}  // namespace dondoc::testing
