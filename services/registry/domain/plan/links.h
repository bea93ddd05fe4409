#pragma once

#include <vector>

#include "services/registry/domain/plan/key_words.h"
#include "services/registry/domain/plan/plan_document.h"

namespace dondoc::registry::plan {

// Maps each section of the appendix to the goal with the most alike title: one that shares at least
// half of the pairs of words of the shorter title. No goal is given to two sections. A section
// without such a goal has none.
void MapSectionsToGoals(const std::vector<PlanGoal>& goals, const Abbreviations& abbreviations,
                        std::vector<PlanSection>& sections);

// Suggests which tasks serve which targets of the goals.
//
// The rule, so that anybody can check it by hand: a pair of words that stands in n texts (each
// target and each task is one text) weighs 1/n. A target and a task are linked when the pairs they
// share weigh 1 together, as much as two pairs that nobody else has. Only tasks of the target's own
// field are compared, and of the sections that belong to no goal.
//
// Weights are kept in hundredths. Links stand in the order of targets, heaviest first.
std::vector<PlanLink> SuggestLinks(const PlanDocument& document,
                                   const Abbreviations& abbreviations);

}  // namespace dondoc::registry::plan
