#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/system/city.h"

namespace dondoc::testing {

// A mail as the SMTP server of a City received it, decoded to UTF-8.
struct ReceivedMail {
  std::string to;
  std::string id;
  std::string subject;
  std::string body;
};

// Reads a mail whose headers may have encoded words and whose body is base64 (RFC 2045, 2047).
ReceivedMail ReadMail(absl::string_view mail);

// All that have arrived so far, the oldest first.
std::vector<ReceivedMail> MailsIn(const City& city);

}  // namespace dondoc::testing
