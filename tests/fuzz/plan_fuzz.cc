// The reader of plan documents as text: services/registry/domain/plan/read_plan.h.
#include "services/registry/domain/plan/read_plan.h"
#include "tests/fuzz/fuzz.h"

using namespace dondoc;

int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const absl::string_view text = fuzz::BytesOf(data, size);
  const auto read = registry::ReadPlan(text);
  fuzz::ExpectGoodRefusal(read);
  const auto again = registry::ReadPlan(text);
  fuzz::Expect(again.status() == read.status(), "the same text is refused in the same words");
  if (!read.ok()) return 0;
  fuzz::Expect(again->tasks == read->tasks && again->targets == read->targets,
               "the same text is the same plan");
  fuzz::Expect(!read->tasks.empty(), "a plan has tasks");
  for (size_t i = 0; i < read->tasks.size(); ++i) {
    const registry::PlanTask& task = read->tasks[i];
    fuzz::Expect(task.number == static_cast<int>(i) + 1, "tasks are numbered without a gap");
    fuzz::Expect(!task.phases.empty(), "every task has a deadline");
    for (const registry::PlanPhase& phase : task.phases) {
      fuzz::Expect(phase.start <= phase.end, "a phase ends after it starts");
    }
  }
  return 0;
}
