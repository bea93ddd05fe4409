#include "services/cli/input/values.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "libs/base/refusal.h"

namespace dondoc::cli {
namespace {

absl::Status DateNotUnderstood(const Argument& argument) {
  return Refuse(
      absl::StatusCode::kInvalidArgument, "DATE_NOT_UNDERSTOOD",
      {.vi = absl::StrCat("Không hiểu ngày \"", argument.text, "\" ở ", argument.field,
                          ": viết như 30/06/2023 hoặc 2023-06-30."),
       .en = absl::StrCat(argument.field, " is no date; write it like 30/06/2023 or 2023-06-30")},
      {{"field", std::string(argument.field)}, {"value", std::string(argument.text)}});
}

// "UNIT_KIND_" for the enum UnitKind.
std::string PrefixOf(const google::protobuf::EnumDescriptor& descriptor) {
  const std::string& zero = descriptor.FindValueByNumber(0)->name();
  return std::string(absl::StripSuffix(zero, "UNSPECIFIED"));
}

}  // namespace

std::string Help(absl::string_view vi, absl::string_view en) {
  return absl::StrCat(vi, " (", en, ")");
}

absl::StatusOr<std::string> ReadDate(const Argument& argument) {
  if (argument.text.empty()) return std::string();
  const bool slashes = argument.text.find('/') != absl::string_view::npos;
  std::vector<std::string> parts = absl::StrSplit(argument.text, slashes ? '/' : '-');
  if (parts.size() != 3) return DateNotUnderstood(argument);
  if (slashes) std::swap(parts[0], parts[2]);
  // Digits only: SimpleAtoi takes signs and blanks too.
  const auto is_number = [](const std::string& part) {
    return part.find_first_not_of("0123456789") == std::string::npos;
  };
  if (!std::all_of(parts.begin(), parts.end(), is_number)) return DateNotUnderstood(argument);
  int year = 0;
  int month = 0;
  int day = 0;
  if (parts[0].size() != 4 || !absl::SimpleAtoi(parts[0], &year) ||
      !absl::SimpleAtoi(parts[1], &month) || !absl::SimpleAtoi(parts[2], &day)) {
    return DateNotUnderstood(argument);
  }
  const absl::CivilDay date(year, month, day);
  // A civil day made of 31/02 is normalised to 03/03; what was typed is not what it means.
  if (date.year() != year || date.month() != month || date.day() != day) {
    return DateNotUnderstood(argument);
  }
  return absl::StrFormat("%04d-%02d-%02d", year, month, day);
}

Fields ReadFields(absl::string_view text) {
  Fields fields;
  for (const absl::string_view part : absl::StrSplit(text, ';')) {
    const absl::string_view field = absl::StripAsciiWhitespace(part);
    const size_t equals = field.find('=');
    const bool has_key = equals != absl::string_view::npos &&
                         field.substr(0, equals).find_first_not_of(
                             "abcdefghijklmnopqrstuvwxyz0123456789-") == absl::string_view::npos;
    if (has_key) {
      fields.named.emplace(field.substr(0, equals), field.substr(equals + 1));
    } else {
      fields.positional.emplace_back(field);
    }
  }
  return fields;
}

absl::Status NotOfTheForm(const Argument& argument, absl::string_view form) {
  return Refuse(absl::StatusCode::kInvalidArgument, "ARGUMENT_NOT_UNDERSTOOD",
                {.vi = absl::StrCat("Không hiểu ", argument.field, " \"", argument.text,
                                    "\": viết theo mẫu \"", form, "\"."),
                 .en = absl::StrCat(argument.field, " is not of the form \"", form, "\"")},
                {{"field", std::string(argument.field)}, {"value", std::string(argument.text)}});
}

CLI::Option* AddDate(CLI::App& command, const std::string& flag, std::string& variable,
                     const std::string& help) {
  return command
      .add_option_function<std::string>(
          flag,
          [&variable, flag](const std::string& text) {
            const absl::StatusOr<std::string> date = ReadDate({.field = flag, .text = text});
            if (!date.ok()) throw CLI::ValidationError(std::string(date.status().message()));
            variable = *date;
          },
          help)
      ->type_name("DATE");
}

CLI::Option* AddRepeated(CLI::App& command, const std::string& flag,
                         std::vector<std::string>& variable, const std::string& help) {
  return command.add_option(flag, variable, help)->allow_extra_args(false)->type_name("TEXT…");
}

std::map<std::string, int> ChoicesOf(const google::protobuf::EnumDescriptor& descriptor) {
  std::map<std::string, int> choices;
  const std::string prefix = PrefixOf(descriptor);
  for (int i = 0; i < descriptor.value_count(); ++i) {
    const google::protobuf::EnumValueDescriptor& value = *descriptor.value(i);
    if (value.number() == 0) continue;
    const std::string word(absl::StripPrefix(value.name(), prefix));
    choices[absl::AsciiStrToLower(absl::StrReplaceAll(word, {{"_", "-"}}))] = value.number();
  }
  return choices;
}

CLI::Option* AddWord(CLI::App& command, const std::string& flag, const std::string& help,
                     const Choice& choice) {
  const std::string words =
      absl::StrJoin(choice.words, "|",
                    [](std::string* out, const auto& word) { absl::StrAppend(out, word.first); });
  const auto take = [choice, flag, words](const CLI::results_t& results) {
    for (const std::string& result : results) {
      const auto found = choice.words.find(result);
      if (found == choice.words.end()) {
        throw CLI::ValidationError(absl::StrCat("Không hiểu ", flag, " \"", result,
                                                "\": chọn một trong ", words, ". (", flag,
                                                " is one of ", words, ")"));
      }
      choice.take(found->second);
    }
    return true;
  };
  CLI::Option* option = command.add_option(flag, CLI::callback_t(take), help)->type_name(words);
  if (choice.repeated) option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  return option;
}

}  // namespace dondoc::cli
