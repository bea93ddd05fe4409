#include "libs/identity/access_table.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/identity/errors.h"

namespace dondoc::identity {

// Written by CMake from proto/access.csv.
extern const char kAccessCsv[];

namespace {

constexpr absl::string_view kHeader =
    "method,roles,scope,per_minute,audited,four_eyes,request_bytes_max";
constexpr size_t kColumns = 7;
constexpr Scope kScopes[] = {Scope::kWhole, Scope::kSubtree, Scope::kUnit, Scope::kSelf,
                             Scope::kPublic};

// "package.Service/Method" in letters, digits, ".", "_".
bool IsMethod(absl::string_view text) {
  const std::vector<absl::string_view> halves = absl::StrSplit(text, '/');
  const auto is_name = [](absl::string_view half) {
    return !half.empty() && std::all_of(half.begin(), half.end(), [](unsigned char c) {
      return absl::ascii_isalnum(c) || c == '.' || c == '_';
    });
  };
  return halves.size() == 2 && is_name(halves[0]) && is_name(halves[1]);
}

bool ReadRoles(absl::string_view text, MethodRule& rule) {
  if (text == "anyone") {
    rule.anyone = true;
    return true;
  }
  for (const absl::string_view name : absl::StrSplit(text, ' ')) {
    const auto role = RoleNamed(name);
    if (!role || rule.Names(*role)) return false;
    rule.roles.push_back(*role);
  }
  return true;
}

bool ReadScope(absl::string_view text, Scope& scope) {
  for (const Scope each : kScopes) {
    if (ScopeName(each) != text) continue;
    scope = each;
    return true;
  }
  return false;
}

bool ReadYesNo(absl::string_view text, bool& flag) {
  flag = text == "yes";
  return text == "yes" || text == "no";
}

template <typename Integer>
bool ReadNumber(absl::string_view text, Integer min, Integer max, Integer& number) {
  return absl::SimpleAtoi(text, &number) && absl::StrCat(number) == text && number >= min &&
         number <= max;
}

// The name of the first column that is wrong, or "".
absl::string_view ReadRow(const std::vector<absl::string_view>& columns, MethodRule& rule) {
  if (columns.size() != kColumns) return "columns";
  rule.method = std::string(columns[0]);
  if (!IsMethod(columns[0])) return "method";
  if (!ReadRoles(columns[1], rule)) return "roles";
  if (!ReadScope(columns[2], rule.scope)) return "scope";
  if (rule.anyone && rule.scope != Scope::kPublic) return "scope";
  if (!ReadNumber(columns[3], 1, AccessTable::kPerMinuteMax, rule.per_minute)) return "per_minute";
  if (!ReadYesNo(columns[4], rule.audited)) return "audited";
  if (!ReadYesNo(columns[5], rule.four_eyes)) return "four_eyes";
  if (rule.four_eyes && !rule.audited) return "audited";
  if (!ReadNumber(columns[6], AccessTable::kRequestBytesMin, AccessTable::kRequestBytesMax,
                  rule.request_bytes_max)) {
    return "request_bytes_max";
  }
  return "";
}

}  // namespace

absl::string_view ScopeName(Scope scope) {
  switch (scope) {
    case Scope::kWhole:
      return "whole";
    case Scope::kSubtree:
      return "subtree";
    case Scope::kUnit:
      return "unit";
    case Scope::kSelf:
      return "self";
    case Scope::kPublic:
      return "public";
  }
  return "";
}

bool MethodRule::Names(Role role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

absl::StatusOr<AccessTable> AccessTable::Parse(absl::string_view csv) {
  AccessTable table;
  bool header_read = false;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(csv, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    if (!header_read) {
      if (line != kHeader) return error::AccessTableInvalid(number, "header");
      header_read = true;
      continue;
    }
    MethodRule rule;
    const absl::string_view wrong = ReadRow(absl::StrSplit(line, ','), rule);
    if (!wrong.empty()) return error::AccessTableInvalid(number, wrong);
    const std::string method = rule.method;
    if (!table.rules_.emplace(method, std::move(rule)).second) {
      return error::AccessTableInvalid(number, "method");
    }
  }
  if (table.rules_.empty()) return error::AccessTableInvalid(number, "rows");
  return table;
}

const AccessTable& AccessTable::BuiltIn() {
  static const AccessTable kTable = [] {
    auto table = Parse(kAccessCsv);
    if (!table.ok()) {
      std::fprintf(stderr, "%s\n", table.status().ToString().c_str());
      std::abort();
    }
    return *std::move(table);
  }();
  return kTable;
}

const MethodRule* AccessTable::Find(absl::string_view method) const {
  const auto found = rules_.find(method);
  return found == rules_.end() ? nullptr : &found->second;
}

}  // namespace dondoc::identity
