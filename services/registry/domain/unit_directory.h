#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "services/registry/domain/unit.h"

namespace dondoc::registry {

// The units that a document may mean, found by what it calls them. Holds what the caller read for
// one import: the units with a name that the document uses, and those that succeeded them.
class UnitDirectory {
 public:
  void Add(Unit unit);
  bool Knows(absl::string_view id) const { return units_.contains(std::string(id)); }

  // The unit that is called `text` on `day`; null when there is none. Names are unique on each day.
  const Unit* FindNamed(absl::string_view text, absl::CivilDay day) const;

  // A unit that is called so on some other day; null when there is none.
  const Unit* FindNamedEver(absl::string_view text) const;

  // Who takes the work of `id`: itself, or, once its end is on record, whoever succeeded it. Null
  // when nobody did.
  const Unit* HolderOf(absl::string_view id) const;

 private:
  std::map<std::string, Unit> units_;
  std::multimap<std::string, const Unit*> by_key_;
};

}  // namespace dondoc::registry
