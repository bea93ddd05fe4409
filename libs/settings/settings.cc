#include "libs/settings/settings.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/base/status_macros.h"
#include "libs/base/text.h"

namespace dondoc::settings {
namespace {

constexpr char kCommandLine[] = "command line";
constexpr char kMask[] = "********";

// What Table itself understands; no setting may be called so.
constexpr absl::string_view kConfig = "config";
constexpr absl::string_view kHelp = "help";
constexpr absl::string_view kPrintSettings = "print_settings";

std::string EnvironmentName(absl::string_view name) {
  return absl::StrCat("DONDOC_", absl::AsciiStrToUpper(name));
}

bool IsName(absl::string_view name) {
  const auto fits = [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) ||
           absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '_';
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), fits) && name != kConfig &&
         name != kHelp && name != kPrintSettings;
}

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) return std::nullopt;
  return text;
}

// "a line of text without control characters", as bytes that a name, an address or a path may have.
bool IsOneLine(absl::string_view text) {
  const absl::StatusOr<std::string> clean = CleanText(text);
  return clean.ok() && !absl::StrContains(*clean, '\n');
}

// Prints rows as columns that line up in a terminal, Vietnamese text too.
void PrintColumns(const std::vector<std::vector<std::string>>& rows, std::ostream& out) {
  std::vector<size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      absl::StrAppend(&line, row[i], std::string(widths[i] - DisplayWidth(row[i]) + 2, ' '));
    }
    out << absl::StripTrailingAsciiWhitespace(line) << "\n";
  }
}

// "--name=value" in its parts; the value is missing without "=".
struct Argument {
  std::string name;
  std::optional<std::string> value;
};

absl::StatusOr<Argument> ParseArgument(absl::string_view text) {
  absl::string_view rest = text;
  if (!absl::ConsumePrefix(&rest, "--") || rest.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" on the command line is no setting; write --name=value"));
  }
  const std::vector<std::string> parts = absl::StrSplit(rest, absl::MaxSplits('=', 1));
  Argument argument{.name = parts[0], .value = std::nullopt};
  std::replace(argument.name.begin(), argument.name.end(), '-', '_');
  if (parts.size() == 2) argument.value = parts[1];
  return argument;
}

}  // namespace

Table::Table(absl::string_view program, absl::string_view about)
    : program_(program), about_(about) {}

void Table::Add(Entry entry) {
  // A bad or doubled name is a mistake in this program, so it shows at its first start.
  if (!IsName(entry.name) || Find(entry.name) != nullptr) std::abort();
  entry.default_value = entry.get();
  entries_.push_back(std::move(entry));
}

