#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "libs/store/sql.h"

namespace dondoc::store {

// The condition that `column` holds one of many texts, bound as one parameter: how far a caller
// sees is thousands of units for one and none for another, and a statement is prepared once for
// both.
//
//   sql.All<Bytes>(absl::StrCat("select body from reports where ",
//                               OneOf(sql, "unit", ":units")).c_str(),
//                  ListOf(units));
//
// An empty list matches nothing.
std::string OneOf(const Sql& sql, absl::string_view column, absl::string_view placeholder);

// The parameter: a JSON array.
std::string ListOf(const std::set<std::string>& texts);
// The same of texts that all begin with `prefix`, without it; others are left out.
std::string ListOfWithout(absl::string_view prefix, const std::set<std::string>& texts);

}  // namespace dondoc::store
