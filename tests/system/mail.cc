#include "tests/system/mail.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace dondoc::testing {
namespace {

// "=?UTF-8?B?…?=" words become what they stand for; the blanks between them are none.
std::string DecodeHeader(absl::string_view text) {
  std::string decoded;
  for (absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    std::string bytes;
    const bool encoded = absl::ConsumePrefix(&word, "=?UTF-8?B?") &&
                         absl::ConsumeSuffix(&word, "?=") && absl::Base64Unescape(word, &bytes);
    if (encoded) {
      decoded += bytes;
    } else {
      absl::StrAppend(&decoded, decoded.empty() ? "" : " ", word);
    }
  }
  return decoded;
}

}  // namespace

ReceivedMail ReadMail(absl::string_view mail) {
  // A header that goes on in the next line begins there with a blank.
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(mail, absl::MaxSplits("\r\n\r\n", 1));
  const std::string head = absl::StrReplaceAll(parts.first, {{"\r\n ", " "}});
  std::map<std::string, std::string> headers;
  for (const absl::string_view line : absl::StrSplit(head, "\r\n")) {
    headers.insert(absl::StrSplit(line, absl::MaxSplits(": ", 1)));
  }
  ReceivedMail received{.to = headers["X-Envelope-To"],
                        .id = headers["Message-ID"],
                        .subject = DecodeHeader(headers["Subject"]),
                        .body = {}};
  const std::string lines = absl::StrReplaceAll(parts.second, {{"\r\n", ""}});
  if (!absl::Base64Unescape(lines, &received.body)) received.body = parts.second;
  return received;
}

std::vector<ReceivedMail> MailsIn(const City& city) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(city.File("mails"))) {
    if (entry.path().extension() == ".eml") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<ReceivedMail> mails;
  for (const std::string& path : paths) mails.push_back(ReadMail(ContentsOf(path)));
  return mails;
}

}  // namespace dondoc::testing
