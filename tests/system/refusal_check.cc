#include "tests/system/refusal_check.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "libs/base/refusal.h"

namespace dondoc::testing {
namespace {

bool HasVietnameseLetters(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; });
}

void ExpectSentence(const Refusal& refusal) {
  const std::string sentence(refusal.got.message());
  const size_t english = sentence.rfind(" (");
  ASSERT_NE(english, std::string::npos) << refusal.what << ": " << sentence;
  EXPECT_TRUE(HasVietnameseLetters(sentence.substr(0, english)))
      << refusal.what << ": " << sentence;
  EXPECT_EQ(sentence.back(), ')') << refusal.what << ": " << sentence;
  for (const char* inside : {"sqlite", "SQL", ".cc:", "exception", "std::"}) {
    EXPECT_FALSE(absl::StrContains(sentence, inside)) << refusal.what << ": " << sentence;
  }
}

}  // namespace

void ExpectRefused(const std::vector<Refusal>& refusals) {
  for (const Refusal& refusal : refusals) {
    EXPECT_EQ(refusal.got.code(), refusal.code) << refusal.what << ": " << refusal.got;
    EXPECT_EQ(ReasonOf(refusal.got), refusal.reason) << refusal.what << ": " << refusal.got;
    if (!refusal.reason.empty() && !refusal.got.ok()) ExpectSentence(refusal);
  }
}

}  // namespace dondoc::testing
