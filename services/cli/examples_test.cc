#include <gmock/gmock.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "services/cli/program_fixture.h"

// That what help shows as an example is understood when somebody copies it.
namespace dondoc::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::Program;
using ::testing::SizeIs;

// The words of a line, as a shell would cut it.
std::vector<std::string> WordsOf(absl::string_view line) {
  std::vector<std::string> words = {""};
  bool quoted = false;
  for (const char letter : line) {
    if (letter == '"') {
      quoted = !quoted;
    } else if (letter == ' ' && !quoted) {
      words.emplace_back();
    } else {
      words.back() += letter;
    }
  }
  return words;
}

class Examples : public Program {
 protected:
  // The first words of the lines under a heading of the help, until a blank line.
  std::vector<std::string> Section(const std::string& command, absl::string_view heading) {
    std::vector<std::string> found;
    bool inside = false;
    for (const absl::string_view line : absl::StrSplit(Run(command + "--help").out, '\n')) {
      if (inside && absl::StartsWith(line, "  ") && !absl::StartsWith(line, "   ")) {
        found.emplace_back(absl::StripPrefix(line, "  "));
      }
      if (line.empty()) inside = false;
      if (absl::StartsWith(line, heading)) inside = true;
    }
    return found;
  }

  // Of this command and all below it.
  void Collect(const std::string& command, std::vector<std::string>& examples) {
    for (const std::string& line : Section(command, "Lệnh (commands)")) {
      Collect(absl::StrCat(command, WordsOf(line).front(), " "), examples);
    }
    for (const std::string& line : Section(command, "Ví dụ (examples)")) examples.push_back(line);
  }
};

TEST_F(Examples, AreUnderstood) {
  // One of the services is there and keeps silent about plans.
  environment_["DONDOC_TIMEOUT"] = "1s";
  environment_["DONDOC_PLAN"] = "cchc-2023";
  std::vector<std::string> examples;
  Collect("", examples);
  EXPECT_THAT(examples, SizeIs(::testing::Ge(15u)));
  for (const std::string& example : examples) {
    std::vector<std::string> words = WordsOf(example);
    // What a shell does with the output is the shell's.
    if (words.front() != "dondoc") continue;
    words.erase(std::find(words.begin(), words.end(), ">"), words.end());
    words.erase(words.begin());
    const std::string complaint = RunWords(words).err;
    EXPECT_THAT(complaint, Not(HasSubstr("USAGE"))) << example;
    EXPECT_THAT(complaint, Not(HasSubstr("ARGUMENT_NOT_UNDERSTOOD"))) << example;
  }
}

}  // namespace
}  // namespace dondoc::cli
