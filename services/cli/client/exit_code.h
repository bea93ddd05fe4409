#pragma once

#include "absl/status/status.h"

namespace dondoc::cli {

// What the program tells the shell. `dondoc --help` prints this list; scripts rely on it.
enum ExitCode {
  kExitOk = 0,
  // The service understood and refused: the state of things does not allow it.
  kExitRefused = 1,
  // The command line, or a value in it, is wrong.
  kExitUsage = 2,
  kExitNotFound = 3,
  // The service could not be reached, or did not answer in time. Worth trying again.
  kExitUnavailable = 4,
  // A fault of ours.
  kExitInternal = 5,
};

ExitCode ExitCodeOf(const absl::Status& status);

}  // namespace dondoc::cli
