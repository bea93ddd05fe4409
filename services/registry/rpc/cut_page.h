#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dondoc::registry {

// gRPC clients refuse answers beyond 4 MiB unless told otherwise; a page stays well below. Some
// rows are long: a task whose group stands for thousands of units, a plan with all its warnings.
inline constexpr size_t kPageBytesMax = 3 * 1024 * 1024;

// Cuts `rows`, which were read with one more than `size`, to a page: at most `size` rows, and no
// more than fit an answer, but at least one. Returns whether more rows follow.
template <typename Message>
bool CutPage(std::vector<Message>& rows, int32_t size) {
  size_t kept = 0;
  size_t bytes = 0;
  while (kept < rows.size() && kept < static_cast<size_t>(size)) {
    bytes += rows[kept].ByteSizeLong();
    if (kept > 0 && bytes > kPageBytesMax) break;
    ++kept;
  }
  const bool more = kept < rows.size();
  rows.resize(kept);
  return more;
}

}  // namespace dondoc::registry
