#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/registry/domain/plan/plan_document.h"
#include "services/registry/domain/plan/words.h"

// Who is named in a cell: units, groups of units, bodies outside the issuer.
namespace dondoc::registry::plan {

// The names in a lead or coordinator cell, in order. "- A - B", "A; B" and "A, B" are lists; a
// comma inside a group ("Các phòng, đơn vị có liên quan") or a name ("Phòng Hành chính, Tổng hợp")
// is not. Empty for a blank cell and for "-".
std::vector<PlanParty> PartiesOf(absl::string_view cell, absl::string_view issuer);

// True for a cell that says "none" on purpose.
bool IsExplicitNone(absl::string_view cell);

// How many words at `at` name a body of the state that is not a unit of a department: "UBND TP",
// "HĐND thành phố", "Sở Nội vụ", "Thủ tướng Chính phủ". 0 for none. The issuer is external to none,
// so the caller compares.
size_t StateBodyLength(const Words& words, size_t at);

// The bodies that `text` asks to act: all in `text` when `anywhere`, otherwise only those after
// "phối hợp", "trình", "xin ý kiến". The issuer is left out; each body once.
std::vector<std::string> ExternalBodiesIn(absl::string_view text, absl::string_view issuer,
                                          bool anywhere);

}  // namespace dondoc::registry::plan
