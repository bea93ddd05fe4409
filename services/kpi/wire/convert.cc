#include "services/kpi/wire/convert.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"
#include "services/kpi/domain/errors.h"
#include "services/kpi/domain/names.h"

namespace dondoc::kpi {
namespace {

pb::Aggregation ToProto(Aggregation aggregation) {
  switch (aggregation) {
    case Aggregation::kRatio:
      return pb::AGGREGATION_RATIO;
    case Aggregation::kMaximum:
      return pb::AGGREGATION_MAXIMUM;
    case Aggregation::kSum:
      return pb::AGGREGATION_SUM;
  }
  return pb::AGGREGATION_UNSPECIFIED;
}

// Nothing for UNSPECIFIED and for numbers that this program does not know.
std::optional<Aggregation> FromProto(pb::Aggregation aggregation) {
  switch (aggregation) {
    case pb::AGGREGATION_RATIO:
      return Aggregation::kRatio;
    case pb::AGGREGATION_MAXIMUM:
      return Aggregation::kMaximum;
    case pb::AGGREGATION_SUM:
      return Aggregation::kSum;
    case pb::AGGREGATION_UNSPECIFIED:
    case pb::Aggregation_INT_MIN_SENTINEL_DO_NOT_USE_:
    case pb::Aggregation_INT_MAX_SENTINEL_DO_NOT_USE_:
      return std::nullopt;
  }
  return std::nullopt;
}

pb::Comparator ToProto(Comparator comparator) {
  switch (comparator) {
    case Comparator::kAtLeast:
      return pb::COMPARATOR_AT_LEAST;
    case Comparator::kGreater:
      return pb::COMPARATOR_GREATER;
    case Comparator::kAtMost:
      return pb::COMPARATOR_AT_MOST;
    case Comparator::kLess:
      return pb::COMPARATOR_LESS;
    case Comparator::kEqual:
      return pb::COMPARATOR_EQUAL;
  }
  return pb::COMPARATOR_UNSPECIFIED;
}

std::optional<Comparator> FromProto(pb::Comparator comparator) {
  switch (comparator) {
    case pb::COMPARATOR_AT_LEAST:
      return Comparator::kAtLeast;
    case pb::COMPARATOR_GREATER:
      return Comparator::kGreater;
    case pb::COMPARATOR_AT_MOST:
      return Comparator::kAtMost;
    case pb::COMPARATOR_LESS:
      return Comparator::kLess;
    case pb::COMPARATOR_EQUAL:
      return Comparator::kEqual;
    case pb::COMPARATOR_UNSPECIFIED:
    case pb::Comparator_INT_MIN_SENTINEL_DO_NOT_USE_:
    case pb::Comparator_INT_MAX_SENTINEL_DO_NOT_USE_:
      return std::nullopt;
  }
  return std::nullopt;
}

int64_t VersionOf(absl::string_view etag) {
  int64_t version = 0;
  absl::ConsumePrefix(&etag, "\"");
  absl::ConsumeSuffix(&etag, "\"");
  return absl::SimpleAtoi(etag, &version) ? version : 0;
}

// A day that this service wrote itself.
absl::CivilDay StoredDay(const std::string& text) {
  return calendar::ParseDate("date", text).value_or(absl::CivilDay());
}

// A sum that this service wrote itself. It may be larger than a figure that a caller may give, so
// it is not Decimal::Parse() that reads it.
Decimal StoredDecimal(absl::string_view text) {
  constexpr size_t kPlaces = 6;
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('.', 1));
  if (parts.second.size() > kPlaces) return Decimal();
  std::string digits(parts.first);
  absl::StrAppend(&digits, parts.second, std::string(kPlaces - parts.second.size(), '0'));
  int64_t units = 0;
  return absl::SimpleAtoi(digits, &units) ? Decimal::OfUnits(units) : Decimal();
}

}  // namespace

std::string EtagOf(int64_t version) { return absl::StrCat("\"", version, "\""); }

