#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dondoc/inspection/v1/inspection_service.pb.h"
#include "services/inspection/domain/inspection.h"
#include "services/inspection/domain/programme.h"
#include "services/inspection/domain/regulation.h"

// What callers sent, checked field by field and cleaned; what depends on the state of the service
// is left to the domain. All functions refuse with INVALID_ARGUMENT, naming the field.
namespace dondoc::inspection {

namespace pb = ::dondoc::inspection::v1;

// `share` is what holds when the request names none.
absl::StatusOr<ProgrammeWish> FromRequest(const pb::ProposeProgrammeRequest& request,
                                          const Share& share, const Regulation& regulation);

// The planned inspection of an AddInspectionRequest, without its number.
absl::StatusOr<Inspection> FromRequest(const pb::AddInspectionRequest& request);

absl::StatusOr<std::vector<Finding>> FromRequest(const pb::CompleteInspectionRequest& request);

// The finding, its document and its verifier; today is the caller's to add.
absl::StatusOr<Remedy> FromRequest(const pb::RemedyFindingRequest& request);

// A number of a document or another line of 1 to 255 characters.
absl::StatusOr<std::string> RequiredLine(absl::string_view field, absl::string_view text);
// A paragraph that says why, 1 to 1,000 characters.
absl::StatusOr<std::string> RequiredReason(absl::string_view field, absl::string_view text);

absl::Status CheckYear(int64_t year);

}  // namespace dondoc::inspection
