#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "services/cli/admin/admin.h"
#include "services/cli/client/exit_code.h"
#include "services/cli/client/settings.h"
#include "services/cli/input/values.h"
#include "services/cli/render/help.h"
#include "services/cli/render/json.h"
#include "services/cli/render/refusal.h"

namespace dondoc::cli::admin {
namespace {

using Action = absl::Status (*)(const Options&, const Console&);

// The admin listeners of every installation by its defaults: 40 above the services.
constexpr int kFirstPort = 7441;

// The commands while they are declared, and the one that was chosen.
class Commands {
 public:
  Commands(CLI::App& root, Options& options) : root_(root), options_(options) {}

  CLI::App& Noun(const std::string& name, const Sentence& help) {
    CLI::App* noun = root_.add_subcommand(name, Help(help.vi, help.en));
    noun->require_subcommand(1);
    return *noun;
  }
  CLI::App& Verb(CLI::App& parent, const std::string& name, const Sentence& help, Action action) {
    CLI::App* verb = parent.add_subcommand(name, Help(help.vi, help.en));
    verb->callback([this, action] { chosen_ = action; });
    return *verb;
  }
  CLI::Option* AddService(CLI::App& verb) {
    return verb
        .add_option("--service", options_.service,
                    Help("Chỉ dịch vụ này", "only this service; else all four"))
        ->check(CLI::IsMember(ServiceNames()));
  }
  void AddEventId(CLI::App& verb) {
    verb.add_option("event", options_.event_id, Help("Mã sự kiện", "id of the event"));
  }
  void AddFile(CLI::App& verb, const char* name) {
    verb.add_option(name, options_.file, Help("Tệp cơ sở dữ liệu", "a database file"));
  }

  CLI::App& root() { return root_; }
  Options& options() { return options_; }
  Action chosen() const { return chosen_; }

