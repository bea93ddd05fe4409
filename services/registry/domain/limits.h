#pragma once

#include <cstddef>

#include "absl/time/civil_time.h"

// Every limit of the registry, with its reason. Lengths are in code points unless they say bytes.
namespace dondoc::registry {

// What fits a line of a document and a column of a list.
inline constexpr size_t kLineMax = 255;
// A paragraph: a reason, the note of a piece of evidence.
inline constexpr size_t kParagraphMax = 1'000;
// A page and more: the words of a progress report.
inline constexpr size_t kNoteMax = 10'000;
// Other spellings of one unit's name.
inline constexpr size_t kAliasesMax = 20;
// Documents that show one result.
inline constexpr size_t kEvidenceMax = 50;
// RFC 5321 allows no longer address; a link longer than this is no link any more.
inline constexpr size_t kEmailBytesMax = 254;
inline constexpr size_t kLinkBytesMax = 2'000;
// Units that one request may name.
inline constexpr size_t kUnitsPerRequestMax = 1'000;
// From a ministry down to a team there are fewer levels; a longer chain is a mistake.
inline constexpr size_t kUnitDepthMax = 12;
// A deadline or a date of dissolution further ahead is a typing mistake.
inline constexpr int kYearsAheadMax = 5;
inline absl::CivilDay LastDateAllowed(absl::CivilDay today) {
  return absl::CivilDay(today.year() + kYearsAheadMax, 12, 31);
}
// "7 days or fewer are left" makes a deadline a near one.
inline constexpr int kDueSoonDays = 7;

}  // namespace dondoc::registry
