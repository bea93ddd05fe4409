#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/cli/commands/session.h"

namespace dondoc::cli {

// What people call the units, for tables; one call for a whole table. Where the registry cannot be
// asked, units go by their ids: a table of another service does not fail for it.
class UnitNames {
 public:
  static UnitNames Load(Session& session);

  // "units/van-phong" -> "Văn phòng"; the id when the name is not known; "" for "".
  std::string Of(absl::string_view unit) const;

 private:
  std::map<std::string, std::string, std::less<>> names_;
};

}  // namespace dondoc::cli
