#include "services/cli/commands/session.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dondoc/identity/v1/account_service.grpc.pb.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/client.h"
#include "services/cli/client/session_file.h"
#include "services/cli/render/json.h"
#include "services/cli/render/layout.h"

namespace dondoc::cli {

absl::StatusOr<std::string> Session::PlanOf(absl::string_view text) const {
  if (!text.empty()) return PlanName({.field = "PLAN", .text = text});
  if (!settings_.plan.empty()) return PlanName({.field = "--plan", .text = settings_.plan});
  return Refuse(absl::StatusCode::kInvalidArgument, "PLAN_MISSING",
                {.vi = "Chưa nói kế hoạch nào: thêm --plan cchc-2023, hoặc đặt DONDOC_PLAN.",
                 .en = "which plan? Add --plan cchc-2023 or set DONDOC_PLAN"},
                {{"field", "--plan"}});
}

absl::Status Session::PrintJson(const google::protobuf::Message& response) const {
  ASSIGN_OR_RETURN(const std::string json, ToJson(response));
  console_.out << json;
  if (json.empty() || json.back() != '\n') console_.out << '\n';
  return absl::OkStatus();
}

void Session::PrintDone(const Sentence& sentence) const {
  console_.out << Paint(console_.out_colour, Style::kGood, "✓") << ' ' << sentence.vi
               << Paint(console_.out_colour, Style::kFaint, absl::StrCat(" (", sentence.en, ")"))
               << '\n';
}

void Session::PrintNote(const Sentence& sentence) const {
  const size_t width =
      console_.width == 0 ? std::string::npos : static_cast<size_t>(console_.width);
  for (const std::string& line : Wrap(absl::StrCat(sentence.vi, " (", sentence.en, ")"), width)) {
    console_.out << Paint(console_.out_colour, Style::kFaint, line) << '\n';
  }
}

CallerOptions Session::OptionsOf(const std::string& service, const std::string& address) const {
  return {.service = service,
          .address = address,
          .actor = settings_.actor,
          .timeout = settings_.Timeout(),
          .request_id = settings_.request_id,
          .traceparent = settings_.traceparent,
          .tls = settings_.tls};
}

const Caller& Session::CallerOf(const std::string& service, const std::string& address) {
  std::unique_ptr<Caller>& caller = callers_[service];
  if (caller == nullptr) {
    CallerOptions options = OptionsOf(service, address);
    options.token = [this](bool renew) { return Token(renew); };
    caller = std::make_unique<Caller>(std::move(options));
  }
  return *caller;
}

const Caller& Session::registry_without_token() {
  std::unique_ptr<Caller>& caller = callers_[""];
  if (caller == nullptr) {
    caller = std::make_unique<Caller>(OptionsOf("registry", settings_.registry));
  }
  return *caller;
}

absl::StatusOr<std::string> Session::Token(bool renew) {
  if (!settings_.token_file.empty()) return ReadTokenFile(settings_.token_file);
  return TokenOf({.path = settings_.session_file, .registry = settings_.registry, .renew = renew},
                 absl::Now(), [this](const SignedIn& signed_in) -> absl::StatusOr<std::string> {
                   identity::v1::IssueTokenRequest request;
                   request.set_session(signed_in.session);
                   const Client<identity::v1::AccountService> accounts(registry_without_token());
                   ASSIGN_OR_RETURN(
                       auto response,
                       accounts.Call(&identity::v1::AccountService::Stub::IssueToken, request));
                   return std::move(*response.mutable_token());
                 });
}

}  // namespace dondoc::cli
