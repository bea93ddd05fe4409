#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "dondoc/inspection/v1/programme.pb.h"
#include "libs/identity/grants.h"
#include "libs/store/database.h"
#include "services/inspection/domain/inspection.h"
#include "services/inspection/domain/programme.h"

// Programmes and inspections. Whatever is saved as a change is published in the same transaction,
// with the next version.
namespace dondoc::inspection {

namespace pb = ::dondoc::inspection::v1;

// Nothing when there is none of that year.
std::optional<Programme> FindProgramme(store::Snapshot& snapshot, int year);
// As the API answers it.
std::optional<pb::Programme> FindProgrammeBody(store::Snapshot& snapshot, int year);

// Saves and publishes `programme`; `verb` is "proposed" or "approved". Returns it with its version.
Programme SaveProgramme(store::Transaction& transaction, Programme programme,
                        absl::string_view verb);

std::optional<Inspection> FindInspection(store::Snapshot& snapshot, int year, int number);

// All of a programme, by number.
std::vector<Inspection> InspectionsOf(store::Snapshot& snapshot, int year);

// Those planned for `day` that are not cancelled, but not number `except` of the day's year.
std::vector<Inspection> InspectionsOn(store::Snapshot& snapshot, absl::CivilDay day, int except);

// The number of the next inspection of a programme.
int NextInspectionNumber(store::Snapshot& snapshot, int year);

// Which inspections of a programme to list; the unset fields choose all.
struct InspectionFilter {
  int year = 0;
  std::string unit = {};
  pb::InspectionState state = pb::INSPECTION_STATE_UNSPECIFIED;
};
// How far a caller sees: the inspections of `inside` from their proposal on, the others of `reach`
// once their unit may know of them (IsKnownToUnit).
struct Sight {
  const identity::Reach& reach = identity::Reach::Everything();
  const identity::Reach& inside = identity::Reach::Everything();
};
bool Sees(const Sight& sight, const Inspection& inspection);

// Those that are seen with a number above `after`, at most `limit`, by number.
std::vector<pb::Inspection> ListInspectionBodies(store::Snapshot& snapshot,
                                                 const InspectionFilter& filter, const Sight& sight,
                                                 int64_t after, int64_t limit);

// Replaces the inspections of a proposal. Nothing is published: nobody is to know of them yet.
void ReplaceProposedInspections(store::Transaction& transaction, int year,
                                const std::vector<Inspection>& inspections);

// Saves and publishes `inspection`; `verb` is the last word of the event's type: "planned",
// "notified", … Returns it with its version.
Inspection SaveInspection(store::Transaction& transaction, Inspection inspection,
                          absl::string_view verb);

// What earlier inspections tell of each unit.
absl::flat_hash_map<std::string, UnitFacts> InspectionFacts(store::Snapshot& snapshot);

}  // namespace dondoc::inspection
