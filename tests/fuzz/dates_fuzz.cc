// Days and periods as people and programs write them, the time column of a plan, its figures, and
// notices of days off.
#include "libs/calendar/dates.h"
#include "libs/calendar/holidays.h"
#include "libs/calendar/periods.h"
#include "services/registry/domain/plan/due_text.h"
#include "services/registry/domain/plan/quantities.h"
#include "tests/fuzz/fuzz.h"

using namespace dondoc;

namespace {

void CheckPeriod(const calendar::Period& period) {
  const auto by_id = calendar::Period::FromId(period.id());
  fuzz::Expect(by_id.ok() && *by_id == period, "a period is found by its id");
  const auto by_words = calendar::Period::Parse(period.ToVietnamese());
  fuzz::Expect(by_words.ok() && *by_words == period, "a period is read as it is written");
  fuzz::Expect(period.first() <= period.last(), "a period has a first and a last day");
  absl::CivilDay next = period.first();
  for (const calendar::Period& child : period.Children()) {
    fuzz::Expect(child.first() == next, "the parts of a period leave no gap");
    next = child.last() + 1;
  }
}

void CheckDueText(absl::string_view text) {
  const auto phases = registry::plan::ReadDueText(text);
  fuzz::Expect(phases == registry::plan::ReadDueText(text), "the same text has the same phases");
  if (!phases) return;
  fuzz::Expect(!phases->empty(), "what was understood has a phase");
  for (size_t i = 0; i < phases->size(); ++i) {
    const registry::PlanPhase& phase = (*phases)[i];
    fuzz::Expect(phase.start <= phase.end, "a phase ends after it starts");
    fuzz::Expect(phase.ordinal == static_cast<int>(i) + 1, "phases are counted from 1");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const absl::string_view text = fuzz::BytesOf(data, size);
  const auto date = calendar::ParseDate("field", text);
  fuzz::ExpectGoodRefusal(date);
  if (date.ok())
    fuzz::Expect(calendar::FormatDate(*date) == text, "there is one way to write a day");

  const auto by_id = calendar::Period::FromId(text);
  fuzz::ExpectGoodRefusal(by_id);
  if (by_id.ok()) {
    fuzz::Expect(by_id->id() == text, "a period has one id");
    CheckPeriod(*by_id);
  }
  const auto by_words = calendar::Period::Parse(text);
  fuzz::ExpectGoodRefusal(by_words);
  if (by_words.ok()) CheckPeriod(*by_words);

  CheckDueText(text);
  fuzz::Expect(
      registry::plan::ReadVietnameseNumber(text) == registry::plan::ReadVietnameseNumber(text),
      "the same text is the same number");

  calendar::Holidays holidays;
  const absl::Status added = holidays.AddNotice(text);
  fuzz::ExpectGoodRefusal(added);
  if (!added.ok()) {
    for (int year = calendar::kYearMin; year <= calendar::kYearMax; ++year) {
      fuzz::Expect(!holidays.Knows(year), "a refused notice adds nothing");
    }
  }
  return 0;
}
