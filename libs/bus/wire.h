#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "libs/bus/bus.h"
#include "libs/bus/connection.h"

// An event as a NATS message: CloudEvents 1.0 in binary mode, attributes as headers "ce-…", what
// CloudEvents has no word for as "dondoc-…".
namespace dondoc::bus {

inline constexpr char kSequenceHeader[] = "dondoc-sequence";
inline constexpr char kIdHeader[] = "ce-id";

// The message that publishes `event` of `source` and asks for an answer to `reply_to`. JetStream
// recognises a repetition by `message_id`.
absl::StatusOr<Message> ToMessage(const store::Event& event, const std::string& source,
                                  const std::string& message_id, const std::string& reply_to);

// The event in `message`. INVALID_ARGUMENT when an attribute is missing or does not fit the
// subject, or when the payload is not the one that was sent.
absl::StatusOr<Event> FromMessage(natsMsg* message);

// What can be said of a message that FromMessage() refuses: version 0, no name, and an id that is
// the same each time the message comes.
Event FromUnreadable(natsMsg* message);

// The value of a header, or "".
std::string Header(natsMsg* message, const char* name);

// The service in "dondoc.<service>.<noun>.<verb>", or "".
absl::string_view SourceOf(absl::string_view subject);

// Where in the stream a delivered message stands, from the subject that acknowledges it; 0 when
// `reply` is no such subject.
int64_t StreamSequenceOf(absl::string_view reply);

// CloudEvents' rule for header values: everything but printable ASCII is percent-encoded.
std::string EncodeHeader(absl::string_view text);
std::string DecodeHeader(absl::string_view text);

}  // namespace dondoc::bus
