#pragma once

#include <cstdint>
#include <string>

#include "absl/time/civil_time.h"
#include "dondoc/inspection/v1/programme.pb.h"
#include "services/inspection/domain/coverage.h"
#include "services/inspection/domain/inspection.h"
#include "services/inspection/domain/programme.h"

// The border between the domain and this service's protobuf messages. One message is at once the
// answer of the API, the payload of the event and the body at rest.
//
// FromStored() reads what ToProto() wrote; a body that cannot be read is damage, and throws.
namespace dondoc::inspection {

namespace pb = ::dondoc::inspection::v1;

// The etag of a version: "\"3\""; empty for version 0, which nobody can refer to.
std::string EtagOf(int64_t version);

pb::Programme ToProto(const Programme& programme);
Programme FromStored(const pb::Programme& programme, int64_t version);

pb::Inspection ToProto(const Inspection& inspection);
Inspection FromStored(const pb::Inspection& inspection, int64_t version);

pb::Coverage ToProto(const Coverage& coverage);

// Fills in what follows from today's date, when an answer leaves.
void AddDerived(pb::Inspection& inspection, absl::CivilDay today);

// What of a coverage changes only when something happens, and not by the passing of days alone.
pb::Coverage WithoutWhatDaysChange(pb::Coverage coverage);

}  // namespace dondoc::inspection
