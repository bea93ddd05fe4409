#include "services/cli/program.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/exit_code.h"
#include "services/cli/client/settings.h"
#include "services/cli/commands/commands.h"
#include "services/cli/input/spelling.h"
#include "services/cli/render/help.h"
#include "services/cli/render/json.h"
#include "services/cli/render/refusal.h"

namespace dondoc::cli {
namespace {

constexpr char kFooter[] =
    "Tên viết gọn (short names)\n"
    "  kế hoạch cchc-2023 · nhiệm vụ cchc-2023/29 · bước cchc-2023/1/2\n"
    "  đơn vị van-phong · phân công cchc-2023/1/2@van-phong\n"
    "  báo cáo cchc-2023/2023-Q1 · cuộc kiểm tra 2023/1\n"
    "\n"
    "Mã thoát (exit codes)\n"
    "  0  xong (done)\n"
    "  1  dịch vụ từ chối (refused)\n"
    "  2  sai cách dùng hoặc giá trị (usage, invalid value)\n"
    "  3  không tìm thấy (not found)\n"
    "  4  dịch vụ không trả lời (unavailable, deadline)\n"
    "  5  lỗi nội bộ (internal)\n"
    "\n"
    "Thiết đặt lấy từ tùy chọn, rồi biến môi trường, rồi tệp ~/.config/dondoc/config\n"
    "với các dòng như \"registry = 127.0.0.1:7401\" (flags, environment, file).";

void AddGlobalOptions(CLI::App& app, Settings& settings) {
  for (const SettingRow& row : SettingRows()) {
    const std::string help =
        absl::StrCat(Help(row.help_vi, row.help_en), " [", row.environment, "]");
    app.add_option(absl::StrCat("--", row.key), settings.*row.field, help);
  }
  app.add_option("--config", settings.config, Help("Tệp cấu hình", "configuration file"))
      ->type_name(kFileType);
  app.add_option("--request-id", settings.request_id,
                 Help("UUID của lệnh ghi, để làm lại mà không ghi hai lần",
                      "UUID of the write, to repeat it without writing twice"));
  app.add_option("--traceparent", settings.traceparent,
                 Help("Dấu vết W3C mà lệnh này thuộc về", "W3C trace that this run belongs to") +
                     " [TRACEPARENT]");
  app.add_flag("--json", settings.json,
               Help("In JSON cho máy đọc", "print the response as protobuf JSON"));
  app.add_flag("--no-color")->description(Help("Không tô màu", "no colour [NO_COLOR]"));
}

void AddCommands(Tree& tree) {
  AddPlanCommands(tree);
  AddUnitCommands(tree);
  AddTaskCommands(tree);
  AddReportCommands(tree);
  AddKpiCommands(tree);
  AddInspectionCommands(tree);
  AddNoticeCommands(tree);
  AddSignInCommands(tree);
  AddAccountCommands(tree);
  AddGrantCommands(tree);
  AddStatusCommand(tree);
  AddWatchCommand(tree);
  AddYearCommand(tree);
  AddCompletionCommand(tree);
}

// The deepest command that the line named: the one whose help is wanted.
const CLI::App& Deepest(const CLI::App& app) {
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  return chosen.empty() ? app : Deepest(*chosen.back());
}

std::string PathOf(const CLI::App& app) {
  if (app.get_parent() == nullptr) return app.get_name();
  return absl::StrCat(PathOf(*app.get_parent()), " ", app.get_name());
}

// A word that no command has: the nearest command is offered.
absl::Status UnknownWord(const CLI::App& app, const std::string& word) {
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands({})) known.push_back(command->get_name());
  for (const CLI::App* at = &app; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* option : at->get_options()) known.push_back(option->get_name());
  }
  const std::string nearest = Nearest(word, known);
  const std::string offer = nearest.empty() ? absl::StrCat(PathOf(app), " --help")
                                            : absl::StrCat(PathOf(app), " ", nearest);
  return Refuse(absl::StatusCode::kInvalidArgument, "USAGE",
                {.vi = absl::StrCat("Không hiểu \"", word, "\"; thử: ", offer),
                 .en = absl::StrCat("unexpected \"", word, "\"")},
                {{"field", word}});
}

// What CLI11 found wrong with the line, in our words.
absl::Status UsageRefusal(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = Deepest(app);
  const std::string help = absl::StrCat(PathOf(command), " --help");
  // Told before what is missing: whoever writes --on where it is --date has left nothing out.
  const std::vector<std::string> extras = app.remaining(true);
  if (!extras.empty()) return UnknownWord(command, extras.front());
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    std::vector<std::string> missing;
    for (const CLI::Option* option : command.get_options()) {
      if (option->get_required() && option->count() == 0) missing.push_back(OptionTitle(*option));
    }
    const std::string list = absl::StrJoin(missing, ", ");
    return Refuse(
        absl::StatusCode::kInvalidArgument, "USAGE",
        {.vi = absl::StrCat("Thiếu ", list, "; xem: ", help), .en = absl::StrCat("missing ", list)},
        {{"field", list}});
  }
  if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) {
    return Refuse(absl::StatusCode::kInvalidArgument, "USAGE",
                  {.vi = error.what(), .en = absl::StrCat("see ", help)});
  }
  return Refuse(absl::StatusCode::kInvalidArgument, "USAGE",
                {.vi = absl::StrCat("Sai cách dùng; xem: ", help), .en = error.what()});
}

int Report(const Console& console, bool json, const absl::Status& status) {
  if (status.ok()) return kExitOk;
  console.out.flush();
  if (json) {
    console.err << RefusalToJson(status) << '\n';
  } else {
    PrintRefusal(console, status);
  }
  return ExitCodeOf(status);
}

std::vector<std::string> GivenSettings(const CLI::App& app) {
  std::vector<std::string> given;
  for (const SettingRow& row : SettingRows()) {
    if (app.count(absl::StrCat("--", row.key)) > 0) given.emplace_back(row.key);
  }
  return given;
}

}  // namespace

int RunProgram(const std::vector<std::string>& arguments, const Environment& environment,
               Console console) {
  // Read before all else, because help is coloured too.
  if (std::find(arguments.begin(), arguments.end(), "--no-color") != arguments.end()) {
    console.out_colour = console.err_colour = false;
  }
  Settings settings;
  CLI::App app("Đôn đốc: theo dõi kế hoạch đến khi xong việc (follow a plan up until it is done)",
               "dondoc");
  app.formatter(std::make_shared<HelpFormatter>(console));
  app.set_help_flag("-h,--help", Help("Hướng dẫn", "this help"));
  app.require_subcommand(0, 1);
  // Global options may stand anywhere: "dondoc task list --json".
  app.fallthrough();
  AddGlobalOptions(app, settings);
  Tree tree(app);
  AddCommands(tree);
  // Last, because commands inherit what is there when they are made.
  app.footer(kFooter);

  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    console.out << app.help();
    return kExitOk;
  } catch (const CLI::ParseError& error) {
    return Report(console, settings.json, UsageRefusal(app, error));
  }
  if (tree.chosen() == nullptr) {
    console.err << app.help();
    return kExitUsage;
  }
  const absl::Status complete = CompleteSettings(GivenSettings(app), environment, settings);
  if (!complete.ok()) return Report(console, settings.json, complete);
  Session session(settings, console);
  return Report(console, settings.json, tree.chosen()(session));
}

}  // namespace dondoc::cli
