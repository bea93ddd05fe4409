#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "services/cli/program.h"

int main(int argc, char** argv) {
  using namespace dondoc::cli;
  // A reader that has seen enough ("dondoc task list | head") ends us quietly.
  std::signal(SIGPIPE, SIG_DFL);
  const Environment environment = [](absl::string_view name) {
    const char* value = std::getenv(std::string(name).c_str());
    return std::string(value == nullptr ? "" : value);
  };
  return RunProgram(std::vector<std::string>(argv + 1, argv + argc), environment,
                    ProcessConsole(environment));
}
