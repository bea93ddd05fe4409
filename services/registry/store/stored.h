#pragma once

#include <cstdint>

namespace dondoc::registry {

// A value with the version that it has at rest; 0 for one that is not kept yet.
template <typename T>
struct Stored {
  T value;
  int64_t version = 0;
};

}  // namespace dondoc::registry
