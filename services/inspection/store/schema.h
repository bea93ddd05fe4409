#pragma once

#include <vector>

#include "libs/store/database.h"

namespace dondoc {

// The tables of this service; see store/schema/.
std::vector<store::Migration> inspection_schema();

}  // namespace dondoc
