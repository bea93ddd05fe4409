#pragma once

#include <map>
#include <string>

#include "absl/strings/string_view.h"

// For tests: writes Word documents and archives.
namespace dondoc::registry {

// A zip archive with these entries, by name.
std::string ZipOf(const std::map<std::string, std::string>& entries);

// A .docx with this XML inside <w:body>.
std::string DocxOfBody(absl::string_view body);

// A .docx of a plan's text as an office would write it: the number and the date side by side in a
// letterhead without lines, bold type as bold runs, the rows between blank lines as one table whose
// sections are merged cells.
std::string DocxOfPlan(absl::string_view text);

}  // namespace dondoc::registry
