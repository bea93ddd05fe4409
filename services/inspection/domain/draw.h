#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace dondoc::inspection {

// SplitMix64 (Steele, Lea and Flood, 2014): a generator of one word of state that any language
// writes in five lines, so that everybody can draw a lot again and see that nobody was favoured.
class SplitMix64 {
 public:
  explicit SplitMix64(uint64_t seed) : state_(seed) {}
  uint64_t Next();

 private:
  uint64_t state_;
};

// The lot of one unit: the first number of SplitMix64 seeded with `seed` + FNV-1a-64(name). It
// depends on nothing else, neither on the other units nor on their order; the lowest lots win.
uint64_t LotOf(int64_t seed, absl::string_view unit);

}  // namespace dondoc::inspection
