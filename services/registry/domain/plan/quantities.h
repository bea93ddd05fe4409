#pragma once

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/registry/domain/plan/plan_document.h"
#include "services/registry/domain/plan/words.h"

namespace dondoc::registry::plan {

// A bound in a text, with the words it takes: "đạt tỷ lệ tối thiểu là 70%".
struct Quantity {
  Bound bound;
  size_t first = 0;
  size_t end = 0;
};

struct Quantities {
  std::vector<Quantity> found;
  // False when a figure stands there that no rule reads: "từ 40% đến 60%", "85.5%".
  bool understood = true;
  // True when a length of time does not say whether it is a maximum: "trong 15 ngày".
  bool bare_duration = false;
};

// The bounds in `text`, in order.
//
//   quantity   := { filler } [ comparator { filler } ] number measure [ "trở lên" | "trở xuống" ]
//   filler     := "đạt" | "đạt tỷ lệ" | "giảm xuống còn" | "là" | …
//   comparator := "tối thiểu" | "ít nhất" (>=)   "trên" | "hơn" (>)   "tối đa" | "không quá" (<=)
//               | "dưới" (<)   "bằng" (=)   "từ", only before "trở lên" or "trở xuống"
//   measure    := "%" | ("phút" | "giờ" | "ngày" | "ngày làm việc") [ "/" what ]
//               | nothing, after a comparator of amount: "ít nhất 02 sáng kiến" counts
//
// A percentage without comparator is a floor (>=), as this kind of plan means it. `words` must be
// WordsOf(text).
Quantities QuantitiesIn(absl::string_view text, const Words& words);

// "8,5" is eight and a half, "1.000" a thousand; nothing for "8.5", which could be either.
std::optional<Decimal> ReadVietnameseNumber(absl::string_view text);

}  // namespace dondoc::registry::plan
