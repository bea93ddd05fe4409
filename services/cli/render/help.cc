#include "services/cli/render/help.h"

#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/cli/render/table.h"

namespace dondoc::cli {
namespace {

constexpr size_t kHelpWidthMin = 30;
constexpr size_t kHelpLines = 20;

// One page of help while it is written.
class Page {
 public:
  Page(int width, bool colour) : console_{.out = text_, .err = text_} {
    console_.width = width;
    console_.out_colour = colour;
  }

  void Line(Style style, const std::string& line) {
    text_ << Paint(console_.out_colour, style, line) << '\n';
  }

  // A titled list of names with what they mean; nothing when it is empty.
  void List(const std::string& title,
            const std::vector<std::pair<std::string, std::string>>& rows) {
    if (rows.empty()) return;
    text_ << '\n';
    Line(Style::kStrong, title);
    Table table({{}, {.title = {}, .width_min = kHelpWidthMin, .lines_max = kHelpLines}});
    for (const auto& [name, meaning] : rows) {
      table.Add({Cell(std::vector<Span>{{"  ", Style::kPlain}, {name, Style::kNotice}}), meaning});
    }
    table.Print(console_);
  }

  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  Console console_;
};

std::string Meaning(const CLI::Option& option) {
  return absl::StrCat(option.get_description(),
                      option.get_required() ? " [bắt buộc, required]" : "");
}

// "--kind division|office", "--json", "TASK".
std::string NameAndType(const CLI::Option& option) {
  std::string name = OptionTitle(option);
  const std::string type = option.get_type_name();
  if (!option.get_positional() && option.get_items_expected_max() > 0 && !type.empty()) {
    absl::StrAppend(&name, " ", type.find('|') == std::string::npos ? type : "…");
  }
  return name;
}

std::string Usage(const CLI::App& app, const std::string& name) {
  std::string usage = absl::StrCat("  ", name);
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_required() && !option->get_positional()) continue;
    const std::string part =
        option->get_positional() ? OptionTitle(*option) : absl::StrCat(OptionTitle(*option), " …");
    absl::StrAppend(
        &usage, option->get_required() ? absl::StrCat(" ", part) : absl::StrCat(" [", part, "]"));
  }
  if (!app.get_subcommands({}).empty()) absl::StrAppend(&usage, " LỆNH");
  return absl::StrCat(usage, " [TÙY CHỌN]");
}

}  // namespace

std::string OptionTitle(const CLI::Option& option) {
  if (option.get_positional()) return absl::AsciiStrToUpper(option.get_name(true));
  return option.get_name(false, true);
}

std::string HelpFormatter::make_help(const CLI::App* app, std::string name,
                                     CLI::AppFormatMode) const {
  Page page(width_, colour_);
  page.Line(Style::kPlain, app->get_description());
  page.Line(Style::kPlain, "");
  page.Line(Style::kStrong, "Cách dùng (usage)");
  page.Line(Style::kPlain, Usage(*app, name));

  std::vector<std::pair<std::string, std::string>> commands;
  for (const CLI::App* command : app->get_subcommands({})) {
    commands.emplace_back(command->get_name(), command->get_description());
  }
  page.List("Lệnh (commands)", commands);

  std::vector<std::pair<std::string, std::string>> arguments;
  std::vector<std::pair<std::string, std::string>> options;
  for (const CLI::Option* option : app->get_options()) {
    const std::string type = option->get_type_name();
    const bool is_choice = type.find('|') != std::string::npos;
    auto& list = option->get_positional() ? arguments : options;
    list.emplace_back(
        NameAndType(*option),
        is_choice ? absl::StrCat(Meaning(*option), "\n", absl::StrReplaceAll(type, {{"|", " | "}}))
                  : Meaning(*option));
  }
  page.List("Đối số (arguments)", arguments);
  page.List("Tùy chọn (options)", options);

  if (!app->get_footer().empty()) {
    page.Line(Style::kPlain, "");
    page.Line(Style::kPlain, app->get_footer());
  }
  if (app->get_parent() != nullptr) {
    page.Line(Style::kPlain, "");
    page.Line(Style::kFaint,
              "Tùy chọn chung, mã thoát (global options, exit codes): dondoc --help");
  }
  return page.text();
}

}  // namespace dondoc::cli
