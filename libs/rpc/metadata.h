#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace dondoc::rpc {

// Text as a value of gRPC metadata, which may hold printable ASCII only (a client that puts
// anything else there is aborted by its library): every other byte, and "%", is written as %XX.
// Plain names stay as they are.
std::string ToMetadata(absl::string_view utf8);

// The other way. A value that is not of this form, or does not decode to one line of clean text, is
// answered as it came.
std::string FromMetadata(absl::string_view value);

}  // namespace dondoc::rpc
