#include "libs/base/random.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace dondoc {
namespace {

// As much as some dozens of ids take: what asking costs is then next to nothing for each.
constexpr size_t kStoreBytes = 1'024;

struct Store {
  std::array<unsigned char, kStoreBytes> bytes;
  size_t used = kStoreBytes;
};

}  // namespace

void FillRandom(unsigned char* bytes, size_t count) {
  static thread_local Store store;
  while (count > 0) {
    if (store.used == kStoreBytes) {
      if (RAND_bytes(store.bytes.data(), static_cast<int>(kStoreBytes)) != 1) std::abort();
      store.used = 0;
    }
    const size_t taken = std::min(count, kStoreBytes - store.used);
    bytes = std::copy_n(store.bytes.data() + store.used, taken, bytes);
    store.used += taken;
    count -= taken;
  }
}

}  // namespace dondoc
