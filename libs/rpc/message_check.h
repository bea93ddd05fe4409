#pragma once

#include <google/protobuf/descriptor.h>

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dondoc::rpc {

// What a message may hold that this server does not know: enough for a client of a later version,
// too little to fill a memory with.
inline constexpr size_t kUnknownBytesMax = 16 * 1024;

// Why `bytes` are no good message of this type, in words for whoever sent them. Protobuf only says
// that they are not, so this is asked when it has said so, and for messages that are large enough
// to break the rule about unknown fields.
//
// INVALID_ARGUMENT with reason
//   NOT_UTF8                 a text; details "field" ("unit.display_name") and "byte_offset" in it
//   MESSAGE_TOO_DEEP         messages within messages, more than protobuf reads
//   MESSAGE_UNREADABLE       cut off, or no protobuf; detail "byte_offset" in the message
//   UNKNOWN_FIELDS_TOO_LONG  more than kUnknownBytesMax bytes of fields nobody knows here
absl::Status CheckMessage(const google::protobuf::Descriptor& type, absl::string_view bytes);

// The refusal when nothing better is known.
absl::Status MessageUnreadable(size_t byte_offset);

}  // namespace dondoc::rpc
