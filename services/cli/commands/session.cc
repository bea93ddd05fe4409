#include "services/cli/commands/session.h"

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
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

const Caller& Session::CallerOf(const std::string& service, const std::string& address) {
  std::unique_ptr<Caller>& caller = callers_[service];
  if (caller == nullptr) {
    absl::Duration timeout = settings_.Timeout();
    caller = std::make_unique<Caller>(CallerOptions{.service = service,
                                                    .address = address,
                                                    .actor = settings_.actor,
                                                    .timeout = timeout,
                                                    .request_id = settings_.request_id,
                                                    .tls = settings_.tls});
  }
  return *caller;
}

}  // namespace dondoc::cli
