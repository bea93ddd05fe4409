#include "services/registry/domain/opening.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"
#include "services/registry/domain/obligations.h"
#include "services/registry/domain/plan/problems.h"

namespace dondoc::registry {
namespace {

using absl::StrCat;
using plan::Problem;
using plan::Problems;

// Rows by the name that they use and nobody has; one finding per name, however many rows.
using RowsByName = std::map<std::string, std::set<int>>;

std::string RowList(const std::set<int>& rows) { return absl::StrJoin(rows, ", "); }

Details AtRows(const std::set<int>& rows, absl::string_view text) {
  return {{"row", StrCat(*rows.begin())}, {"rows", RowList(rows)}, {"text", std::string(text)}};
}

Problem UnitUnknown(absl::string_view text, const std::set<int>& rows, absl::CivilDay day,
                    const Unit* on_other_days) {
  const std::string signed_on = calendar::FormatVietnamese(day);
  if (on_other_days != nullptr) {
    return {"UNIT_UNKNOWN",
            {StrCat("Hàng ", RowList(rows), ": ngày ký ", signed_on, " chưa có hoặc không còn \"",
                    text, "\"; ", UnitName(on_other_days->id()), " có từ ",
                    calendar::FormatVietnamese(on_other_days->state().valid_from),
                    ". Hãy thêm đơn vị của thời điểm đó bằng `dondoc unit add`."),
             StrCat("Row ", RowList(rows), ": on the day of signature, ", calendar::FormatDate(day),
                    ", there is no \"", text, "\"; ", UnitName(on_other_days->id()),
                    " exists from ", calendar::FormatDate(on_other_days->state().valid_from),
                    ". Add the unit of that time with `dondoc unit add`.")},
            AtRows(rows, text)};
  }
  return {"UNIT_UNKNOWN",
          {StrCat("Hàng ", RowList(rows), ": danh bạ không có đơn vị \"", text,
                  "\"; hãy thêm bằng `dondoc unit add`, hoặc thêm tên này vào aliases của đơn vị."),
           StrCat("Row ", RowList(rows), ": the register has no unit \"", text,
                  "\"; add it with `dondoc unit add`, or add this name to a unit's aliases.")},
          AtRows(rows, text)};
}

Problem WithoutSuccessor(absl::string_view text, const std::set<int>& rows) {
  return {"UNIT_WITHOUT_SUCCESSOR",
          {StrCat("Hàng ", RowList(rows), ": \"", text,
                  "\" đã kết thúc hoạt động và không có đơn vị "
                  "kế thừa; hãy thêm đơn vị nhận việc trước khi nhập."),
           StrCat("Row ", RowList(rows), ": \"", text,
                  "\" was dissolved and nobody succeeded it; "
                  "add a unit that takes its work before importing.")},
          AtRows(rows, text)};
}

PlanWarning NobodyObliged(int row) {
  return {
      .code = "NOBODY_OBLIGED",
      .severity = WarningSeverity::kWarning,
      .rows = {row},
      .clause = {},
      .message = {StrCat("Hàng ", row,
                         " chỉ do cơ quan ngoài Sở chủ trì nên không giao được "
                         "cho đơn vị nào."),
                  StrCat("Row ", row, " is led by external bodies alone, so no unit is obliged.")},
      .advice = {"Hãy theo dõi riêng nhiệm vụ này.", "Follow this task by other means."}};
}

// Matches the names of one document, collecting what nobody is called.
class Matcher {
 public:
  Matcher(const UnitDirectory& units, absl::CivilDay signed_on)
      : units_(units), signed_on_(signed_on) {}

  // The register decides: a body that it holds as external is external, whatever the document's
  // reader thought; an external body need not be in it.
  Party Match(const PlanParty& printed, int row) {
    Party party = {.kind = printed.kind, .text = printed.text, .unit = {}};
    if (printed.kind == PartyKind::kGroup) return party;
    const Unit* unit = units_.FindNamed(printed.text, signed_on_);
    if (unit != nullptr) {
      party.kind = unit->IsExternal() ? PartyKind::kExternal : PartyKind::kUnit;
      party.unit = unit->id();
    } else if (printed.kind == PartyKind::kUnit) {
      unknown_[printed.text].insert(row);
    }
    return party;
  }

