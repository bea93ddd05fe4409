#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dondoc::bus {

// JetStream's word on one published message, read from its JSON: the sequence it got in the stream
// (a repetition gets that of the original). INVALID_ARGUMENT when the message is too large ever to
// be stored; another error when it was not stored now.
absl::StatusOr<int64_t> ReadPublishAnswer(absl::string_view json);

}  // namespace dondoc::bus
