#include "services/notification/delivery/mail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "libs/base/status_matchers.h"
#include "libs/base/text.h"

namespace dondoc::notification {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::StatusIs;

Mail MailTo(const std::string& to) {
  return {.from = "dondoc@skhcn.example.vn",
          .to = to,
          .id = "0190-7",
          .date = absl::FromCivil(absl::CivilSecond(2023, 3, 24, 0, 0, 0), absl::UTCTimeZone()),
          .text = {.subject = "[Đôn đốc] 3 việc cần chú ý",
                   .body = "Kính gửi Văn phòng Sở,\n\n3 việc.\n"}};
}

TEST(EncodeHeader, LeavesPlainTextAlone) { EXPECT_EQ(EncodeHeader("Reminder 7"), "Reminder 7"); }

TEST(EncodeHeader, CutsLongTextIntoWordsOfWholeLetters) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "đôn đốc ỡ";
  std::string decoded;
  const std::vector<std::string> words = absl::StrSplit(EncodeHeader(text), "\r\n ");
  EXPECT_GT(words.size(), 5u);
  for (const std::string& word : words) {
    EXPECT_LE(word.size(), 75u);
    ASSERT_THAT(word, ::testing::StartsWith("=?UTF-8?B?"));
    ASSERT_THAT(word, ::testing::EndsWith("?="));
    std::string bytes;
    ASSERT_TRUE(absl::Base64Unescape(word.substr(10, word.size() - 12), &bytes));
    EXPECT_THAT(CleanText(bytes), IsOk()) << "a letter is cut in two";
    decoded += bytes;
  }
  EXPECT_EQ(decoded, text);
}

TEST(WriteMail, HasTheHeadersThatMailServersWant) {
  const auto mail = WriteMail(MailTo("vp@skhcn.example.vn"));
  ASSERT_THAT(mail, IsOk());
  const std::vector<std::string> parts = absl::StrSplit(*mail, absl::MaxSplits("\r\n\r\n", 1));
  EXPECT_EQ(parts[0],
            "From: =?UTF-8?B?xJDDtG4gxJHhu5Fj?= <dondoc@skhcn.example.vn>\r\n"
            "To: <vp@skhcn.example.vn>\r\n"
            "Subject: =?UTF-8?B?W8SQw7RuIMSR4buRY10gMyB2aeG7h2MgY+G6p24gY2jDuiDDvQ==?=\r\n"
            "Date: Fri, 24 Mar 2023 07:00:00 +0700\r\n"
            "Message-ID: <0190-7@skhcn.example.vn>\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: base64");
  std::string body;
  ASSERT_TRUE(absl::Base64Unescape(absl::StrReplaceAll(parts[1], {{"\r\n", ""}}), &body));
  EXPECT_EQ(body, "Kính gửi Văn phòng Sở,\r\n\r\n3 việc.\r\n");
  for (const absl::string_view line : absl::StrSplit(parts[1], "\r\n")) EXPECT_LE(line.size(), 76u);
}

TEST(WriteMail, RefusesAnAddressThatWritesHeadersOfItsOwn) {
  for (const char* to : {"a@x.vn\r\nBcc: b@x.vn", "a@x.vn\nX: y", "a@x.vn\r", "a\tb@x.vn",
                         "a@x.vn>", "a b@x.vn", "đ@x.vn"}) {
    EXPECT_THAT(WriteMail(MailTo(to)), StatusIs(absl::StatusCode::kInvalidArgument)) << to;
  }
  Mail mail = MailTo("a@x.vn");
  mail.from = "a@x.vn\r\nBcc: b@x.vn";
  EXPECT_THAT(WriteMail(mail), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(EncodeHeader, LeavesNothingThatAReaderTakesForAnEncodedWordOfOurs) {
  EXPECT_EQ(EncodeHeader("3 tasks"), "3 tasks");
  EXPECT_EQ(EncodeHeader("=?UTF-8?B?eA==?="), "=?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?=");
  EXPECT_THAT(EncodeHeader(std::string(100, 'a')), ::testing::StartsWith("=?UTF-8?B?"));
}

TEST(WriteMail, EncodesANewlineInASubjectAway) {
  Mail mail = MailTo("a@x.vn");
  mail.text.subject = "a\r\nBcc: b@x.vn";
  const auto written = WriteMail(mail);
  ASSERT_THAT(written, IsOk());
  EXPECT_THAT(*written, ::testing::Not(::testing::HasSubstr("Bcc")));
}

}  // namespace
}  // namespace dondoc::notification