  void Report(Problems& problems) const {
    for (const auto& [text, rows] : unknown_) {
      problems.Add(UnitUnknown(text, rows, signed_on_, units_.FindNamedEver(text)));
    }
  }

 private:
  const UnitDirectory& units_;
  absl::CivilDay signed_on_;
  RowsByName unknown_;
};

Task TaskOf(absl::string_view plan, const PlanTask& row, Matcher& matcher) {
  Task task;
  task.key = {.plan = std::string(plan), .number = row.number};
  task.section = row.section;
  task.cells = row.cells;
  for (const PlanParty& lead : row.leads) task.leads.push_back(matcher.Match(lead, row.number));
  for (const PlanParty& coordinator : row.coordinators) {
    task.coordinators.push_back(matcher.Match(coordinator, row.number));
  }
  task.no_coordinator = row.no_coordinator;
  task.conditional_product = !row.product.condition.empty();
  for (const PlanPhase& printed : row.phases) {
    Phase phase;
    phase.ordinal = printed.ordinal;
    phase.label = printed.label;
    phase.time_text = printed.text;
    phase.window_start = printed.start;
    phase.due = phase.printed_due = printed.end;
    task.phases.push_back(std::move(phase));
  }
  return task;
}

// The assignments of the units that the lead column names, each unit once.
std::vector<Assignment> OpenNamedLeads(const Task& task, const UnitDirectory& units,
                                       RowsByName& without_successor) {
  std::vector<Assignment> opened;
  std::set<std::string> obliged;
  for (const Party& lead : task.leads) {
    if (lead.kind != PartyKind::kUnit || lead.unit.empty()) continue;
    const Unit* holder = units.HolderOf(lead.unit);
    if (holder == nullptr) {
      without_successor[lead.text].insert(task.key.number);
      continue;
    }
    if (!obliged.insert(holder->id()).second) continue;
    for (const Phase& phase : task.phases) {
      const Assignment named = OpenFor(task, phase, lead.unit);
      opened.push_back(holder->id() == lead.unit ? named : named.TakenOverBy(holder->id()));
    }
  }
  return opened;
}

}  // namespace

std::vector<std::string> NamesIn(const PlanDocument& document) {
  std::set<std::string> names;
  for (const PlanTask& task : document.tasks) {
    for (const auto* parties : {&task.leads, &task.coordinators}) {
      for (const PlanParty& party : *parties) {
        if (party.kind != PartyKind::kGroup) names.insert(party.text);
      }
    }
  }
  return {names.begin(), names.end()};
}

absl::StatusOr<PlanInMotion> SetInMotion(const PlanDocument& document, const UnitDirectory& units,
                                         absl::string_view plan_id) {
  PlanInMotion motion;
  Matcher matcher(units, document.head.date);
  RowsByName without_successor;
  for (const PlanTask& row : document.tasks) {
    Task task = TaskOf(plan_id, row, matcher);
    std::vector<Assignment> opened = OpenNamedLeads(task, units, without_successor);
    for (Phase& phase : task.phases) {
      PhaseCount count;
      for (const Assignment& assignment : opened) {
        if (assignment.key().phase.ordinal == phase.ordinal) ++count.not_started;
      }
      phase.Recount(count);
    }
    const bool only_external =
        std::all_of(task.leads.begin(), task.leads.end(),
                    [](const Party& lead) { return lead.kind == PartyKind::kExternal; });
    if (only_external) motion.warnings.push_back(NobodyObliged(row.number));
    std::move(opened.begin(), opened.end(), std::back_inserter(motion.assignments));
    motion.tasks.push_back(std::move(task));
  }
  Problems problems;
  matcher.Report(problems);
  for (const auto& [text, rows] : without_successor) problems.Add(WithoutSuccessor(text, rows));
  RETURN_IF_ERROR(problems.ToStatus());
  motion.reports = ReportsOwed(plan_id, document.year, document.reports);
  return motion;
}

}  // namespace dondoc::registry
