#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace dondoc::testing {

// A new empty folder that only we can enter; it is gone, with all that is in it, when this is.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }

  // The path that `name` has in here. Makes nothing.
  std::string File(absl::string_view name) const;

 private:
  std::string path_;
};

}  // namespace dondoc::testing
