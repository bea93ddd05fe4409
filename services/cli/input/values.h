#pragma once

#include <google/protobuf/generated_enum_reflection.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/cli/input/names.h"

namespace dondoc::cli {

// Help in the two languages, as one line: "Kế hoạch (plan)".
std::string Help(absl::string_view vi, absl::string_view en);

// Reads a civil date as it is printed ("30/6/2023", "30/06/2023") or as the APIs write it
// ("2023-06-30") and answers the latter; "" for "". INVALID_ARGUMENT, reason DATE_NOT_UNDERSTOOD,
// for anything else and for days that no calendar has.
absl::StatusOr<std::string> ReadDate(const Argument& argument);

// A value of several fields in one argument: "15/KH-SKHCN; 20/03/2023; link=https://…; serious".
// Fields stand between semicolons; `key=value` fields are found by key, the others by position.
struct Fields {
  std::vector<std::string> positional;
  std::map<std::string, std::string> named;
};
Fields ReadFields(absl::string_view text);

// INVALID_ARGUMENT, reason ARGUMENT_NOT_UNDERSTOOD: an argument of several fields is not of the
// form.
absl::Status NotOfTheForm(const Argument& argument, absl::string_view form);

// Adds an option that takes a date; the variable gets YYYY-MM-DD.
CLI::Option* AddDate(CLI::App& command, const std::string& flag, std::string& variable,
                     const std::string& help);

// Adds an option that may be repeated and takes one value each time.
CLI::Option* AddRepeated(CLI::App& command, const std::string& flag,
                         std::vector<std::string>& variable, const std::string& help);

// An enum's values as words of a command line: UNIT_KIND_SUB_DEPARTMENT -> "sub-department".
// Without UNSPECIFIED.
std::map<std::string, int> ChoicesOf(const google::protobuf::EnumDescriptor& descriptor);

// Adds an option that takes one word of a choice, or several words when it is `repeated`. The words
// are its type name, "a|b|c", which is what help shows and completion offers.
struct Choice {
  std::map<std::string, int> words;
  bool repeated = false;
  // Gets the number of each word given.
  std::function<void(int)> take;
};
CLI::Option* AddWord(CLI::App& command, const std::string& flag, const std::string& help,
                     const Choice& choice);

// As AddWord() for an enum of the APIs: AddChoice(cli, "--kind", options.kind, "…").
template <typename Enum>
CLI::Option* AddChoice(CLI::App& command, const std::string& flag, Enum& variable,
                       const std::string& help) {
  return AddWord(command, flag, help,
                 {.words = ChoicesOf(*google::protobuf::GetEnumDescriptor<Enum>()),
                  .take = [&variable](int number) { variable = static_cast<Enum>(number); }});
}
template <typename Enum>
CLI::Option* AddChoices(CLI::App& command, const std::string& flag, std::vector<Enum>& variable,
                        const std::string& help) {
  return AddWord(
      command, flag, help,
      {.words = ChoicesOf(*google::protobuf::GetEnumDescriptor<Enum>()),
       .repeated = true,
       .take = [&variable](int number) { variable.push_back(static_cast<Enum>(number)); }});
}

// The type name of options and arguments that take a file; completion offers files for it.
inline constexpr char kFileType[] = "FILE";

}  // namespace dondoc::cli
