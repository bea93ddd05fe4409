#pragma once

#include <google/protobuf/message.h>

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "libs/base/refusal.h"
#include "services/cli/client/caller.h"
#include "services/cli/client/settings.h"
#include "services/cli/input/names.h"
#include "services/cli/render/console.h"

namespace dondoc::cli {

// One run of one command: what it was told, whom it can call and where it prints.
class Session {
 public:
  // Borrows the console.
  Session(Settings settings, const Console& console)
      : settings_(std::move(settings)), console_(console) {}

  const Settings& settings() const { return settings_; }
  const Console& console() const { return console_; }
  bool json() const { return settings_.json; }

  // Each connects when it is first used.
  // Tokens of who has signed in go along with each but the last.
  const Caller& registry() { return CallerOf("registry", settings_.registry); }
  const Caller& kpi() { return CallerOf("kpi", settings_.kpi); }
  const Caller& inspection() { return CallerOf("inspection", settings_.inspection); }
  const Caller& notification() { return CallerOf("notification", settings_.notification); }

  const Caller& registry_without_token();

  // What was typed for `field`, for the readers of input/names.h; the plan of --plan goes with it.
  Argument Typed(absl::string_view field, absl::string_view text) const {
    return {.field = field, .text = text, .plan = settings_.plan};
  }
  // The resource name of the plan in `text`, or of --plan when it is empty. INVALID_ARGUMENT,
  // reason PLAN_MISSING, when neither says one.
  absl::StatusOr<std::string> PlanOf(absl::string_view text) const;

  // --json: prints the response as protobuf JSON.
  absl::Status PrintJson(const google::protobuf::Message& response) const;
  // "✓ Đã thêm đơn vị (unit added)".
  void PrintDone(const Sentence& sentence) const;
  // A faint line: a hint, or that a list is empty.
  void PrintNote(const Sentence& sentence) const;

 private:
  const Caller& CallerOf(const std::string& service, const std::string& address);
  CallerOptions OptionsOf(const std::string& service, const std::string& address) const;
  absl::StatusOr<std::string> Token(bool renew);

  const Settings settings_;
  const Console& console_;
  std::map<std::string, std::unique_ptr<Caller>> callers_;
};

}  // namespace dondoc::cli
