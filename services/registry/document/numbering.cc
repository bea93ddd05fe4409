#include "services/registry/document/numbering.h"

#include <algorithm>
#include <pugixml.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace dondoc::registry {
namespace {

constexpr int kAlphabet = 26;

// 1 is a, 26 z, 27 aa, as Word counts.
std::string Letters(int number, char first) {
  const size_t count = static_cast<size_t>((number - 1) / kAlphabet) + 1;
  return std::string(count, static_cast<char>(first + (number - 1) % kAlphabet));
}

std::string Roman(int number, bool upper) {
  struct Digit {
    int value;
    const char* upper;
    const char* lower;
  };
  constexpr Digit kDigits[] = {{50, "L", "l"}, {40, "XL", "xl"}, {10, "X", "x"}, {9, "IX", "ix"},
                               {5, "V", "v"},  {4, "IV", "iv"},  {1, "I", "i"}};
  std::string roman;
  for (const Digit& digit : kDigits) {
    for (; number >= digit.value; number -= digit.value) roman += upper ? digit.upper : digit.lower;
  }
  return roman;
}

std::string Formatted(int number, absl::string_view format) {
  if (format == "lowerLetter") return Letters(number, 'a');
  if (format == "upperLetter") return Letters(number, 'A');
  if (format == "lowerRoman") return Roman(number, /*upper=*/false);
  if (format == "upperRoman") return Roman(number, /*upper=*/true);
  return absl::StrCat(number);
}

}  // namespace

Numbering::Numbering(const pugi::xml_node& numbering) {
  for (const pugi::xml_node node : numbering.children("w:abstractNum")) {
    Definition& definition = definitions_[node.attribute("w:abstractNumId").value()];
    for (const pugi::xml_node level_node : node.children("w:lvl")) {
      const int index = level_node.attribute("w:ilvl").as_int(-1);
      if (index < 0 || index >= kLevels) continue;
      Level& level = definition.levels[static_cast<size_t>(index)];
      level.format = level_node.child("w:numFmt").attribute("w:val").as_string("decimal");
      level.text = level_node.child("w:lvlText").attribute("w:val").value();
      level.start = std::clamp(level_node.child("w:start").attribute("w:val").as_int(1), 1, 9999);
    }
  }
  for (const pugi::xml_node node : numbering.children("w:num")) {
    definition_of_[node.attribute("w:numId").value()] =
        node.child("w:abstractNumId").attribute("w:val").value();
  }
}

std::string Numbering::NextLabel(const std::string& list, int level) {
  const auto name = definition_of_.find(list);
  if (name == definition_of_.end() || level < 0 || level >= kLevels) return "";
  const auto found = definitions_.find(name->second);
  if (found == definitions_.end()) return "";
  Definition& definition = found->second;
  const size_t index = static_cast<size_t>(level);
  if (definition.levels[index].format == "none") return "";
  if (definition.levels[index].format == "bullet") return "- ";
  for (size_t i = 0; i <= index; ++i) {
    int& number = definition.numbers[i];
    if (number == 0) number = definition.levels[i].start - (i == index ? 1 : 0);
  }
  ++definition.numbers[index];
  std::fill(definition.numbers.begin() + level + 1, definition.numbers.end(), 0);

  std::string label = definition.levels[index].text;
  for (size_t i = 0; i <= index; ++i) {
    const std::string number = Formatted(definition.numbers[i], definition.levels[i].format);
    label = absl::StrReplaceAll(label, {{absl::StrCat("%", i + 1), number}});
  }
  return label.empty() ? "" : label + " ";
}

}  // namespace dondoc::registry
