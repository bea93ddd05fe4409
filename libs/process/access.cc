#include "libs/process/access.h"

#include <set>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "libs/base/status_macros.h"
#include "libs/identity/access_table.h"
#include "libs/log/log.h"

namespace dondoc::process {
namespace {

constexpr char kPersons[] = "person:";

// "127.0.0.1:7401", "[::1]:7401", "localhost:7401".
bool IsLoopback(absl::string_view listen) {
  return absl::StartsWith(listen, "127.") || absl::StartsWith(listen, "[::1]:") ||
         absl::StartsWith(listen, "localhost:");
}

absl::Status CheckOpen(const AccessPlace& place) {
  if (place.tls) {
    return absl::InvalidArgumentError(
        "\"access = open\" lets everybody do everything under any name and is refused together "
        "with TLS; leave it out or set \"access = enforced\"");
  }
  for (const auto& [name, address] :
       {std::pair("listen", &place.listen), std::pair("admin_listen", &place.admin_listen)}) {
    if (IsLoopback(*address)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", name, " = ", *address, "\" can be reached from other machines while access is open ",
        "(everybody may do everything under any name); listen on 127.0.0.1, or set the three ",
        "settings \"tls_...\""));
  }
  return absl::OkStatus();
}

absl::Status CheckEnforced(const AccessPlace& place) {
  if (place.clock != "system") {
    return absl::InvalidArgumentError(
        "a simulated clock is for demonstrations and is refused where access is enforced; leave "
        "out \"clock\" or set \"access = open\"");
  }
  // Without TLS nobody on the admin port can be told from another.
  if (!place.tls && !IsLoopback(place.admin_listen)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"admin_listen = ", place.admin_listen, "\" can be reached from other ",
                     "machines and knows operators by their certificates alone; listen on ",
                     "127.0.0.1, or set the three settings \"tls_...\""));
  }
  return absl::OkStatus();
}

absl::Status CheckIssuer(const AccessSettings& settings) {
  if (settings.issuer_name.empty() != settings.issuer_keys.empty()) {
    return absl::InvalidArgumentError(
        "\"issuer_name\" and \"issuer_keys\" belong together; set both or neither");
  }
  if (settings.issuer_name.empty()) return absl::OkStatus();
  if (settings.issuer_name == settings.account_issuer) {
    return absl::InvalidArgumentError(absl::StrCat("\"issuer_name = ", settings.issuer_name,
                                                   "\" is the name of our own accounts; the ",
                                                   "identity provider has to be another"));
  }
  if (!absl::StartsWith(settings.issuer_keys, "https://") &&
      !absl::StartsWith(settings.issuer_keys, "file:/")) {
    return absl::InvalidArgumentError(absl::StrCat("\"issuer_keys = ", settings.issuer_keys,
                                                   "\" has to begin with https:// or file:/"));
  }
  if (!absl::StartsWith(settings.issuer_principal_prefix, kPersons)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"issuer_principal_prefix = ", settings.issuer_principal_prefix,
                     "\" has to begin with \"person:\", as grants name people"));
  }
  return absl::OkStatus();
}

std::set<std::string> OperatorsOf(const AccessSettings& settings, const AccessPlace& place) {
  if (settings.operators.empty()) return {place.service};
  return absl::StrSplit(settings.operators, absl::ByAnyChar(", "), absl::SkipEmpty());
}

}  // namespace

void AddTo(settings::Table& table, AccessSettings& settings) {
  table.Choice("access", settings.access, {"auto", "open", "enforced"},
               "who may call: auto is enforced with TLS and open without; open lets everybody do "
               "everything, on this machine alone");
  table.Text("edge_name", settings.edge_name,
             "common name of the edge, which alone may tell a caller's certificate; empty for "
             "callers without an edge",
             {.bytes_max = 63});
  table.Text("operators", settings.operators,
             "common names let in on the admin port with TLS, by commas; empty: the service's own");
  table.Text("issuer_name", settings.issuer_name,
             "claim iss of the identity provider; empty for none");
  table.Text("issuer_audience", settings.issuer_audience, "claim aud of its tokens",
             {.may_be_empty = false});
  table.Text("issuer_keys", settings.issuer_keys, "its key set: https://..., or file:/...");
  table.Path("issuer_ca", settings.issuer_ca, {.may_be_empty = true},
             "who signs its certificate, PEM; empty: whom this system trusts");
  table.Text("issuer_principal_prefix", settings.issuer_principal_prefix,
             "before the claim sub, as grants name its people", {.may_be_empty = false});
  table.Text("account_issuer", settings.account_issuer, "claim iss of our own accounts",
             {.may_be_empty = false});
  table.Text("account_audience", settings.account_audience, "claim aud of our own accounts",
             {.may_be_empty = false});
}

bool IsEnforced(const AccessSettings& settings, const AccessPlace& place) {
  return settings.access == "enforced" || (settings.access == "auto" && place.tls);
}

absl::Status CheckAccess(const AccessSettings& settings, const AccessPlace& place) {
  RETURN_IF_ERROR(IsEnforced(settings, place) ? CheckEnforced(place) : CheckOpen(place));
  return CheckIssuer(settings);
}

Access::Access(const AccessSettings& settings, const AccessPlace& place, const Clock& clock) {
  const bool enforced = IsEnforced(settings, place);
  log::Info("access", {{"mode", enforced ? "enforced" : "open"}, {"tls", place.tls}});
  if (!enforced) return;
  std::vector<identity::Issuer> issuers = {{.name = settings.account_issuer,
                                            .audience = settings.account_audience,
                                            .principal_prefix = "account:",
                                            .find_key = nullptr}};
  if (!settings.issuer_name.empty()) {
    keys_.emplace(settings.issuer_keys, identity::FetchByCurl(settings.issuer_ca), clock);
    refresher_.emplace(*keys_);
    issuers.push_back({.name = settings.issuer_name,
                       .audience = settings.issuer_audience,
                       .principal_prefix = settings.issuer_principal_prefix,
                       .find_key = [this](absl::string_view id) { return keys_->Find(id); }});
  }
  const rpc::Doorkeeper::Options options = {.table = identity::AccessTable::BuiltIn(),
                                            .directory = directory_,
                                            .clock = clock,
                                            .issuers = std::move(issuers),
                                            .edge = settings.edge_name};
  door_.emplace(options);
  if (place.tls) admin_door_.emplace(options, OperatorsOf(settings, place));
}

}  // namespace dondoc::process
