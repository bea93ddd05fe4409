#include "services/cli/client/settings.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "libs/base/ids.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "libs/base/text.h"
#include "libs/base/trace.h"
#include "services/cli/client/session_file.h"
#include "services/cli/input/csv.h"

namespace dondoc::cli {
namespace {

constexpr size_t kConfigBytesMax = 64 * 1024;
// What a service keeps of a name is 255 bytes.
constexpr size_t kActorCodePointsMax = 80;
constexpr absl::Duration kTimeoutMax = absl::Hours(1);

using Values = std::map<std::string, std::string, std::less<>>;

absl::Status SettingInvalid(absl::string_view key, const std::string& value, const Sentence& why) {
  return Refuse(absl::StatusCode::kInvalidArgument, "SETTING_INVALID",
                {.vi = absl::StrCat("--", key, " \"", value, "\": ", why.vi),
                 .en = absl::StrCat("--", key, ": ", why.en)},
                {{"field", absl::StrCat("--", key)}, {"value", value}});
}

// Reads "key = value" lines; "#" begins a comment.
absl::StatusOr<Values> ReadConfig(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kConfigBytesMax));
  Values values;
  int number = 0;
  for (const absl::string_view whole : absl::StrSplit(text, '\n')) {
    ++number;
    const absl::string_view line = absl::StripAsciiWhitespace(whole.substr(0, whole.find('#')));
    if (line.empty()) continue;
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(line, absl::MaxSplits('=', 1));
    const std::string key(absl::StripAsciiWhitespace(pair.first));
    const bool known = std::any_of(SettingRows().begin(), SettingRows().end(),
                                   [&](const SettingRow& row) { return row.key == key; });
    if (!known || line.find('=') == absl::string_view::npos) {
      return Refuse(absl::StatusCode::kInvalidArgument, "CONFIG_LINE_INVALID",
                    {.vi = absl::StrCat("Tệp cấu hình ", path, ", dòng ", number, ": không hiểu \"",
                                        line, "\"; viết như \"registry = 127.0.0.1:7401\"."),
                     .en = "a line of the configuration file is not understood"},
                    {{"field", "--config"}, {"row", absl::StrCat(number)}});
    }
    values[key] = std::string(absl::StripAsciiWhitespace(pair.second));
  }
  return values;
}

// The values of the configuration file; none when there is no file and none was asked for.
absl::StatusOr<Values> ConfigValues(const Environment& environment, const std::string& asked_for) {
  if (!asked_for.empty()) return ReadConfig(asked_for);
  std::string folder = environment("XDG_CONFIG_HOME");
  if (folder.empty() && !environment("HOME").empty()) {
    folder = absl::StrCat(environment("HOME"), "/.config");
  }
  const std::string path = absl::StrCat(folder, "/dondoc/config");
  std::error_code error;
  if (folder.empty() || !std::filesystem::exists(path, error)) return Values{};
  return ReadConfig(path);
}

std::string UserOfThisProcess(const Environment& environment) {
  const passwd* user = getpwuid(geteuid());
  if (user != nullptr && user->pw_name != nullptr) return user->pw_name;
  const std::string name = environment("USER");
  return name.empty() ? "anonymous" : name;
}

absl::Status CheckAddress(absl::string_view key, const std::string& address) {
  const size_t colon = address.rfind(':');
  int port = 0;
  if (colon == std::string::npos || colon == 0 ||
      !absl::SimpleAtoi(address.substr(colon + 1), &port) || port < 1 || port > 65535) {
    return SettingInvalid(
        key, address,
        {.vi = "địa chỉ viết như 127.0.0.1:7401.", .en = "write an address like 127.0.0.1:7401"});
  }
  return absl::OkStatus();
}

