#include "libs/log/line.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "libs/base/clock.h"

namespace dondoc::log {
namespace {

const absl::Time kNow = StartOf(absl::CivilDay(2023, 4, 30)) + absl::Milliseconds(1'234);

LineHead Head() { return {.now = kNow, .service = "registry", .event = "relay.published"}; }

// A line with one field, without its head.
std::string TextOf(const Value& value) {
  const std::string head = FormatLine(Format::kText, Head(), {});
  return FormatLine(Format::kText, Head(), {{"k", value}}).substr(head.size() + 1);
}

std::string JsonOf(const Value& value) {
  const std::string head = FormatLine(Format::kJson, Head(), {});
  return FormatLine(Format::kJson, Head(), {{"k", value}}).substr(head.size() - 1);
}

TEST(ATextLine, StartsWithTimeLevelServiceAndEvent) {
  EXPECT_EQ(FormatLine(Format::kText, Head(), {{"count", 5}, {"seq", int64_t{10}}}),
            "2023-04-30T00:00:01.234+07:00 info registry relay.published count=5 seq=10");
}

TEST(AJsonLine, IsOneFlatObject) {
  EXPECT_EQ(FormatLine(Format::kJson, Head(), {{"count", 5}, {"unit", "Văn phòng"}}),
            R"({"time":"2023-04-30T00:00:01.234+07:00","level":"info","service":"registry",)"
            R"("event":"relay.published","count":5,"unit":"Văn phòng"})");
}

TEST(ALine, ShowsTheSimulatedTimeOfASimulatedClock) {
  LineHead head = Head();
  head.clock_label = "simulated x1000";
  head.simulated_now = StartOf(absl::CivilDay(2024, 1, 1));
  EXPECT_EQ(FormatLine(Format::kText, head, {{"n", 1}}),
            "2023-04-30T00:00:01.234+07:00 info registry relay.published "
            "clock=\"simulated x1000\" simulated_time=2024-01-01T00:00:00.000+07:00 n=1");
  EXPECT_TRUE(absl::StrContains(FormatLine(Format::kJson, head, {}),
                                R"("clock":"simulated x1000","simulated_time":"2024-01-01T)"));
}

TEST(ALine, ShowsWhichTraceItBelongsTo) {
  LineHead head = Head();
  head.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
  EXPECT_EQ(FormatLine(Format::kText, head, {{"n", 1}}),
            "2023-04-30T00:00:01.234+07:00 info registry relay.published "
            "trace_id=4bf92f3577b34da6a3ce929d0e0e4736 n=1");
  EXPECT_TRUE(absl::StrContains(FormatLine(Format::kJson, head, {}),
                                R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"})"));
}

TEST(AValue, IsShownByItsType) {
  struct Case {
    Value value;
    std::string text;
    std::string json;
  };
  const std::vector<Case> cases = {
      {true, "k=true", R"(,"k":true})"},
      {-1, "k=-1", R"(,"k":-1})"},
      {std::numeric_limits<uint64_t>::max(), "k=18446744073709551615",
       R"(,"k":18446744073709551615})"},
      {std::numeric_limits<int64_t>::min(), "k=-9223372036854775808",
       R"(,"k":-9223372036854775808})"},
      {0.5, "k=0.5", R"(,"k":0.5})"},
      {std::nan(""), "k=nan", R"(,"k":"nan"})"},
      {absl::Milliseconds(1500), "k=1.5s", R"(,"k":"1.5s"})"},
      {absl::CivilDay(2023, 4, 30), "k=2023-04-30", R"(,"k":"2023-04-30"})"},
      {kNow, "k=2023-04-30T00:00:01.234+07:00", R"(,"k":"2023-04-30T00:00:01.234+07:00"})"},
      {absl::NotFoundError("no unit"), "k=\"NOT_FOUND: no unit\"", R"(,"k":"NOT_FOUND: no unit"})"},
      {"plans/cchc-2023", "k=plans/cchc-2023", R"(,"k":"plans/cchc-2023"})"},
      {"", "k=\"\"", R"(,"k":""})"},
      {"12", "k=12", R"(,"k":"12"})"},
      {"a b", "k=\"a b\"", R"(,"k":"a b"})"},
      {"Đôn đốc", "k=\"Đôn đốc\"", R"(,"k":"Đôn đốc"})"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(TextOf(c.value), c.text);
    EXPECT_EQ(JsonOf(c.value), c.json);
  }
}

// Each of these would end the line, forge a field or steer a terminal if it were written as it is.
TEST(AValue, CannotForgeALineOrAField) {
  struct Case {
    std::string value;
    std::string quoted;
  };
  const std::vector<Case> cases = {
      {"a\nb", R"("a\nb")"},
      {"a\r\nb\t", R"("a\r\nb\t")"},
      {"x\" admin=\"true", R"("x\" admin=\"true")"},
      {"a\\", R"("a\\")"},
      {"a=b", R"("a=b")"},
      {"\x1B[2J", R"("\u001b[2J")"},
      {std::string("a\0b", 3), R"("a\u0000b")"},
      {"\x7F", R"("\u007f")"},
      {"\u0085\u009B", R"("\u0085\u009b")"},
      {"a\u202Eb\u200B", R"("a\u202eb\u200b")"},
      {"a\u2028b", R"("a\u2028b")"},
      {"\U000E0041", R"("\udb40\udc41")"},
      {"T\xEAt \xFF", "\"T\uFFFDt \uFFFD\""},
      {"${jndi:x} {} %n", R"("${jndi:x} {} %n")"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(TextOf(c.value), "k=" + c.quoted);
    EXPECT_EQ(JsonOf(c.value), ",\"k\":" + c.quoted + "}");
  }
}

TEST(AValue, IsCutWhenItIsLong) {
  const std::string line = TextOf(std::string(1'000'000, 'x'));
  EXPECT_LT(line.size(), 1'100u);
  EXPECT_TRUE(absl::StrContains(line, "… (1000000 bytes)\""));
  // A cut never splits a letter.
  EXPECT_FALSE(absl::StrContains(TextOf(std::string(3'000, 'x') + "ế"), "\uFFFD"));
  std::string letters;
  for (int i = 0; i < 1'000; ++i) letters += "ế";
  EXPECT_FALSE(absl::StrContains(JsonOf(letters), "\uFFFD"));
}

TEST(AnEventAndAKey, AreEscapedAsWell) {
  LineHead head = Head();
  head.event = "a\nb";
  EXPECT_EQ(FormatLine(Format::kText, head, {{"k\n", 1}}),
            "2023-04-30T00:00:01.234+07:00 info registry \"a\\nb\" \"k\\n\"=1");
}

}  // namespace
}  // namespace dondoc::log
