#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "services/cli/render/table.h"

namespace dondoc::cli {

// Values of the APIs as people here write them. What is not understood is shown as it came.

// "2023-01-27" -> "27/01/2023".
std::string ShowDate(absl::string_view iso);

// "27/01/2023 08:15", in Vietnam; "" when it is not set.
std::string ShowInstant(const google::protobuf::Timestamp& instant);

// "85.99" -> "85,99".
std::string ShowDecimal(absl::string_view decimal);

// The name as the commands take it: "plans/cchc-2023/tasks/29" -> "cchc-2023/29",
// ".../phases/1/assignments/van-phong" -> "cchc-2023/29/1@van-phong", "units/thanh-tra" ->
// "thanh-tra".
std::string ShortName(absl::string_view name);

// A value of an enum in words: a symbol that tells it apart without colour, and the word.
struct Word {
  absl::string_view symbol;
  absl::string_view text;
  Style style = Style::kPlain;
};

// Looks `value` up in a table with one word per number of the enum. A number that this program does
// not know (the service is newer) is shown as the number.
template <size_t N>
Cell InWords(const Word (&words)[N], int value) {
  if (value < 0 || static_cast<size_t>(value) >= N) return Cell(absl::StrCat("#", value));
  const Word& word = words[value];
  return Cell(absl::StrCat(word.symbol, word.symbol.empty() ? "" : " ", word.text), word.style);
}

}  // namespace dondoc::cli