Table::Entry* Table::Find(absl::string_view name) {
  for (Entry& entry : entries_) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

void Table::Text(absl::string_view name, std::string& field, absl::string_view meaning,
                 TextLimits limits) {
  Add({.name = std::string(name),
       .allowed = absl::StrCat("a line of ", limits.may_be_empty ? 0 : 1, " to ", limits.bytes_max,
                               " bytes"),
       .meaning = std::string(meaning),
       .set =
           [&field, limits](absl::string_view value) {
             if (value.empty() && !limits.may_be_empty) return false;
             if (value.size() > limits.bytes_max || !IsOneLine(value)) return false;
             field = std::string(value);
             return true;
           },
       .get = [&field] { return field; }});
}

template <typename Integer>
void Table::AddInt(absl::string_view name, Integer& field, IntLimits limits,
                   absl::string_view meaning) {
  limits.max = std::min<int64_t>(limits.max, std::numeric_limits<Integer>::max());
  limits.min = std::max<int64_t>(limits.min, std::numeric_limits<Integer>::min());
  Add({.name = std::string(name),
       .allowed = absl::StrCat("a whole number from ", limits.min, " to ", limits.max,
                               limits.unit.empty() ? "" : " ", limits.unit),
       .meaning = std::string(meaning),
       .set =
           [&field, limits](absl::string_view value) {
             int64_t number = 0;
             if (!absl::SimpleAtoi(value, &number)) return false;
             if (number < limits.min || number > limits.max) return false;
             field = static_cast<Integer>(number);
             return true;
           },
       .get = [&field] { return absl::StrCat(field); }});
}

void Table::Int(absl::string_view name, int& field, IntLimits limits, absl::string_view meaning) {
  AddInt(name, field, std::move(limits), meaning);
}

void Table::Int(absl::string_view name, int64_t& field, IntLimits limits,
                absl::string_view meaning) {
  AddInt(name, field, std::move(limits), meaning);
}

void Table::Duration(absl::string_view name, absl::Duration& field, DurationLimits limits,
                     absl::string_view meaning) {
  Add({.name = std::string(name),
       .allowed = absl::StrCat("a time from ", absl::FormatDuration(limits.min), " to ",
                               absl::FormatDuration(limits.max)),
       .meaning = std::string(meaning),
       .set =
           [&field, limits](absl::string_view value) {
             absl::Duration duration;
             if (!absl::ParseDuration(value, &duration)) return false;
             if (duration < limits.min || duration > limits.max) return false;
             field = duration;
             return true;
           },
       .get = [&field] { return absl::FormatDuration(field); }});
}

void Table::Bool(absl::string_view name, bool& field, absl::string_view meaning) {
  Add({.name = std::string(name),
       .allowed = "true or false",
       .meaning = std::string(meaning),
       .set =
           [&field](absl::string_view value) {
             if (value != "true" && value != "false") return false;
             field = value == "true";
             return true;
           },
       .get = [&field] { return std::string(field ? "true" : "false"); }});
}

void Table::Path(absl::string_view name, std::string& field, PathLimits limits,
                 absl::string_view meaning) {
  Add({.name = std::string(name),
       .allowed = absl::StrCat(limits.must_exist ? "a path that exists" : "a path",
                               limits.may_be_empty ? " or nothing" : ""),
       .meaning = std::string(meaning),
       .set =
           [&field, limits](absl::string_view value) {
             std::error_code error;
             if (value.empty() && !limits.may_be_empty) return false;
             if (!IsOneLine(value)) return false;
             if (!value.empty() && limits.must_exist &&
                 !std::filesystem::exists(std::string(value), error)) {
               return false;
             }
             field = std::string(value);
             return true;
           },
       .get = [&field] { return field; }});
}

void Table::Choice(absl::string_view name, std::string& field, std::vector<std::string> choices,
                   absl::string_view meaning) {
  std::string allowed = absl::StrJoin(choices, " or ");
  Add({.name = std::string(name),
       .allowed = std::move(allowed),
       .meaning = std::string(meaning),
       .set =
           [&field, choices = std::move(choices)](absl::string_view value) {
             if (std::find(choices.begin(), choices.end(), value) == choices.end()) return false;
             field = std::string(value);
             return true;
           },
       .get = [&field] { return field; }});
}

void Table::Secret(absl::string_view name, std::string& field, absl::string_view meaning) {
  const auto take = [&field](absl::string_view secret) {
    if (!IsOneLine(secret)) return false;
    field = std::string(secret);
    return true;
  };
  const auto take_file = [take](absl::string_view path) {
    const std::optional<std::string> content = ReadFile(std::string(path));
    return content && take(absl::StripTrailingAsciiWhitespace(*content));
  };
  Add({.name = std::string(name),
       .allowed = "a secret of one line, or file: and the path of a file that holds it",
       .meaning = std::string(meaning),
       .secret = true,
       .set =
           [take, take_file](absl::string_view value) {
             return absl::ConsumePrefix(&value, "file:") ? take_file(value) : take(value);
           },
       .get = [&field] { return std::string(field.empty() ? "" : kMask); }});
  Add({.name = absl::StrCat(name, "_file"),
       .allowed = "the path of a file that holds one line",
       .meaning = absl::StrCat("where ", name, " stands, instead of it"),
       .set = take_file,
       // The path has done its work once the secret is read.
       .get = [] { return std::string(); }});
}

absl::Status Table::Apply(const Given& given) {
  Entry* entry = Find(given.name);
  if (entry == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("there is no setting \"", given.name, "\" (",
                                                   given.source, "); --help lists them all"));
  }
  if (entry->secret && given.source == kCommandLine) {
    return absl::InvalidArgumentError(absl::StrCat(
        "setting \"", entry->name,
        "\" is a secret and was given on the command line, where others ",
        "can read it; put it into ", EnvironmentName(entry->name), " or the config file"));
  }
  if (!entry->set(given.value)) {
    return absl::InvalidArgumentError(
        absl::StrCat("setting \"", entry->name, "\" is \"",
                     entry->secret ? kMask : absl::Utf8SafeCHexEscape(given.value), "\" (",
                     given.source, "); allowed is ", entry->allowed));
  }
  entry->source = given.source;
  return absl::OkStatus();
}