 private:
  CLI::App& root_;
  Options& options_;
  Action chosen_ = nullptr;
};

absl::Status VerifyAudit(const Options& options, const Console& console) {
  if (!options.database.empty()) return VerifyDatabase(options, console);
  return options.file.empty() ? VerifyLogs(options, console) : VerifyFile(options, console);
}

void AddLetterCommands(Commands& commands) {
  CLI::App& letters = commands.Noun(
      "dead-letters", {.vi = "Sự kiện không áp dụng được", .en = "events that failed for good"});
  commands.AddService(commands.Verb(
      letters, "list", {.vi = "Liệt kê", .en = "those that there are"}, ListDeadLetters));
  CLI::App& show = commands.Verb(letters, "show", {.vi = "Xem một sự kiện", .en = "one of them"},
                                 ShowDeadLetter);
  commands.AddEventId(show);
  commands.AddService(show)->required();
  CLI::App& redrive = commands.Verb(
      letters, "redrive", {.vi = "Thử lại", .en = "give them another round"}, RedriveDeadLetters);
  commands.AddEventId(redrive);
  redrive.add_flag("--all", commands.options().all_letters, Help("Tất cả", "all that there are"));
  commands.AddService(redrive)->required();
}

void AddCommands(Commands& commands) {
  CLI::App& root = commands.root();
  commands.AddService(commands.Verb(
      root, "status", {.vi = "Tình trạng các dịch vụ", .en = "how the services are"}, ShowStatus));
  commands.AddService(commands.Verb(
      root, "schema", {.vi = "Lược đồ dữ liệu", .en = "versions of the schema"}, ShowSchema));
  AddLetterCommands(commands);

  CLI::App& republish = commands.Verb(
      root, "republish", {.vi = "Phát lại sự kiện", .en = "publish events again"}, Republish);
  commands.AddService(republish)->required();
  republish
      .add_option("--from", commands.options().from_sequence,
                  Help("Từ số thứ tự", "from this sequence of its log on"))
      ->required();

  CLI::App& first = commands.Verb(
      root, "first-office",
      {.vi = "Cho người đầu tiên vào, với vai trò Văn phòng", .en = "let the first person in"},
      GiveFirstOffice);
  first
      .add_option("principal", commands.options().principal,
                  Help("Tên tài khoản sẽ tạo, hoặc account:…, person:…, system:… đã có",
                       "an account to make, or one of these that is there"))
      ->required();
  first.add_option("--name", commands.options().display_name, Help("Họ tên", "name of the person"));
  commands
      .Verb(root, "recover-account",
            {.vi = "Đặt lại mật khẩu khi không còn ai làm được",
             .en = "reset a password when nobody else can"},
            RecoverAccount)
      .add_option("account", commands.options().principal, Help("Tên tài khoản", "its name"))
      ->required();

  CLI::App& cache = commands.Noun("cache", {.vi = "Bộ nhớ đệm của kpi", .en = "the cache of kpi"});
  commands.Verb(cache, "rebuild", {.vi = "Tính và ghi lại", .en = "compute and write it anew"},
                RebuildCache);

  CLI::App& audit = commands.Noun("audit", {.vi = "Nhật ký sự kiện", .en = "the log of events"});
  CLI::App& verify = commands.Verb(
      audit, "verify", {.vi = "Kiểm tra chuỗi băm", .en = "its chain of hashes"}, VerifyAudit);
  commands.AddService(verify);
  commands.AddFile(verify, "--file");
  verify.add_option("--database", commands.options().database,
                    Help("postgresql://… của dịch vụ", "of a service, on a server"));
  verify.add_option(
      "--sequence", commands.options().sequence,
      Help("Cho biết hàm băm tại số này", "tell the hash at this event; with --database"));

  CLI::App& copy = commands.Verb(
      root, "copy", {.vi = "Sao một cơ sở dữ liệu đang chạy", .en = "copy a live database file"},
      CopyFile);
  commands.AddFile(copy, "file");
  copy.add_option("target", commands.options().target, Help("Tệp mới", "the new file"))->required();

  CLI::App& migrate = commands.Verb(
      root, "migrate",
      {.vi = "Chuyển từ SQLite sang PostgreSQL", .en = "move a stopped service to PostgreSQL"},
      MigrateDatabase);
  migrate
      .add_option("--from", commands.options().from,
                  Help("sqlite:<tệp> của dịch vụ đã dừng", "of a service that was stopped"))
      ->required();
  migrate
      .add_option("--to", commands.options().to,
                  Help("postgresql://… còn trống", "an empty database"))
      ->required();
}

void AddGlobalOptions(CLI::App& app, const Environment& environment, Options& options) {
  int port = kFirstPort;
  for (const std::string& name : ServiceNames()) {
    const std::string variable = absl::StrCat("DONDOC_", absl::AsciiStrToUpper(name), "_ADMIN");
    std::string& address = options.addresses[name];
    address = environment(variable);
    if (address.empty()) address = absl::StrCat("127.0.0.1:", port);
    ++port;
    app.add_option(
        absl::StrCat("--", name), address,
        Help("Cổng quản trị", absl::StrCat("where it listens for operators [", variable, "]")));
  }
  app.add_option("--actor", options.actor, Help("Người thao tác", "who does it [DONDOC_ACTOR]"));
  app.add_option("--tls-ca", options.tls_files.ca,
                 Help("CA của dịch vụ (PEM)", "CA of the services [DONDOC_TLS_CA]"));
  app.add_option("--tls-certificate", options.tls_files.certificate,
                 Help("Chứng thư của mình (PEM)", "our certificate [DONDOC_TLS_CERTIFICATE]"));
  app.add_option("--tls-key", options.tls_files.key,
                 Help("Khóa của chứng thư đó (PEM)", "its key [DONDOC_TLS_KEY]"));
  app.add_flag("--json", options.json, Help("In JSON cho máy đọc", "JSON, a line a service"));
}

// What the command line left open comes from the environment.
absl::Status Complete(const Environment& environment, Options& options) {
  const auto fill = [&](std::string& field, absl::string_view name) {
    if (field.empty()) field = environment(name);
  };
  fill(options.actor, "DONDOC_ACTOR");
  fill(options.actor, "USER");
  fill(options.tls_files.ca, "DONDOC_TLS_CA");
  // Beside a service, in whose environment its own files stand.
  fill(options.tls_files.ca, "DONDOC_TLS_CLIENT_CA");
  fill(options.tls_files.certificate, "DONDOC_TLS_CERTIFICATE");
  fill(options.tls_files.key, "DONDOC_TLS_KEY");
  ASSIGN_OR_RETURN(options.tls, ReadTlsFiles(options.tls_files));
  return absl::OkStatus();
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

}  // namespace

const std::vector<std::string>& ServiceNames() {
  static const std::vector<std::string> kNames = {"registry", "kpi", "inspection", "notification"};
  return kNames;
}

int RunAdmin(const std::vector<std::string>& arguments, const Environment& environment,
             const Console& console) {
  Options options;
  CLI::App app("Đôn đốc: công việc vận hành (for those who keep the services running)",
               "dondoc-admin");
  app.formatter(std::make_shared<HelpFormatter>(console));
  app.set_help_flag("-h,--help", Help("Hướng dẫn", "this help"));
  app.require_subcommand(1);
  app.fallthrough();
  AddGlobalOptions(app, environment, options);
  Commands commands(app, options);
  AddCommands(commands);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    console.out << app.help();
    return kExitOk;
  } catch (const CLI::ParseError& error) {
    return Report(console, options.json,
                  Refuse(absl::StatusCode::kInvalidArgument, "USAGE",
                         {.vi = "Sai cách dùng; xem: dondoc-admin --help", .en = error.what()}));
  }
  absl::Status status = Complete(environment, options);
  if (status.ok()) status = commands.chosen()(options, console);
  return Report(console, options.json, status);
}

}  // namespace dondoc::cli::admin