absl::Status Check(const Settings& settings) {
  RETURN_IF_ERROR(CheckAddress("registry", settings.registry));
  RETURN_IF_ERROR(CheckAddress("kpi", settings.kpi));
  RETURN_IF_ERROR(CheckAddress("inspection", settings.inspection));
  RETURN_IF_ERROR(CheckAddress("notification", settings.notification));
  if (settings.Timeout() <= absl::ZeroDuration() || settings.Timeout() > kTimeoutMax) {
    return SettingInvalid("timeout", settings.timeout,
                          {.vi = "thời gian viết như 10s, 500ms hoặc 2m, nhiều nhất 1h.",
                           .en = "write a time like 10s, 500ms or 2m, at most 1h"});
  }
  if (!settings.request_id.empty() && !IsUuid(settings.request_id)) {
    return SettingInvalid("request-id", settings.request_id,
                          {.vi = "phải là một UUID, ví dụ do uuidgen tạo.",
                           .en = "has to be a UUID, for example from uuidgen"});
  }
  if (!settings.traceparent.empty() && TraceIdOf(settings.traceparent).empty()) {
    return SettingInvalid(
        "traceparent", settings.traceparent,
        {.vi = "viết theo W3C Trace Context: 00-<32 chữ số hex>-<16 chữ số hex>-01.",
         .en = "write it as W3C Trace Context does: 00-<32 hex digits>-<16 hex digits>-01"});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::optional<rpc::TlsPem>> ReadTlsFiles(const rpc::TlsFiles& files) {
  if (!files.Used()) return std::optional<rpc::TlsPem>();
  absl::StatusOr<rpc::TlsPem> pem = rpc::ReadTls(files);
  if (!pem.ok()) {
    return Refuse(absl::StatusCode::kInvalidArgument, "TLS_FILES_INVALID",
                  {.vi = "Không dùng được các tệp TLS: cần đủ --tls-ca, --tls-certificate và "
                         "--tls-key, dạng PEM.",
                   .en = std::string(pem.status().message())},
                  {{"field", "--tls-certificate"}});
  }
  return std::optional(*std::move(pem));
}

absl::Duration Settings::Timeout() const {
  absl::Duration duration;
  // A bare number counts seconds.
  const bool bare = !timeout.empty() && absl::ascii_isdigit(timeout.back());
  if (!absl::ParseDuration(bare ? absl::StrCat(timeout, "s") : timeout, &duration)) {
    return absl::ZeroDuration();
  }
  return duration;
}

const std::vector<SettingRow>& SettingRows() {
  static const auto* const kRows = new std::vector<SettingRow>{
      {"registry", "DONDOC_REGISTRY", &Settings::registry, "Địa chỉ dịch vụ registry",
       "registry service"},
      {"kpi", "DONDOC_KPI", &Settings::kpi, "Địa chỉ dịch vụ kpi", "kpi service"},
      {"inspection", "DONDOC_INSPECTION", &Settings::inspection, "Địa chỉ dịch vụ inspection",
       "inspection service"},
      {"notification", "DONDOC_NOTIFICATION", &Settings::notification,
       "Địa chỉ dịch vụ notification", "notification service"},
      {"actor", "DONDOC_ACTOR", &Settings::actor, "Ai thực hiện, mặc định là người dùng máy",
       "who acts, by default the OS user"},
      {"timeout", "DONDOC_TIMEOUT", &Settings::timeout, "Thời gian chờ một lời gọi",
       "deadline of one call"},
      {"tls-ca", "DONDOC_TLS_CA", &Settings::tls_ca, "CA của dịch vụ (PEM); dùng TLS hai chiều",
       "CA of the services (PEM), for mutual TLS"},
      {"tls-certificate", "DONDOC_TLS_CERTIFICATE", &Settings::tls_certificate,
       "Chứng thư của bên gọi (PEM)", "our certificate (PEM)"},
      {"tls-key", "DONDOC_TLS_KEY", &Settings::tls_key, "Khóa của chứng thư đó (PEM)",
       "the key of that certificate (PEM)"},
      {"plan", "DONDOC_PLAN", &Settings::plan, "Kế hoạch đang làm, ví dụ cchc-2023",
       "the plan that is meant"},
      {"token-file", "DONDOC_TOKEN_FILE", &Settings::token_file,
       "Tệp chứa token của nơi cấp danh tính", "file with a token of an identity provider"},
  };
  return *kRows;
}

absl::Status CompleteSettings(const std::vector<std::string>& given, const Environment& environment,
                              Settings& settings) {
  ASSIGN_OR_RETURN(const Values config, ConfigValues(environment, settings.config));
  for (const SettingRow& row : SettingRows()) {
    if (std::find(given.begin(), given.end(), row.key) != given.end()) continue;
    const std::string from_environment = environment(row.environment);
    const auto from_config = config.find(row.key);
    if (!from_environment.empty()) {
      settings.*row.field = from_environment;
    } else if (from_config != config.end()) {
      settings.*row.field = from_config->second;
    }
  }
  settings.session_file = SessionPath(environment);
  if (settings.actor.empty()) settings.actor = UserOfThisProcess(environment);
  ASSIGN_OR_RETURN(settings.actor, CleanLine("--actor", settings.actor, kActorCodePointsMax));
  RETURN_IF_ERROR(Check(settings));
  // What somebody typed was checked above; what came along in the environment is taken if it fits.
  if (settings.traceparent.empty()) settings.traceparent = environment("TRACEPARENT");
  settings.traceparent = ContinueTrace(settings.traceparent);
  ASSIGN_OR_RETURN(settings.tls, ReadTlsFiles({.certificate = settings.tls_certificate,
                                               .key = settings.tls_key,
                                               .ca = settings.tls_ca}));
  return absl::OkStatus();
}

}  // namespace dondoc::cli