absl::Status Table::ApplyEnvironment() {
  for (const Entry& entry : entries_) {
    const std::string name = EnvironmentName(entry.name);
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) continue;
    RETURN_IF_ERROR(
        Apply({.name = entry.name, .value = value, .source = absl::StrCat("environment ", name)}));
  }
  return absl::OkStatus();
}

absl::Status Table::ApplyFile(const std::string& path) {
  const std::optional<std::string> text = ReadFile(path);
  if (!text) {
    return absl::InvalidArgumentError(absl::StrCat("cannot read the config file \"", path, "\""));
  }
  std::set<std::string> seen;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(*text, '\n')) {
    const std::string source = absl::StrCat("file ", path, ":", ++number);
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line[0] == '#') continue;
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(line, absl::MaxSplits('=', 1));
    if (!absl::StrContains(line, '=')) {
      return absl::InvalidArgumentError(
          absl::StrCat("cannot read ", source, "; write name = value"));
    }
    const std::string name(absl::StripAsciiWhitespace(parts.first));
    if (!seen.insert(name).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("setting \"", name, "\" stands twice in the file (", source, ")"));
    }
    RETURN_IF_ERROR(Apply({.name = name,
                           .value = std::string(absl::StripAsciiWhitespace(parts.second)),
                           .source = source}));
  }
  return absl::OkStatus();
}

absl::StatusOr<Next> Table::Read(int argc, const char* const* argv, std::ostream& out) {
  const char* config_variable = std::getenv(EnvironmentName(kConfig).c_str());
  std::string config = config_variable == nullptr ? "" : config_variable;
  bool print_settings = false;
  std::vector<Given> given;
  std::set<std::string> seen;
  for (int i = 1; i < argc; ++i) {
    ASSIGN_OR_RETURN(const Argument argument, ParseArgument(argv[i]));
    if (!seen.insert(argument.name).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("setting \"", argument.name, "\" stands twice on the command line"));
    }
    if (argument.name == kHelp) {
      PrintHelp(out);
      return Next::kExit;
    }
    if (argument.name == kPrintSettings) {
      print_settings = true;
    } else if (!argument.value) {
      return absl::InvalidArgumentError(absl::StrCat("setting \"", argument.name,
                                                     "\" has no value (command line); write --",
                                                     argument.name, "=value"));
    } else if (argument.name == kConfig) {
      config = *argument.value;
    } else {
      given.push_back({.name = argument.name, .value = *argument.value, .source = kCommandLine});
    }
  }

  RETURN_IF_ERROR(ApplyEnvironment());
  if (!config.empty()) RETURN_IF_ERROR(ApplyFile(config));
  for (const Given& value : given) RETURN_IF_ERROR(Apply(value));
  if (!print_settings) return Next::kRun;
  PrintSettings(out);
  return Next::kExit;
}

std::vector<std::string> Table::UnknownInEnvironment() const {
  std::set<std::string> known = {EnvironmentName(kConfig)};
  for (const Entry& entry : entries_) known.insert(EnvironmentName(entry.name));
  std::vector<std::string> unknown;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(*variable, absl::MaxSplits('=', 1));
    const std::string& name = parts.first;
    if (absl::StartsWith(name, "DONDOC_") && !known.contains(name)) unknown.push_back(name);
  }
  std::sort(unknown.begin(), unknown.end());
  return unknown;
}

void Table::PrintHelp(std::ostream& out) const {
  out << program_ << ": " << about_ << "\n\n"
      << "  " << program_ << " [--config=file] [--name=value ...] [--print-settings] [--help]\n\n"
      << "A setting is also read from the environment (DONDOC_NAME) and, stronger, from the config "
         "file\n(one name = value in a line); the command line is strongest.\n\n";
  std::vector<std::vector<std::string>> rows = {{"NAME", "DEFAULT", "ALLOWED", "MEANING"}};
  for (const Entry& entry : entries_) {
    const std::string shown = entry.default_value.empty() ? "-" : entry.default_value;
    rows.push_back({entry.name, shown, entry.allowed, entry.meaning});
  }
  PrintColumns(rows, out);
}

void Table::PrintSettings(std::ostream& out) const {
  std::vector<std::vector<std::string>> rows = {{"NAME", "VALUE", "FROM"}};
  for (const Entry& entry : entries_) {
    const std::string value = entry.get();
    rows.push_back({entry.name, value.empty() ? "-" : value, entry.source});
  }
  PrintColumns(rows, out);
}

}  // namespace dondoc::settings
