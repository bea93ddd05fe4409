#include "services/kpi/domain/judge.h"

#include <algorithm>
#include <compare>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "libs/calendar/dates.h"

namespace dondoc::kpi {
namespace {

using calendar::FormatDate;
using calendar::FormatVietnamese;

// A Vietnamese text has a decimal comma.
std::string Vietnamese(std::string number) { return absl::StrReplaceAll(number, {{".", ","}}); }

std::string WithUnit(const std::string& number, const Indicator& indicator) {
  const std::string& unit = indicator.unit_of_measure;
  if (unit.empty()) return number;
  return unit == "%" ? number + "%" : absl::StrCat(number, " ", unit);
}

bool Reaches(std::strong_ordering comparison, Comparator comparator) {
  switch (comparator) {
    case Comparator::kAtLeast:
      return comparison >= 0;
    case Comparator::kGreater:
      return comparison > 0;
    case Comparator::kAtMost:
      return comparison <= 0;
    case Comparator::kLess:
      return comparison < 0;
    case Comparator::kEqual:
      return comparison == 0;
  }
  return false;
}

Sentence NameOf(Comparator comparator) {
  switch (comparator) {
    case Comparator::kAtLeast:
      return {.vi = "tối thiểu", .en = "at least"};
    case Comparator::kGreater:
      return {.vi = "trên", .en = "more than"};
    case Comparator::kAtMost:
      return {.vi = "tối đa", .en = "at most"};
    case Comparator::kLess:
      return {.vi = "dưới", .en = "less than"};
    case Comparator::kEqual:
      return {.vi = "bằng", .en = "exactly"};
  }
  return {};
}

// "86/100", or nothing for what is no ratio.
std::string FractionText(const Indicator& indicator, const ValueSum& sum) {
  if (indicator.aggregation != Aggregation::kRatio) return "";
  return absl::StrCat(sum.numerator.ToString(), "/", sum.denominator.ToString());
}

Sentence RequiredText(const Indicator& indicator, const Target& target) {
  const Sentence comparator = NameOf(*target.comparator);
  const std::string bound = target.value->ToString();
  return {
      .vi = absl::StrCat("yêu cầu ", comparator.vi, " ", WithUnit(Vietnamese(bound), indicator)),
      .en = absl::StrCat(comparator.en, " ", WithUnit(bound, indicator), " is required")};
}

// The value in words: "85.96% (8596/10000)". Where the rounded figure alone would suggest another
// verdict, it says that it is rounded and that the exact one was compared.
Sentence ValueText(const Indicator& indicator, const Target& target, const ValueSum& sum) {
  const Fraction fraction = FractionOf(indicator.aggregation, sum);
  const Decimal rounded = Rounded(fraction, indicator.factor);
  const auto exact =
      CompareRatio(fraction.numerator, fraction.denominator, indicator.factor, *target.value);
  const bool misleading = (rounded <=> *target.value) != exact;
  const std::string of = FractionText(indicator, sum);
  Sentence text{.vi = WithUnit(Vietnamese(rounded.ToString()), indicator),
                .en = WithUnit(rounded.ToString(), indicator)};
  if (!of.empty()) {
    absl::StrAppend(&text.vi, " (", Vietnamese(of), ")");
    absl::StrAppend(&text.en, " (", of, ")");
  }
  if (misleading) {
    const std::string vi = exact < 0 ? "nhỏ hơn " : "lớn hơn ";
    const std::string en = exact < 0 ? "less than " : "more than ";
    const std::string bound = target.value->ToString();
    std::string value = of.empty() ? fraction.numerator.ToString() : of;
    if (indicator.factor != 1) absl::StrAppend(&value, " × ", indicator.factor);
    absl::StrAppend(&text.vi, " là số đã làm tròn, giá trị đúng ", Vietnamese(value), " ", vi,
                    WithUnit(Vietnamese(bound), indicator));
    absl::StrAppend(&text.en, " is rounded, the exact value ", value, " is ", en,
                    WithUnit(bound, indicator));
  }
  return text;
}

Judgement NoTarget(const Target& target) {
  if (target.qualitative) {
    return {Verdict::kNoTargetSet,
            {.vi = "Chưa giao chỉ tiêu: đây là chỉ tiêu định tính, không có con số để đối chiếu.",
             .en = "No target set: the target is qualitative, there is no figure to hold it "
                   "against."}};
  }
  if (!target.reference.empty()) {
    return {
        Verdict::kNoTargetSet,
        {.vi = absl::StrCat("Chưa giao chỉ tiêu: con số nằm ở ", target.reference,
                            "; hãy nhập con số đó."),
         .en = absl::StrCat("No target set: the figure is in ", target.reference, "; enter it.")}};
  }
  return {Verdict::kNoTargetSet,
          {.vi = "Chưa giao chỉ tiêu: kế hoạch không nêu con số.",
           .en = "No target set: the plan gives no figure."}};
}

Judgement NotYetDue(const Target& target) {
  return {Verdict::kNotYetDue,
          {.vi = absl::StrCat("Chưa đến kỳ: chỉ tiêu có hiệu lực từ ngày ",
                              FormatVietnamese(target.effective_from), "."),
           .en = absl::StrCat("Not yet due: the target is in force from ",
                              FormatDate(target.effective_from), " on.")}};
}

Judgement EndedBefore(const Target& target) {
  return {
      Verdict::kNoTargetSet,
      {.vi = absl::StrCat("Chưa giao chỉ tiêu cho kỳ này: chỉ tiêu chỉ có hiệu lực đến hết ngày ",
                          FormatVietnamese(target.due_date), "."),
       .en = absl::StrCat("No target set for this period: the target ended on ",
                          FormatDate(target.due_date), ".")}};
}

Judgement NoData() {
  return {Verdict::kNoData,
          {.vi = "Chưa có số liệu: chưa đơn vị nào báo cáo trong kỳ.",
           .en = "No data: nobody has recorded anything in the period."}};
}

Judgement NotApplicable(const ValueSum& sum) {
  return {Verdict::kNotApplicable,
          {.vi = absl::StrCat("Không phát sinh: cả ", sum.count,
                              " số liệu của kỳ đều có mẫu số bằng 0, nên không xét đạt hay không."),
           .en = absl::StrCat("Not applicable: all ", sum.count,
                              " observations of the period say that there was nothing to count.")}};
}

Judgement Compared(const Indicator& indicator, const Target& target, const ValueSum& sum,
                   absl::CivilDay end, absl::CivilDay today) {
  const Fraction fraction = FractionOf(indicator.aggregation, sum);
  const bool reaches = Reaches(
      CompareRatio(fraction.numerator, fraction.denominator, indicator.factor, *target.value),
      *target.comparator);
  const Sentence value = ValueText(indicator, target, sum);
  const Sentence required = RequiredText(indicator, target);
  if (today > end) {
    return {
        reaches ? Verdict::kMet : Verdict::kNotMet,
        {.vi = absl::StrCat(reaches ? "Đạt: " : "Không đạt: ", value.vi, "; ", required.vi, "."),
         .en = absl::StrCat(reaches ? "Met: " : "Not met: ", value.en, "; ", required.en, ".")}};
  }
  return {reaches ? Verdict::kOnPace : Verdict::kBehind,
          {.vi = absl::StrCat(reaches ? "Đúng tiến độ: " : "Chậm tiến độ: ", "đến nay ", value.vi,
                              "; ", required.vi, " khi hết ngày ", FormatVietnamese(end), "."),
           .en = absl::StrCat(reaches ? "On pace: " : "Behind: ", value.en, " so far; ",
                              required.en, " at the end of ", FormatDate(end), ".")}};
}

}  // namespace

std::optional<calendar::Window> JudgedDays(const Target& target, const calendar::Window& period) {
  const absl::CivilDay first(absl::CivilMonth(target.effective_from));
  const absl::CivilDay last = absl::CivilDay(absl::CivilMonth(target.due_date) + 1) - 1;
  const calendar::Window common{.first = std::max(first, period.first),
                                .last = std::min(last, period.last)};
  if (common.last < common.first) return std::nullopt;
  return common;
}

Judgement Judge(const Indicator& indicator, const Target& target, const ValueSum& sum,
                const calendar::Window& period, absl::CivilDay today) {
  if (!target.value || !target.comparator) return NoTarget(target);
  if (std::min(today, period.last) < target.effective_from) return NotYetDue(target);
  if (target.due_date < period.first) return EndedBefore(target);
  if (sum.count == 0) return NoData();
  if (FractionOf(indicator.aggregation, sum).NothingArose()) return NotApplicable(sum);
  return Compared(indicator, target, sum, std::min(period.last, target.due_date), today);
}

}  // namespace dondoc::kpi
