#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "dondoc/kpi/v1/indicator.pb.h"
#include "services/kpi/domain/indicator.h"
#include "services/kpi/domain/judge.h"
#include "services/kpi/domain/target.h"
#include "services/kpi/domain/value.h"

// The border between the domain and this service's protobuf messages. One message is at once the
// answer of the API, the payload of the event and the body at rest.
namespace dondoc::kpi {

namespace pb = ::dondoc::kpi::v1;

// The etag of a version: "\"3\"".
std::string EtagOf(int64_t version);

pb::Indicator ToProto(const Indicator& indicator);
// What a caller sent: names and enums are checked, the rest by the domain.
absl::StatusOr<Indicator> FromRequest(const pb::Indicator& indicator);
// What this service wrote itself.
Indicator FromStored(const pb::Indicator& indicator);

pb::Target ToProto(const Target& target);
absl::StatusOr<Target> FromRequest(const pb::Target& target);
Target FromStored(const pb::Target& target);

pb::Verdict ToProto(Verdict verdict);

// Names a value: for one indicator, one unit with all below it ("" for the whole register), one
// period.
struct ValueName {
  std::string indicator;  // indicators/{id}
  std::string unit;       // units/{id} or ""
  std::string period;     // "2023-Q1"

  friend bool operator==(const ValueName&, const ValueName&) = default;
};

// A value as it was computed at one moment.
struct MeasuredValue {
  ValueSum sum;
  int32_t reporting_units = 0;
  int64_t revision = 0;
};

pb::Value ToProto(const ValueName& name, const Indicator& indicator, const MeasuredValue& value,
                  absl::Time now);

// The sum behind a value that ToProto() made.
ValueSum SumFromStored(const Indicator& indicator, const pb::Value& value);

pb::Judgement ToProto(const Target& target, const pb::Value& value, const Judgement& judgement);

}  // namespace dondoc::kpi
