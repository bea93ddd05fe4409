#pragma once

#include <cstddef>

// Every limit of this service, with its reason. Lengths are in code points.
namespace dondoc::inspection {

// What fits a line of a document: a number of a decision, a field, a name.
inline constexpr size_t kLineMax = 255;
// A paragraph: why a unit is inspected, why a date was moved.
inline constexpr size_t kParagraphMax = 1'000;
// A page and more: what was found.
inline constexpr size_t kFindingMax = 10'000;
// Resource ids (AIP-122), those of inspectors too.
inline constexpr size_t kIdMax = 63;
// People and mandatory units that one request may name.
inline constexpr size_t kNamedPerRequestMax = 1'000;
// Days of absence of one person: a year.
inline constexpr size_t kUnavailableDaysMax = 366;
// A team of more cannot be received by a division.
inline constexpr int kTeamSizeMax = 10;
// More findings than this are several inspections.
inline constexpr size_t kFindingsMax = 100;

// A programme travels as one event, and the broker takes messages of 1 MiB: some 6,000 units.
inline constexpr size_t kProgrammeBytesMax = 1'000'000;

}  // namespace dondoc::inspection
