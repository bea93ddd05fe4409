#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// The ways in which a field of a request may hold text. All of them clean it as libs/base/text.h
// says and refuse with the name of the field.
namespace dondoc::registry {

struct TextField {
  absl::string_view name;
  size_t code_points_max = 0;
};

// A line that may be left empty.
absl::StatusOr<std::string> CleanOptionalLine(const TextField& field, absl::string_view bytes);

// A text of several lines that may be left empty; the ends are trimmed.
absl::StatusOr<std::string> CleanOptionalText(const TextField& field, absl::string_view bytes);

// A text of several lines that must say something; TEXT_BLANK.
absl::StatusOr<std::string> CleanRequiredText(const TextField& field, absl::string_view bytes);

}  // namespace dondoc::registry
