#pragma once

#include <string>
#include <vector>

#include "services/cli/render/console.h"

namespace dondoc::cli {

// The whole program, apart from the process around it: reads the command line (without the name of
// the program), runs the command and answers the exit code.
int RunProgram(const std::vector<std::string>& arguments, const Environment& environment,
               Console console);

}  // namespace dondoc::cli
