#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "libs/rpc/tls.h"
#include "services/cli/render/console.h"

namespace dondoc::cli {

// Everything that shapes a run besides the command itself.
struct Settings {
  std::string registry = "127.0.0.1:7401";
  std::string kpi = "127.0.0.1:7402";
  std::string inspection = "127.0.0.1:7403";
  std::string notification = "127.0.0.1:7404";
  // Who acts; sent as metadata dondoc-actor. By default the user of the operating system.
  std::string actor;
  // How long one call may take, all tries together. Streams have no limit.
  std::string timeout = "10s";
  // PEM files for services that speak mutual TLS: all three, or none.
  std::string tls_ca;
  std::string tls_certificate;
  std::string tls_key;
  // The plan that is meant where none is named.
  std::string plan;
  // A file with a token of an identity provider; empty for the session of `dondoc sign-in`.
  std::string token_file;

  // Flags of the command line alone.
  std::string config;
  std::string request_id;
  // The trace that this run belongs to; complete, it is never empty.
  std::string traceparent;
  bool json = false;

  // Where the session of `dondoc sign-in` is kept.
  std::string session_file;

  // What stands in those files, read by CompleteSettings; nothing without TLS.
  std::optional<rpc::TlsPem> tls;

  absl::Duration Timeout() const;
};

// One setting: a flag, an environment variable and a line of the configuration file at once.
struct SettingRow {
  // "registry": the flag is --registry, the line "registry = …".
  absl::string_view key;
  absl::string_view environment;
  std::string Settings::*field;
  absl::string_view help_vi;
  absl::string_view help_en;
};
const std::vector<SettingRow>& SettingRows();

// Fills in what the command line left open, field by field: the environment first, then the
// configuration file (--config, or ~/.config/dondoc/config when it is there), then the default;
// then checks the whole. `given` holds the keys that stood on the command line. INVALID_ARGUMENT,
// reasons CONFIG_UNREADABLE, CONFIG_LINE_INVALID (with the line), SETTING_INVALID (with the
// field) and TLS_FILES_INVALID. The trace goes on from --traceparent or the environment variable
// TRACEPARENT, or begins here.
absl::Status CompleteSettings(const std::vector<std::string>& given, const Environment& environment,
                              Settings& settings);

// What stands in the files; nothing when none is named. INVALID_ARGUMENT, reason TLS_FILES_INVALID.
absl::StatusOr<std::optional<rpc::TlsPem>> ReadTlsFiles(const rpc::TlsFiles& files);

}  // namespace dondoc::cli
