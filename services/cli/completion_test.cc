#include <gmock/gmock.h>

#include <cstdio>

#include "services/cli/program_fixture.h"

namespace dondoc::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using testing::Program;

// What bash prints after it read the completion script in the file `script` and ran `command`.
std::string Bash(const std::string& script, const std::string& command) {
  const std::string line = absl::StrCat("bash -c 'source ", script, " 2>/dev/null; ", command, "'");
  std::string printed;
  FILE* bash = popen(line.c_str(), "r");
  char buffer[256];
  while (bash != nullptr && fgets(buffer, sizeof buffer, bash) != nullptr) printed += buffer;
  if (bash != nullptr) pclose(bash);
  return printed;
}

TEST_F(Program, CompletionOffersCommandsOptionsWordsAndFiles) {
  const std::string script = WriteFile("completion.bash", Run("completion bash").out);
  EXPECT_THAT(Bash(script, "_dondoc_offer \"\" dondoc"), HasSubstr("plan unit task"));
  EXPECT_THAT(Bash(script, "_dondoc_offer task task"), HasSubstr("assignments"));
  EXPECT_EQ(Bash(script, "_dondoc_path --json task list --plan x"), "task list\n");
  EXPECT_THAT(Bash(script, "_dondoc_offer \"task list\" list"),
              AllOf(HasSubstr("--section"), HasSubstr("--json")));
  EXPECT_THAT(Bash(script, "_dondoc_offer \"unit add\" --kind"), HasSubstr("sub-department"));
  EXPECT_THAT(Bash(script, "_dondoc_offer \"watch\" watch"), HasSubstr("notification"));
  EXPECT_THAT(Bash(script, "_dondoc_offer \"plan import\" import"), HasSubstr("@files"));
  EXPECT_THAT(Bash(script, "_dondoc_offer \"task list\" --config"), HasSubstr("@files"));
}

TEST_F(Program, CompletionInBashFillsInTheWord) {
  const std::string script = WriteFile("completion.bash", Run("completion bash").out);
  EXPECT_EQ(Bash(script,
                 "COMP_WORDS=(dondoc task assi); COMP_CWORD=2; _dondoc; echo \"${COMPREPLY[*]}\""),
            "assignments assign\n");
}

TEST_F(Program, CompletionForZshDeclaresItsCommand) {
  EXPECT_THAT(Run("completion zsh").out,
              AllOf(StartsWith("#compdef dondoc\n"), HasSubstr("compdef _dondoc dondoc")));
}

}  // namespace
}  // namespace dondoc::cli
