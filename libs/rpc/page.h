#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dondoc::rpc {

// How many rows a list answers when it is not told, and at most: a page has to fit a message of 4
// MiB and a person's patience.
inline constexpr int32_t kPageSizeDefault = 50;
inline constexpr int32_t kPageSizeMax = 1'000;

// A page as a query needs it.
struct Page {
  int32_t size = kPageSizeDefault;
  // The sort key of the last row of the page before; empty for the first page. Whatever string the
  // handler gave to NextPageToken.
  std::string after;
};

// Reads page_size and page_token. `filter` is everything else that shapes the list (parent, unit,
// state, … joined); a token made for another filter is refused.
// INVALID_ARGUMENT, reason PAGE_SIZE_NEGATIVE or PAGE_TOKEN_INVALID.
absl::StatusOr<Page> ReadPage(int32_t page_size, absl::string_view page_token,
                              absl::string_view filter);

// The token that continues after the row with sort key `after`.
std::string NextPageToken(absl::string_view after, absl::string_view filter);

}  // namespace dondoc::rpc
