#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dondoc::cli {

// Protobuf JSON as its specification has it: lowerCamelCase names, enums by name, int64 as strings.
// Fields that hold their default are printed, so that a script need not know the defaults.
absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message);

// The same on one line, for streams.
absl::StatusOr<std::string> ToJsonLine(const google::protobuf::Message& message);

// A refusal for machines: {"error": {"code", "reason", "message", "details": {…}}}.
std::string RefusalToJson(const absl::Status& status);

}  // namespace dondoc::cli
