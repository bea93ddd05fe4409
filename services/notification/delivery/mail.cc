#include "services/notification/delivery/mail.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "libs/base/clock.h"

namespace dondoc::notification {
namespace {

// "=?UTF-8?B?" + base64 + "?=" has at most 75 characters when 45 bytes are encoded.
constexpr size_t kWordBytes = 45;
// With the name of the header before it, a line of at most 78 characters.
constexpr size_t kPlainBytes = 66;
// As much as RFC 5321 lets an address have.
constexpr size_t kAddressBytesMax = 254;
// Base64 lines of at most 76 characters.
constexpr size_t kLineBytes = 57;

constexpr char kSenderName[] = "Đôn đốc";

// Stands between "<" and ">" as it is, so it must be able to end neither them nor the line.
bool IsAddress(absl::string_view text) {
  return text.size() <= kAddressBytesMax && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isgraph(static_cast<unsigned char>(c)) && c != '<' && c != '>';
         });
}

// Stays on one line, and is not taken for an encoded word by whoever reads it.
bool IsPlain(absl::string_view text) {
  return text.size() <= kPlainBytes && !absl::StrContains(text, "=?") &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isprint(static_cast<unsigned char>(c)); });
}

bool ContinuesLetter(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::string EncodeBody(absl::string_view body) {
  const std::string text = absl::StrReplaceAll(body, {{"\n", "\r\n"}});
  std::string encoded;
  for (size_t i = 0; i < text.size(); i += kLineBytes) {
    absl::StrAppend(&encoded, absl::Base64Escape(text.substr(i, kLineBytes)), "\r\n");
  }
  return encoded;
}

}  // namespace

std::string EncodeHeader(absl::string_view text) {
  if (IsPlain(text)) return std::string(text);
  std::vector<std::string> words;
  while (!text.empty()) {
    size_t end = std::min(kWordBytes, text.size());
    while (end > 1 && end < text.size() && ContinuesLetter(text[end])) --end;
    words.push_back(absl::StrCat("=?UTF-8?B?", absl::Base64Escape(text.substr(0, end)), "?="));
    text.remove_prefix(end);
  }
  return absl::StrJoin(words, "\r\n ");
}

absl::StatusOr<std::string> WriteMail(const Mail& mail) {
  if (!IsAddress(mail.from) || !IsAddress(mail.to) || !IsAddress(mail.id)) {
    return absl::InvalidArgumentError("an address of a mail holds what no address may");
  }
  const std::string domain = mail.from.substr(mail.from.rfind('@') + 1);
  const std::string date = absl::FormatTime("%a, %d %b %Y %H:%M:%S %z", mail.date, VietnamTime());
  return absl::StrCat("From: ", EncodeHeader(kSenderName), " <", mail.from, ">\r\n",  //
                      "To: <", mail.to, ">\r\n",                                      //
                      "Subject: ", EncodeHeader(mail.text.subject), "\r\n",           //
                      "Date: ", date, "\r\n",                                         //
                      "Message-ID: <", mail.id, "@", domain, ">\r\n",                 //
                      "Auto-Submitted: auto-generated\r\n",                           //
                      "MIME-Version: 1.0\r\n",                                        //
                      "Content-Type: text/plain; charset=utf-8\r\n",                  //
                      "Content-Transfer-Encoding: base64\r\n\r\n",                    //
                      EncodeBody(mail.text.body));
}

}  // namespace dondoc::notification
