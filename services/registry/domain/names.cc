#include "services/registry/domain/names.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/periods.h"
#include "services/registry/domain/errors.h"

namespace dondoc::registry {
namespace {

constexpr size_t kIdMax = 63;
// Four digits: no plan has ten thousand rows.
constexpr size_t kNumberDigitsMax = 4;
// Grants are numbered for as long as the register is kept.
constexpr size_t kGrantDigitsMax = 9;

constexpr char kUnitPattern[] = "units/{id}";
constexpr char kPlanPattern[] = "plans/{id}";
constexpr char kGrantPattern[] = "grants/{number}";
constexpr char kTaskPattern[] = "plans/{id}/tasks/{number}";
constexpr char kPhasePattern[] = "plans/{id}/tasks/{number}/phases/{ordinal}";
constexpr char kAssignmentPattern[] =
    "plans/{id}/tasks/{number}/phases/{ordinal}/assignments/{unit id}";
constexpr char kReportPattern[] = "plans/{id}/reports/{period}";
constexpr char kIdPattern[] = "a-z, 0-9, \"-\"";

bool IsId(absl::string_view text) {
  return !text.empty() && text.size() <= kIdMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

std::optional<int> NumberOf(absl::string_view text, size_t digits_max = kNumberDigitsMax) {
  int number = 0;
  const bool plain =
      !text.empty() && text.size() <= digits_max && text.front() != '0' &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!plain || !absl::SimpleAtoi(text, &number)) return std::nullopt;
  return number;
}

// The ids between the collections of a name: {"plans", "tasks"} takes "a" and "1" out of
// "plans/a/tasks/1". Nothing when the name has another form.
template <size_t n>
std::optional<std::array<absl::string_view, n>> IdsOf(
    absl::string_view name, const std::array<absl::string_view, n>& collections) {
  std::array<absl::string_view, n> ids;
  for (size_t i = 0; i < n; ++i) {
    if (name.substr(0, collections[i].size()) != collections[i]) return std::nullopt;
    name.remove_prefix(collections[i].size());
    if (name.empty() || name.front() != '/') return std::nullopt;
    name.remove_prefix(1);
    const size_t end = name.find('/');
    ids[i] = name.substr(0, end);
    const bool last = i + 1 == n;
    if (last != (end == absl::string_view::npos)) return std::nullopt;
    if (!last) name.remove_prefix(end + 1);
  }
  return ids;
}

using View = absl::string_view;

}  // namespace

std::string UnitName(absl::string_view id) { return id.empty() ? "" : absl::StrCat("units/", id); }
std::string PlanName(absl::string_view id) { return absl::StrCat("plans/", id); }
std::string GrantName(int64_t number) { return absl::StrCat("grants/", number); }
std::string NameOf(const TaskKey& key) {
  return absl::StrCat("plans/", key.plan, "/tasks/", key.number);
}
std::string NameOf(const PhaseKey& key) {
  return absl::StrCat(NameOf(key.task), "/phases/", key.ordinal);
}
std::string NameOf(const AssignmentKey& key) {
  return absl::StrCat(NameOf(key.phase), "/assignments/", key.unit);
}
std::string NameOf(const ReportKey& key) {
  return absl::StrCat("plans/", key.plan, "/reports/", key.period);
}

absl::StatusOr<std::string> ParseUnitName(absl::string_view field, absl::string_view name) {
  const auto ids = IdsOf(name, std::array<View, 1>{"units"});
  if (!ids || !IsId((*ids)[0])) return error::NameInvalid(field, name, kUnitPattern);
  return std::string((*ids)[0]);
}

absl::StatusOr<std::string> ParsePlanName(absl::string_view field, absl::string_view name) {
  const auto ids = IdsOf(name, std::array<View, 1>{"plans"});
  if (!ids || !IsId((*ids)[0])) return error::NameInvalid(field, name, kPlanPattern);
  return std::string((*ids)[0]);
}

absl::StatusOr<int64_t> ParseGrantName(absl::string_view field, absl::string_view name) {
  const auto ids = IdsOf(name, std::array<View, 1>{"grants"});
  const std::optional<int> number = ids ? NumberOf((*ids)[0], kGrantDigitsMax) : std::nullopt;
  if (!number) return error::NameInvalid(field, name, kGrantPattern);
  return *number;
}

absl::StatusOr<TaskKey> ParseTaskName(absl::string_view field, absl::string_view name) {
  const auto ids = IdsOf(name, std::array<View, 2>{"plans", "tasks"});
  const std::optional<int> number = ids ? NumberOf((*ids)[1]) : std::nullopt;
  if (!number || !IsId((*ids)[0])) return error::NameInvalid(field, name, kTaskPattern);
  return TaskKey{.plan = std::string((*ids)[0]), .number = *number};
}

absl::StatusOr<PhaseKey> ParsePhaseName(absl::string_view field, absl::string_view name) {
  const auto ids = IdsOf(name, std::array<View, 3>{"plans", "tasks", "phases"});
  const std::optional<int> number = ids ? NumberOf((*ids)[1]) : std::nullopt;
  const std::optional<int> ordinal = ids ? NumberOf((*ids)[2]) : std::nullopt;
  if (!number || !ordinal || !IsId((*ids)[0]))
    return error::NameInvalid(field, name, kPhasePattern);
  return PhaseKey{.task = {.plan = std::string((*ids)[0]), .number = *number}, .ordinal = *ordinal};
}

absl::StatusOr<AssignmentKey> ParseAssignmentName(absl::string_view field, absl::string_view name) {
  const auto ids = IdsOf(name, std::array<View, 4>{"plans", "tasks", "phases", "assignments"});
  const std::optional<int> number = ids ? NumberOf((*ids)[1]) : std::nullopt;
  const std::optional<int> ordinal = ids ? NumberOf((*ids)[2]) : std::nullopt;
  if (!number || !ordinal || !IsId((*ids)[0]) || !IsId((*ids)[3])) {
    return error::NameInvalid(field, name, kAssignmentPattern);
  }
  return AssignmentKey{
      .phase = {.task = {.plan = std::string((*ids)[0]), .number = *number}, .ordinal = *ordinal},
      .unit = std::string((*ids)[3])};
}

absl::StatusOr<ReportKey> ParseReportName(absl::string_view field, absl::string_view name) {
  const auto ids = IdsOf(name, std::array<View, 2>{"plans", "reports"});
  if (!ids || !IsId((*ids)[0]) || !calendar::Period::FromId((*ids)[1]).ok()) {
    return error::NameInvalid(field, name, kReportPattern);
  }
  return ReportKey{.plan = std::string((*ids)[0]), .period = std::string((*ids)[1])};
}

absl::StatusOr<std::string> ParseId(absl::string_view field, absl::string_view id) {
  if (!IsId(id)) return error::NameInvalid(field, id, kIdPattern);
  return std::string(id);
}

}  // namespace dondoc::registry
