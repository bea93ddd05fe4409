#pragma once

#include "absl/status/status.h"
#include "services/cli/render/console.h"

namespace dondoc::cli {

// Tells a person on `err` what was refused: the sentence, the reason, what the details name, and
// the command that helps where there is one. A refused import with many problems is shown as a
// table.
void PrintRefusal(const Console& console, const absl::Status& status);

}  // namespace dondoc::cli
