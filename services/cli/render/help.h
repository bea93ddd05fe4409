#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "services/cli/render/console.h"

namespace dondoc::cli {

// Prints help in the manner of the other tables: aligned, wrapped to the terminal, Vietnamese
// first.
class HelpFormatter final : public CLI::FormatterBase {
 public:
  // Takes the terminal's facts from `console`; what it prints goes where CLI11 sends it.
  explicit HelpFormatter(const Console& console)
      : width_(console.width), colour_(console.out_colour) {}

  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;

 private:
  const int width_;
  const bool colour_;
};

// "--unit" for an option, "TASK" for an argument.
std::string OptionTitle(const CLI::Option& option);

}  // namespace dondoc::cli
