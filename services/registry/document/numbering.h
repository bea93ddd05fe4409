#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace pugi {
class xml_node;
}

namespace dondoc::registry {

// The numbers that Word writes by itself before a paragraph ("1.", "a)", "-") and that stand in no
// text run. Knows lists that a paragraph names itself; a list that comes with a style is not seen.
class Numbering {
 public:
  Numbering() = default;
  // `numbering` is the root of word/numbering.xml.
  explicit Numbering(const pugi::xml_node& numbering);

  // The label of the next paragraph of a list at a level, with a space behind it; "" when the list
  // is unknown or has no label. Counts.
  std::string NextLabel(const std::string& list, int level);

 private:
  static constexpr int kLevels = 9;

  struct Level {
    std::string format = "decimal";
    std::string text;  // "%1.", where %1 is the number of the first level
    int start = 1;
  };
  struct Definition {
    std::array<Level, kLevels> levels;
    std::array<int, kLevels> numbers = {};  // 0 before the first
  };

  std::map<std::string, std::string> definition_of_;  // by list
  std::map<std::string, Definition> definitions_;
};

}  // namespace dondoc::registry
