#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dondoc::store {

// Splits a file of SQL into statements at ";" outside of quotes, comments and the begin … end of a
// trigger. Comments are dropped. What libpq and SOCI want one at a time, a migration is free to
// hold.
std::vector<std::string> SplitScript(absl::string_view sql);

}  // namespace dondoc::store
