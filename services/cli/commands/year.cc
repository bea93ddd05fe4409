// dondoc year: plays a year on a running system.

#include <fstream>
#include <iterator>

#include "libs/base/clock.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"
#include "services/cli/commands/commands.h"
#include "services/cli/year/player.h"

namespace dondoc::cli {
namespace {

struct PlayOptions {
  std::string script;
  std::string clock = "system";
  std::string last_day;
  std::string service_command;
};

void DeclarePlay(CLI::App& verb, PlayOptions& options) {
  verb.add_option("script", options.script, Help("Tệp kịch bản", "the script"))->required();
  verb.add_option("--clock", options.clock,
                  Help("Đồng hồ của các dịch vụ, như cài đặt clock của chúng",
                       "the services' clock, as their setting clock"));
  verb.add_option("--last-day", options.last_day,
                  Help("Ngày cuối cùng, YYYY-MM-DD", "the last day played"))
      ->required();
  verb.add_option("--service-command", options.service_command,
                  Help("Lệnh dừng và chạy lại một dịch vụ: <lệnh> kill|start <dịch vụ>",
                       "command that kills and starts a service; without it nothing is killed"));
  AddExample(verb, "dondoc year play deploy/plans/cchc-2023/year.script --last-day 2024-01-18");
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Refuse(absl::StatusCode::kInvalidArgument, "FILE_UNREADABLE",
                  {.vi = "Không đọc được " + path + ".", .en = "cannot read " + path},
                  {{"field", "script"}, {"value", path}});
  }
  return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

absl::Status Play(Session& session, const PlayOptions& options) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(options.script));
  ASSIGN_OR_RETURN(const year::Script script, year::ReadScript(text));
  ASSIGN_OR_RETURN(const std::unique_ptr<Clock> clock, ClockFromSetting(options.clock));
  ASSIGN_OR_RETURN(const absl::CivilDay last_day,
                   calendar::ParseDate("last-day", options.last_day));
  registry::v1::GetPlanRequest request;
  request.set_name("plans/" + script.plan);
  const Client<registry::v1::RegistryService> registry(session.registry());
  ASSIGN_OR_RETURN(const auto plan,
                   registry.Call(&registry::v1::RegistryService::Stub::GetPlan, request));
  year::Actors actors({.registry = session.settings().registry,
                       .kpi = session.settings().kpi,
                       .inspection = session.settings().inspection,
                       .notification = session.settings().notification});
  const year::PlayerOptions player_options{
      .year = plan.plan().year(), .last_day = last_day, .service_command = options.service_command};
  return year::Player(script, player_options, *clock, actors, session.console().out).Play();
}

}  // namespace

void AddYearCommand(Tree& tree) {
  CLI::App& year = tree.Noun(
      "year", {.vi = "Diễn lại một năm theo kịch bản", .en = "plays a year from a script"});
  tree.Verb<PlayOptions>(year, "play",
                         {.vi = "Diễn trên hệ thống đang chạy", .en = "on the running system"},
                         &DeclarePlay, &Play);
}

}  // namespace dondoc::cli