pb::Indicator ToProto(const Indicator& indicator) {
  pb::Indicator proto;
  proto.set_name(IndicatorName(indicator.id));
  proto.set_etag(EtagOf(indicator.version));
  proto.set_display_name(indicator.display_name);
  proto.set_unit_of_measure(indicator.unit_of_measure);
  proto.set_aggregation(ToProto(indicator.aggregation));
  proto.set_factor(indicator.factor);
  proto.set_numerator_text(indicator.numerator_text);
  proto.set_denominator_text(indicator.denominator_text);
  if (!indicator.nested_in.empty()) proto.set_nested_in(IndicatorName(indicator.nested_in));
  proto.set_exclusion(indicator.exclusion);
  proto.set_source(indicator.source);
  proto.set_computed(indicator.computed);
  return proto;
}

absl::StatusOr<Indicator> FromRequest(const pb::Indicator& proto) {
  Indicator indicator;
  ASSIGN_OR_RETURN(indicator.id, IndicatorId("indicator.name", proto.name()));
  const std::optional<Aggregation> aggregation = FromProto(proto.aggregation());
  if (!aggregation) return error::EnumInvalid("indicator.aggregation", proto.aggregation());
  indicator.aggregation = *aggregation;
  if (!proto.nested_in().empty()) {
    ASSIGN_OR_RETURN(indicator.nested_in, IndicatorId("indicator.nested_in", proto.nested_in()));
  }
  indicator.display_name = proto.display_name();
  indicator.unit_of_measure = proto.unit_of_measure();
  indicator.factor = proto.factor();
  indicator.numerator_text = proto.numerator_text();
  indicator.denominator_text = proto.denominator_text();
  indicator.exclusion = proto.exclusion();
  return indicator;
}

Indicator FromStored(const pb::Indicator& proto) {
  const auto id_of = [](absl::string_view name) {
    return std::string(absl::StripPrefix(name, "indicators/"));
  };
  return {.id = id_of(proto.name()),
          .version = VersionOf(proto.etag()),
          .display_name = proto.display_name(),
          .unit_of_measure = proto.unit_of_measure(),
          .aggregation = FromProto(proto.aggregation()).value_or(Aggregation::kRatio),
          .factor = proto.factor(),
          .numerator_text = proto.numerator_text(),
          .denominator_text = proto.denominator_text(),
          .nested_in = id_of(proto.nested_in()),
          .exclusion = proto.exclusion(),
          .source = proto.source(),
          .computed = proto.computed()};
}

pb::Target ToProto(const Target& target) {
  pb::Target proto;
  proto.set_name(TargetNameOf(target.indicator, target.id));
  proto.set_etag(EtagOf(target.version));
  if (target.comparator) proto.set_comparator(ToProto(*target.comparator));
  if (target.value) proto.set_value(target.value->ToString());
  proto.set_effective_from(calendar::FormatDate(target.effective_from));
  proto.set_due_date(calendar::FormatDate(target.due_date));
  proto.set_clause(target.clause);
  if (!target.plan.empty()) proto.set_plan(PlanName(target.plan));
  proto.set_text(target.text);
  proto.set_conflicting(target.conflicting);
  proto.set_qualitative(target.qualitative);
  proto.set_reference(target.reference);
  return proto;
}

absl::StatusOr<Target> FromRequest(const pb::Target& proto) {
  Target target;
  ASSIGN_OR_RETURN(TargetName name, ParseTargetName("target.name", proto.name()));
  target.indicator = std::move(name.indicator);
  target.id = std::move(name.target);
  target.comparator = FromProto(proto.comparator());
  if (!target.comparator && proto.comparator() != pb::COMPARATOR_UNSPECIFIED) {
    return error::EnumInvalid("target.comparator", proto.comparator());
  }
  if (!proto.value().empty()) {
    absl::StatusOr<Decimal> value = Decimal::Parse(proto.value());
    if (!value.ok()) return error::AtField(value.status(), "target.value");
    target.value = *value;
  }
  ASSIGN_OR_RETURN(target.effective_from,
                   calendar::ParseDate("target.effective_from", proto.effective_from()));
  ASSIGN_OR_RETURN(target.due_date, calendar::ParseDate("target.due_date", proto.due_date()));
  if (!proto.plan().empty()) {
    ASSIGN_OR_RETURN(target.plan, PlanId("target.plan", proto.plan()));
  }
  target.clause = proto.clause();
  target.text = proto.text();
  target.qualitative = proto.qualitative();
  target.reference = proto.reference();
  return target;
}

