#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/cli/commands/commands.h"

// dondoc completion: what the tree of commands knows, as a script for the shell. Generated, so that
// it never lags behind the commands.
namespace dondoc::cli {
namespace {

// What a shell may offer at one place of the tree.
struct Place {
  // "task list"; empty at the root.
  std::string path;
  std::vector<std::string> words;
  // Options whose values are known: "--kind" with its words.
  std::vector<std::pair<std::string, std::vector<std::string>>> choices;
  // Options that want a file; "" for an argument that does.
  std::vector<std::string> files;
};

void Collect(const CLI::App& app, const std::string& path, std::vector<Place>& places) {
  Place place{.path = path, .words = {}, .choices = {}, .files = {}};
  for (const CLI::App* command : app.get_subcommands({}))
    place.words.push_back(command->get_name());
  for (const CLI::Option* option : app.get_options()) {
    const std::string type = option->get_type_name();
    const bool is_choice = type.find('|') != std::string::npos;
    const std::string flag = option->get_positional() ? "" : option->get_name();
    if (!flag.empty()) place.words.push_back(flag);
    if (is_choice && flag.empty()) {
      for (const absl::string_view word : absl::StrSplit(type, '|')) place.words.emplace_back(word);
    } else if (is_choice) {
      place.choices.emplace_back(flag, absl::StrSplit(type, '|'));
    }
    if (type == kFileType) place.files.push_back(flag);
  }
  places.push_back(std::move(place));
  for (const CLI::App* command : app.get_subcommands({})) {
    Collect(*command, absl::StrCat(path, path.empty() ? "" : " ", command->get_name()), places);
  }
}

// The function that both shells share: _dondoc_offer PATH PREVIOUS prints the words for that place,
// and "@files" where a file is wanted.
std::string OfferFunction(const std::vector<Place>& places) {
  const Place& root = places.front();
  std::vector<std::string> global;
  for (const std::string& word : root.words) {
    if (word.rfind("--", 0) == 0 && word != "--help") global.push_back(word);
  }
  std::string script = "_dondoc_offer() {\n  case \"$1:$2\" in\n";
  const std::string indent = "    ";
  for (const Place& place : places) {
    for (const auto& [flag, words] : place.choices) {
      absl::StrAppend(&script, indent, "\"", place.path, ":", flag, "\") echo \"",
                      absl::StrJoin(words, " "), "\"; return ;;\n");
    }
    for (const std::string& flag : place.files) {
      if (flag.empty()) continue;
      // A global option is the same everywhere.
      const std::string where = place.path.empty() ? "*" : absl::StrCat("\"", place.path, "\"");
      absl::StrAppend(&script, indent, where, "\":", flag, "\") echo \"@files\"; return ;;\n");
    }
  }
  absl::StrAppend(&script, "  esac\n  case \"$1\" in\n");
  for (const Place& place : places) {
    const bool wants_file =
        std::find(place.files.begin(), place.files.end(), "") != place.files.end();
    std::vector<std::string> words = place.words;
    if (!place.path.empty()) words.insert(words.end(), global.begin(), global.end());
    absl::StrAppend(&script, indent, "\"", place.path, "\") echo \"", wants_file ? "@files " : "",
                    absl::StrJoin(words, " "), "\" ;;\n");
  }
  absl::StrAppend(&script, "  esac\n}\n");
  return script;
}

// Follows the words typed so far down the tree. A word that is no command at its place (an option,
// a value) is passed over.
std::string PathFunction(const std::vector<Place>& places) {
  std::vector<std::string> paths;
  for (const Place& place : places) {
    if (!place.path.empty()) paths.push_back(absl::StrCat("\"", place.path, "\""));
  }
  return absl::StrCat(
      "_dondoc_path() {\n"
      "  local at=\"\" word\n"
      "  for word in \"$@\"; do\n"
      "    case \"${at:+$at }$word\" in\n      ",
      absl::StrJoin(paths, "|"),
      ") at=\"${at:+$at }$word\" ;;\n"
      "    esac\n"
      "  done\n"
      "  echo \"$at\"\n"
      "}\n");
}

constexpr char kBash[] = R"sh(_dondoc() {
  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
  local path; path="$(_dondoc_path "${COMP_WORDS[@]:1:COMP_CWORD-1}")"
  local offer; offer="$(_dondoc_offer "$path" "$previous")"
  COMPREPLY=()
  case "$offer" in
    @files*) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
  esac
  local words; mapfile -t words < <(compgen -W "${offer#@files}" -- "$current")
  COMPREPLY+=("${words[@]}")
}
complete -F _dondoc dondoc
)sh";

constexpr char kZsh[] = R"sh(_dondoc() {
  local path; path="$(_dondoc_path "${(@)words[2,CURRENT-1]}")"
  local offer; offer="$(_dondoc_offer "$path" "${words[CURRENT-1]}")"
  case "$offer" in
    @files*) _files ;;
  esac
  compadd -- ${=offer#@files}
}
# In a file of $fpath this text is the body of _dondoc itself; otherwise it is sourced.
if [ "$funcstack[1]" = "_dondoc" ]; then _dondoc "$@"; else compdef _dondoc dondoc; fi
)sh";

struct CompletionOptions {
  bool zsh = false;
  // The whole tree, to walk when the script is wanted.
  const CLI::App* root = nullptr;
};

absl::Status PrintCompletion(Session& session, const CompletionOptions& options) {
  std::vector<Place> places;
  Collect(*options.root, "", places);
  session.console().out << (options.zsh ? "#compdef dondoc\n" : "") << PathFunction(places)
                        << OfferFunction(places) << (options.zsh ? kZsh : kBash);
  return absl::OkStatus();
}

}  // namespace

void AddCompletionCommand(Tree& tree) {
  CLI::App& completion = tree.Verb<CompletionOptions>(
      tree.root(), "completion", {.vi = "Gợi ý lệnh cho bash hoặc zsh", .en = "shell completion"},
      [](CLI::App& cli, CompletionOptions& options) {
        options.root = cli.get_parent();
        AddWord(cli, "shell", Help("Loại shell", "the shell"),
                {.words = {{"bash", 0}, {"zsh", 1}},
                 .take = [&options](int word) { options.zsh = word == 1; }})
            ->required();
      },
      PrintCompletion);
  AddExample(completion, "source <(dondoc completion bash)");
  AddExample(completion, "dondoc completion zsh > \"${fpath[1]}/_dondoc\"");
}

}  // namespace dondoc::cli
