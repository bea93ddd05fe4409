#include <cstdlib>
#include <string>
#include <vector>

#include "services/cli/admin/admin.h"

int main(int argc, char** argv) {
  using namespace dondoc::cli;
  const Environment environment = [](absl::string_view name) {
    const char* value = std::getenv(std::string(name).c_str());
    return std::string(value == nullptr ? "" : value);
  };
  return admin::RunAdmin(std::vector<std::string>(argv + 1, argv + argc), environment,
                         ProcessConsole(environment));
}
