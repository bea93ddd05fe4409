// E-mail: services/notification/delivery/mail.h. Two addresses, an id, a subject and a body.
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "services/notification/delivery/mail.h"
#include "services/notification/domain/contact.h"
#include "tests/fuzz/fuzz.h"

using namespace dondoc;

namespace {

// Nobody but us writes a header, and no server has to guess where a line ends.
void CheckMessage(const std::string& message) {
  for (size_t i = 0; i < message.size(); ++i) {
    const auto byte = static_cast<unsigned char>(message[i]);
    fuzz::Expect(byte < 0x80 && byte != 0, "a message is ASCII");
    if (message[i] == '\r') fuzz::Expect(message[i + 1] == '\n', "CR stands before LF only");
    if (message[i] == '\n')
      fuzz::Expect(i > 0 && message[i - 1] == '\r', "LF stands after CR only");
  }
  const std::vector<std::string> parts = absl::StrSplit(message, absl::MaxSplits("\r\n\r\n", 1));
  fuzz::Expect(parts.size() == 2, "a blank line ends the headers");
  int froms = 0;
  int recipients = 0;
  for (const absl::string_view line : absl::StrSplit(parts[0], "\r\n")) {
    fuzz::Expect(line.size() <= 998, "no line is longer than a server takes");
    froms += absl::StartsWithIgnoreCase(line, "from:") ? 1 : 0;
    recipients += absl::StartsWithIgnoreCase(line, "to:") ? 1 : 0;
    fuzz::Expect(!absl::StartsWithIgnoreCase(line, "bcc:"), "there is no hidden recipient");
  }
  fuzz::Expect(froms == 1 && recipients == 1, "there is one sender and one recipient");
}

}  // namespace

int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const std::vector<std::string> pieces = fuzz::Pieces(fuzz::BytesOf(data, size), 5);
  for (int i : {0, 1}) {
    const absl::Status address = notification::CheckEmail(pieces[static_cast<size_t>(i)]);
    fuzz::ExpectGoodRefusal(address);
  }
  const auto message = notification::WriteMail({.from = pieces[0],
                                                .to = pieces[1],
                                                .id = pieces[2],
                                                .date = absl::FromUnixSeconds(1'700'000'000),
                                                .text = {.subject = pieces[3], .body = pieces[4]}});
  if (message.ok()) CheckMessage(*message);

  const std::string header = notification::EncodeHeader(pieces[3]);
  for (const absl::string_view word : absl::StrSplit(header, absl::ByAnyChar(" \r\n"))) {
    if (absl::StartsWith(word, "=?")) {
      fuzz::Expect(word.size() <= 75, "an encoded word has at most 75 characters");
    }
  }
  return 0;
}
