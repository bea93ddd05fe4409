#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/identity/access_table.h"

namespace dondoc::identity {
namespace {

std::string WhoOf(const MethodRule& rule) {
  if (rule.anyone) return "*anyone*";
  return absl::StrJoin(rule.roles, ", ",
                       [](std::string* out, Role role) { absl::StrAppend(out, RoleName(role)); });
}

std::string SizeOf(int64_t bytes) {
  if (bytes % (1024 * 1024) == 0) return absl::StrCat(bytes / (1024 * 1024), " MiB");
  if (bytes % 1024 == 0) return absl::StrCat(bytes / 1024, " KiB");
  return absl::StrCat(bytes, " B");
}

constexpr absl::string_view kIntroduction =
    "# Ai được gọi gì (who may call what)\n\n"
    "Written from `proto/access.csv` by `access_page`; change that file and run it again:\n"
    "`build/dev/tests/access/access_page > docs/access.md`.\n\n"
    "Scope is the part of the register that a call shows or changes: `whole` needs a grant for "
    "the\n"
    "whole register; `subtree` is the units of the caller's grants and all below them; `unit` "
    "those\n"
    "units alone; `self` what belongs to the caller; `public` what everybody inside may see. A "
    "grant\n"
    "for the whole register reaches every unit. Rates are calls per minute of one caller. Four "
    "eyes:\n"
    "the service refuses whoever did the work that is judged.\n";

}  // namespace

std::string AccessPage(const AccessTable& table) {
  std::string page(kIntroduction);
  absl::StrAppend(&page, "\n| vai trò (role) | |\n| --- | --- |\n");
  for (const Role role : kRoles) {
    absl::StrAppend(&page, "| ", RoleName(role), " | ", RoleTitle(role), " |\n");
  }
  std::string service;
  for (const auto& [method, rule] : table.rules()) {
    const size_t slash = method.find('/');
    if (method.substr(0, slash) != service) {
      service = method.substr(0, slash);
      absl::StrAppend(&page, "\n## ", service,
                      "\n\n| method | who | scope | rate | audited | four eyes | request |\n"
                      "| --- | --- | --- | --- | --- | --- | --- |\n");
    }
    absl::StrAppend(&page, "| ", method.substr(slash + 1), " | ", WhoOf(rule), " | ",
                    ScopeName(rule.scope), " | ", rule.per_minute, " | ", rule.audited ? "yes" : "",
                    " | ", rule.four_eyes ? "yes" : "", " | ≤ ", SizeOf(rule.request_bytes_max),
                    " |\n");
  }
  return page;
}

}  // namespace dondoc::identity
