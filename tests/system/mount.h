#pragma once

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dondoc::testing {

// A file system that a test mounts for itself: nobody else sees it, and it ends at the latest with
// the test's process, however that ends (a mount namespace of its own). Where that is not permitted
// (no root, a container without CAP_SYS_ADMIN or loop devices), UNAVAILABLE says why.
class Mount {
 public:
  // An empty file system of `megabytes`, in memory, at the new folder `folder`.
  static absl::StatusOr<std::unique_ptr<Mount>> Memory(const std::string& folder, int megabytes);
  // The file system in the file `image` (MakeImage) at `folder`.
  static absl::StatusOr<std::unique_ptr<Mount>> Image(const std::string& image,
                                                      const std::string& folder);
  ~Mount();
  Mount(const Mount&) = delete;
  Mount& operator=(const Mount&) = delete;

  const std::string& folder() const { return folder_; }

 private:
  explicit Mount(std::string folder) : folder_(std::move(folder)) {}

  const std::string folder_;
};

// An empty ext4 file system of `megabytes` in the new file `image`.
absl::Status MakeImage(const std::string& image, int megabytes);

}  // namespace dondoc::testing