Target FromStored(const pb::Target& proto) {
  Target target;
  if (absl::StatusOr<TargetName> name = ParseTargetName("name", proto.name()); name.ok()) {
    target.indicator = std::move(name->indicator);
    target.id = std::move(name->target);
  }
  target.version = VersionOf(proto.etag());
  target.comparator = FromProto(proto.comparator());
  if (absl::StatusOr<Decimal> value = Decimal::Parse(proto.value()); value.ok()) {
    target.value = *value;
  }
  target.effective_from = StoredDay(proto.effective_from());
  target.due_date = StoredDay(proto.due_date());
  target.clause = proto.clause();
  target.plan = std::string(absl::StripPrefix(proto.plan(), "plans/"));
  target.text = proto.text();
  target.qualitative = proto.qualitative();
  target.reference = proto.reference();
  target.conflicting = proto.conflicting();
  return target;
}

pb::Verdict ToProto(Verdict verdict) {
  switch (verdict) {
    case Verdict::kMet:
      return pb::VERDICT_MET;
    case Verdict::kNotMet:
      return pb::VERDICT_NOT_MET;
    case Verdict::kOnPace:
      return pb::VERDICT_ON_PACE;
    case Verdict::kBehind:
      return pb::VERDICT_BEHIND;
    case Verdict::kNoData:
      return pb::VERDICT_NO_DATA;
    case Verdict::kNotApplicable:
      return pb::VERDICT_NOT_APPLICABLE;
    case Verdict::kNotYetDue:
      return pb::VERDICT_NOT_YET_DUE;
    case Verdict::kNoTargetSet:
      return pb::VERDICT_NO_TARGET_SET;
  }
  return pb::VERDICT_UNSPECIFIED;
}

pb::Value ToProto(const ValueName& name, const Indicator& indicator, const MeasuredValue& value,
                  absl::Time now) {
  pb::Value proto;
  proto.set_indicator(name.indicator);
  proto.set_unit(name.unit);
  proto.set_period(name.period);
  if (value.sum.count > 0) {
    const bool by_case = indicator.aggregation == Aggregation::kMaximum;
    proto.set_numerator((by_case ? value.sum.maximum : value.sum.numerator).ToString());
    proto.set_denominator(value.sum.denominator.ToString());
    const Fraction fraction = FractionOf(indicator.aggregation, value.sum);
    if (!fraction.NothingArose()) {
      proto.set_rounded(Rounded(fraction, indicator.factor).ToString());
    }
  }
  proto.set_observation_count(value.sum.count);
  proto.set_reporting_unit_count(value.reporting_units);
  proto.set_revision(value.revision);
  const int64_t micros = absl::ToUnixMicros(now);
  proto.mutable_compute_time()->set_seconds(micros / 1'000'000);
  proto.mutable_compute_time()->set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1'000));
  return proto;
}

ValueSum SumFromStored(const Indicator& indicator, const pb::Value& value) {
  ValueSum sum;
  sum.count = value.observation_count();
  if (sum.count == 0) return sum;
  const Decimal numerator = StoredDecimal(value.numerator());
  const bool by_case = indicator.aggregation == Aggregation::kMaximum;
  (by_case ? sum.maximum : sum.numerator) = numerator;
  sum.denominator = StoredDecimal(value.denominator());
  return sum;
}

pb::Judgement ToProto(const Target& target, const pb::Value& value, const Judgement& judgement) {
  pb::Judgement proto;
  *proto.mutable_target() = ToProto(target);
  *proto.mutable_value() = value;
  proto.set_verdict(ToProto(judgement.verdict));
  proto.set_reason_vi(judgement.reason.vi);
  proto.set_reason_en(judgement.reason.en);
  return proto;
}

}  // namespace dondoc::kpi
