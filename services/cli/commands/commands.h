#pragma once

#include "services/cli/commands/tree.h"

namespace dondoc::cli {

// One function per noun: it adds the noun with its verbs to the tree.
void AddPlanCommands(Tree& tree);
void AddUnitCommands(Tree& tree);
void AddTaskCommands(Tree& tree);
void AddReportCommands(Tree& tree);
void AddKpiCommands(Tree& tree);
void AddInspectionCommands(Tree& tree);
void AddNoticeCommands(Tree& tree);
void AddSignInCommands(Tree& tree);
void AddAccountCommands(Tree& tree);
void AddGrantCommands(Tree& tree);
void AddStatusCommand(Tree& tree);
void AddWatchCommand(Tree& tree);
void AddYearCommand(Tree& tree);
void AddCompletionCommand(Tree& tree);

// Parts of a noun that fill files of their own.
void AddUnitImport(Tree& tree, CLI::App& unit);
void AddTaskWork(Tree& tree, CLI::App& task);
void AddKpiData(Tree& tree, CLI::App& kpi);
void AddInspectionProgramme(Tree& tree, CLI::App& inspection);
void AddNoticeSettings(Tree& tree, CLI::App& notice);

}  // namespace dondoc::cli
