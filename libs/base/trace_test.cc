#include "libs/base/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace dondoc {
namespace {

using ::testing::MatchesRegex;

// The example of the standard.
constexpr char kReceived[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr char kTraceId[] = "4bf92f3577b34da6a3ce929d0e0e4736";

TEST(NewTrace, HasIdsOfItsOwnAndIsFlaggedAsRecorded) {
  EXPECT_THAT(NewTrace(), MatchesRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-01"));
  EXPECT_NE(TraceIdOf(NewTrace()), TraceIdOf(NewTrace()));
}

TEST(ContinueTrace, KeepsTheTraceAndTheFlagUnderASpanOfOurOwn) {
  const std::string ours = ContinueTrace(kReceived);
  EXPECT_EQ(TraceIdOf(ours), kTraceId);
  EXPECT_EQ(ours.substr(ours.size() - 3), "-01");
  EXPECT_NE(ours, kReceived);
  EXPECT_NE(ours, ContinueTrace(kReceived));
}

TEST(ContinueTrace, PassesOnOnlyTheFlagThatHasAMeaning) {
  struct Row {
    const char* flags;
    const char* passed_on;
  };
  for (const Row& row : {Row{"00", "00"}, {"01", "01"}, {"02", "00"}, {"0f", "01"}, {"fe", "00"}}) {
    const std::string received = std::string(kReceived, sizeof kReceived - 3) + row.flags;
    const std::string ours = ContinueTrace(received);
    EXPECT_EQ(TraceIdOf(ours), kTraceId) << row.flags;
    EXPECT_EQ(ours.substr(ours.size() - 2), row.passed_on) << row.flags;
  }
}

TEST(ContinueTrace, ReadsALaterVersionAsFarAsItKnowsAndAnswersInItsOwn) {
  for (const char* later : {"01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-next"}) {
    const std::string ours = ContinueTrace(later);
    EXPECT_EQ(TraceIdOf(ours), kTraceId) << later;
    EXPECT_EQ(ours.substr(0, 3), "00-") << later;
  }
}

TEST(ContinueTrace, BeginsATraceWhereNoneCame) {
  const std::string nul_inside("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0\0", 55);
  for (const std::string& received : {
           std::string(),
           std::string("x"),
           std::string(55, '-'),
           std::string(10'000, '0'),
           std::string("00-00000000000000000000000000000000-00f067aa0ba902b7-01"),
           std::string("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"),
           std::string("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
           std::string("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"),
           std::string("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"),
           std::string("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more"),
           std::string("00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01"),
           std::string("00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01"),
           std::string(" 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
           nul_inside,
       }) {
    EXPECT_EQ(TraceIdOf(received), "") << received;
    const std::string ours = ContinueTrace(received);
    EXPECT_THAT(ours, MatchesRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-01")) << received;
    EXPECT_NE(TraceIdOf(ours), kTraceId) << received;
  }
}

TEST(TraceScope, HoldsForItsThreadAndNests) {
  EXPECT_EQ(CurrentTrace(), "");
  {
    const TraceScope outer(kReceived);
    EXPECT_EQ(CurrentTrace(), kReceived);
    std::thread([] { EXPECT_EQ(CurrentTrace(), ""); }).join();
    {
      const TraceScope inner("");
      EXPECT_EQ(CurrentTrace(), "");
    }
    EXPECT_EQ(CurrentTrace(), kReceived);
  }
  EXPECT_EQ(CurrentTrace(), "");
}

}  // namespace
}  // namespace dondoc
