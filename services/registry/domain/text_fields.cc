#include "services/registry/domain/text_fields.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "libs/base/status_macros.h"
#include "libs/base/text.h"
#include "services/registry/domain/errors.h"

namespace dondoc::registry {
namespace {

// Of clean text: every byte that does not continue a letter begins one.
size_t CodePoints(absl::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

absl::StatusOr<std::string> CleanOptionalLine(const TextField& field, absl::string_view bytes) {
  if (absl::StripAsciiWhitespace(bytes).empty()) return std::string();
  return CleanLine(field.name, bytes, field.code_points_max);
}

absl::StatusOr<std::string> CleanOptionalText(const TextField& field, absl::string_view bytes) {
  const absl::StatusOr<std::string> clean = CleanText(bytes);
  if (!clean.ok()) return error::InField(field.name, clean.status());
  const absl::string_view text = absl::StripAsciiWhitespace(*clean);
  const size_t code_points = CodePoints(text);
  if (code_points > field.code_points_max) {
    return error::TextTooLong(field.name, code_points, field.code_points_max);
  }
  return std::string(text);
}

absl::StatusOr<std::string> CleanRequiredText(const TextField& field, absl::string_view bytes) {
  ASSIGN_OR_RETURN(std::string text, CleanOptionalText(field, bytes));
  if (text.empty()) return error::FieldMissing(field.name);
  return text;
}

}  // namespace dondoc::registry
