// Exact figures: libs/base/decimal.h. Two figures and a bound.
#include "libs/base/decimal.h"
#include "tests/fuzz/fuzz.h"

using namespace dondoc;

namespace {

// A ratio and what is shown of it must never tell two stories about a bound.
void CheckRatio(Decimal numerator, Decimal denominator, Decimal bound) {
  // What is shown must be a Decimal, so the ratio has to stay small.
  constexpr int64_t kFactor = 100;
  constexpr int64_t kUnitsMax = int64_t{1} << 40;
  if (denominator.units() < Decimal::kScale) return;
  if (numerator.units() > kUnitsMax || numerator.units() < -kUnitsMax) return;
  const auto order = CompareRatio(numerator, denominator, kFactor, bound);
  const Decimal shown = RoundedRatio(numerator, denominator, kFactor, 6);
  if (order < 0) fuzz::Expect(shown <= bound, "what is below a bound is not shown above it");
  if (order > 0) fuzz::Expect(shown >= bound, "what is above a bound is not shown below it");
  if (order == 0) fuzz::Expect(shown == bound, "what is equal is shown equal");
}

}  // namespace

int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  std::vector<Decimal> figures;
  for (const std::string& piece : fuzz::Pieces(fuzz::BytesOf(data, size), 3)) {
    const absl::StatusOr<Decimal> figure = Decimal::Parse(piece);
    fuzz::ExpectGoodRefusal(figure);
    if (!figure.ok()) continue;
    const std::string text = figure->ToString();
    const absl::StatusOr<Decimal> again = Decimal::Parse(text);
    fuzz::Expect(again.ok() && *again == *figure, "what is printed is read as the same figure");
    fuzz::Expect(again->ToString() == text, "there is one way to print a figure");
    figures.push_back(*figure);
  }
  if (figures.size() < 3) return 0;
  const absl::StatusOr<Decimal> sum = Decimal::Add(figures[0], figures[1]);
  fuzz::ExpectGoodRefusal(sum);
  if (sum.ok()) {
    fuzz::Expect(Decimal::Add(figures[1], figures[0]).value() == *sum, "a + b is b + a");
  }
  CheckRatio(figures[0], figures[1], figures[2]);
  return 0;
}
