#pragma once

#include "services/registry/domain/plan/outline.h"
#include "services/registry/domain/plan/plan_document.h"
#include "services/registry/domain/plan/problems.h"

namespace dondoc::registry::plan {

struct HeadAndYear {
  PlanHead head;
  int year = 0;
};

// Reads who issued the plan, under which number and symbol, where and when, who signed it, on what
// it is based and who receives it. Only the number may be missing: a plan is often imported before
// it is registered. Everything else that is missing is one problem, PLAN_NO_HEAD, which names it.
//
// The issuer is taken from "(Kèm theo Kế hoạch … của X)" above the appendix, else from the closing
// "Trên đây là Kế hoạch … của X", else from the letterhead.
HeadAndYear ReadHead(const Outline& outline, Problems& problems);

}  // namespace dondoc::registry::plan
