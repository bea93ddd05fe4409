#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notification/domain/digest.h"

namespace dondoc::notification {

// One message to one recipient.
struct Mail {
  std::string from;
  std::string to;
  // Id of the delivery: becomes the Message-ID, so that a repetition is recognised.
  std::string id;
  absl::Time date;
  DigestText text;
};

// The message as it goes to the server (RFC 5322): the subject in RFC 2047 encoded words, the body
// UTF-8 in base64, lines ending in CR LF. The same mail always gives the same bytes.
// INVALID_ARGUMENT when an address or the id has anything but printable ASCII in it, brackets, or
// more than 254 bytes: nobody writes headers of his own through an address.
absl::StatusOr<std::string> WriteMail(const Mail& mail);

// `text` for a header, in encoded words of at most 75 characters that are cut between letters.
// Short plain ASCII stays as it is.
std::string EncodeHeader(absl::string_view text);

}  // namespace dondoc::notification
