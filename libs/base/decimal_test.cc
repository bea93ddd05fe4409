#include "libs/base/decimal.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "libs/base/status_matchers.h"

namespace dondoc {
namespace {

using testing::IsOk;
using testing::Refuses;
using testing::StatusIs;

constexpr int64_t kUnitsMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kUnitsMin = std::numeric_limits<int64_t>::min();

Decimal D(absl::string_view text) { return Decimal::Parse(text).value(); }

TEST(ParseDecimal, ReadsPlainNotation) {
  struct Case {
    std::string text;
    int64_t units;
    std::string canonical;
  };
  const std::vector<Case> cases = {
      {"0", 0, "0"},
      {"86", 86'000'000, "86"},
      {"85.99", 85'990'000, "85.99"},
      {"-0.5", -500'000, "-0.5"},
      {"+1", 1'000'000, "1"},
      {"007.50", 7'500'000, "7.5"},
      {"-0", 0, "0"},
      {"-0.000000", 0, "0"},
      {"0.000001", 1, "0.000001"},
      {"-0.000001", -1, "-0.000001"},
      {"1000000000000", 1'000'000'000'000'000'000, "1000000000000"},
      {"-1000000000000.000000", -1'000'000'000'000'000'000, "-1000000000000"},
      {"999999999999.999999", 999'999'999'999'999'999, "999999999999.999999"},
      {"00000000000000000000000000000000001", 1'000'000, "1"},
  };
  for (const Case& c : cases) {
    const auto parsed = Decimal::Parse(c.text);
    ASSERT_THAT(parsed, IsOk()) << c.text;
    EXPECT_EQ(parsed->units(), c.units) << c.text;
    EXPECT_EQ(parsed->ToString(), c.canonical) << c.text;
  }
}

TEST(ParseDecimal, RefusesEverythingElse) {
  const std::vector<std::string> refused = {
      "",
      " ",
      "-",
      "+",
      ".",
      ".5",
      "5.",
      "--1",
      "+-1",
      "1-",
      " 1",
      "1 ",
      "1,5",
      "1.234,56",
      "1,234.56",
      "1.2.3",
      "1e3",
      "1E3",
      "0x10",
      "NaN",
      "nan",
      "Inf",
      "-inf",
      "1_000",
      "1.0000000",
      "86%",
      "tám mươi",
      "\uFF18\uFF16",
      "1\n",
      "1.5 000",
      "−1",
      std::string("1\0", 2),
      std::string("\0", 1),
      "1000000000001",
      "1000000000000.000001",
      "-1000000000000.000001",
      "99999999999999999999999999999999999999999999999999999999999999999999999999",
      "9223372036854775808",
      "18446744073709551617"};
  for (const std::string& text : refused) {
    EXPECT_THAT(Decimal::Parse(text), Refuses("DECIMAL_INVALID")) << text;
    EXPECT_THAT(Decimal::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(ParseDecimal, SaysWhatIsWrongAndQuotesOnlyWhatCanBeRead) {
  EXPECT_EQ(
      Decimal::Parse("1,5").status().message(),
      "Số \"1,5\" không hợp lệ: chỉ viết chữ số và một dấu chấm thập phân, ví dụ 85.99 (number "
      "\"1,5\" is not valid: write digits and one decimal point, such as 85.99)");
  EXPECT_EQ(DetailsOf(Decimal::Parse("1\xff\n").status()).at("value"), "\"1\\xff\\n\"");
  EXPECT_EQ(DetailsOf(Decimal::Parse(std::string(1'000'000, 'x')).status()).at("value"),
            "[1000000 byte]");
}

TEST(DecimalText, OfTheExtremesIsExact) {
  EXPECT_EQ(Decimal::OfUnits(kUnitsMax).ToString(), "9223372036854.775807");
  EXPECT_EQ(Decimal::OfUnits(kUnitsMin).ToString(), "-9223372036854.775808");
}

TEST(DecimalText, ReadsBackAsTheSameNumber) {
  // Steps of a prime visit every shape of fraction.
  for (int64_t units = -3'000'000; units <= 3'000'000; units += 9'973) {
    const Decimal number = Decimal::OfUnits(units);
    EXPECT_EQ(D(number.ToString()), number) << units;
  }
}

TEST(Decimals, AreOrderedAsNumbers) {
  EXPECT_LT(D("-1"), D("-0.999999"));
  EXPECT_LT(D("85.99"), D("86"));
  EXPECT_EQ(D("86.0"), Decimal::OfWhole(86));
  EXPECT_TRUE(D("-0").IsZero());
}

TEST(AddDecimals, GivesTheExactSumOrRefuses) {
  EXPECT_EQ(Decimal::Add(D("0.1"), D("0.2")).value(), D("0.3"));
  EXPECT_EQ(Decimal::Add(Decimal::OfUnits(kUnitsMax), Decimal::OfUnits(kUnitsMin))->units(), -1);
  EXPECT_THAT(Decimal::Add(Decimal::OfUnits(kUnitsMax), Decimal::OfUnits(1)),
              Refuses("DECIMAL_OVERFLOW"));
  EXPECT_THAT(Decimal::Add(Decimal::OfUnits(kUnitsMin), Decimal::OfUnits(-1)),
              StatusIs(absl::StatusCode::kOutOfRange));
}

// The figures of the plan at the edge of their targets.
TEST(CompareRatio, JudgesTheTargetsOfThePlanBeforeRounding) {
  struct Case {
    std::string numerator;
    std::string denominator;
    int64_t factor;
    std::string bound;
    std::strong_ordering verdict;
  };
  constexpr auto kLess = std::strong_ordering::less;
  constexpr auto kEqual = std::strong_ordering::equal;
  constexpr auto kGreater = std::strong_ordering::greater;
  const std::vector<Case> cases = {
      {"85.99", "1", 1, "86", kLess},        // I.2.d fails
      {"86", "1", 1, "86", kEqual},          // I.2.d passes
      {"8599", "10000", 100, "86", kLess},   // the same as a share
      {"85", "100", 100, "85", kEqual},      // task 14 passes
      {"855", "1000", 100, "86", kLess},     // 85.5 % fails one
      {"855", "1000", 100, "85", kGreater},  // and passes the other
      {"95", "100", 100, "95", kEqual},      // task 15 asks for more than 95 %
      {"9501", "10000", 100, "95", kGreater},
      {"25", "1", 1, "25", kEqual},       // task 9 passes
      {"25.01", "1", 1, "25", kGreater},  // task 9 fails
      {"45", "100", 100, "45", kEqual},   // task 13 passes
      {"3", "10", 100, "30", kEqual},     // 3 of 10 units inspected
      {"3", "11", 100, "30", kLess},      // 27.27 %
      {"4", "11", 100, "30", kGreater},
      {"3", "9", 100, "30", kGreater},
      {"2999", "10000", 100, "30", kLess},  // 29.99 % prints as 30 %
      {"1", "10", 100, "10", kEqual},       // I.5 passes
      {"1", "3", 100, "33.333333", kGreater},
      {"1", "3", 100, "33.333334", kLess},
      {"0", "7", 100, "0", kEqual},
      {"-1", "3", 100, "-33.333333", kLess},
      {"-1", "3", 100, "-33.333334", kGreater},
      {"-1", "2", 100, "-50", kEqual},
      {"1", "0.000001", 100, "100000000", kEqual},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(CompareRatio(D(c.numerator), D(c.denominator), c.factor, D(c.bound)), c.verdict)
        << c.numerator << " / " << c.denominator << " * " << c.factor << " against " << c.bound;
  }
}

TEST(CompareRatio, IsExactWhereTheProductNeedsMoreThan128Bits) {
  const Decimal big = Decimal::OfUnits(kUnitsMax);
  // big / big is 1, so the factor is what meets the bound.
  EXPECT_EQ(CompareRatio(big, big, 9'223'372'036'854, Decimal::OfWhole(9'223'372'036'854)),
            std::strong_ordering::equal);
  EXPECT_EQ(CompareRatio(big, big, 9'223'372'036'854, big), std::strong_ordering::less);
  EXPECT_EQ(CompareRatio(big, Decimal::OfUnits(1), kUnitsMax, big), std::strong_ordering::greater);
  EXPECT_EQ(CompareRatio(Decimal::OfUnits(kUnitsMin), Decimal::OfUnits(1), kUnitsMax,
                         Decimal::OfUnits(kUnitsMin)),
            std::strong_ordering::less);
}

TEST(CompareRatio, AgreesWithMultiplyingOut) {
  for (int64_t n = -40; n <= 40; ++n) {
    for (int64_t d = 1; d <= 40; ++d) {
      for (const int64_t bound : {-30, -1, 0, 30, 86, 100}) {
        const absl::int128 left = absl::int128(n) * 100;
        const absl::int128 right = absl::int128(bound) * d;
        const auto expected = left < right    ? std::strong_ordering::less
                              : left == right ? std::strong_ordering::equal
                                              : std::strong_ordering::greater;
        EXPECT_EQ(
            CompareRatio(Decimal::OfWhole(n), Decimal::OfWhole(d), 100, Decimal::OfWhole(bound)),
            expected)
            << n << "/" << d << " against " << bound;
      }
    }
  }
}

TEST(CompareRatioDeathTest, EndsTheProgramWithoutADenominator) {
  EXPECT_DEATH(CompareRatio(D("1"), D("0"), 100, D("30")), "");
}

TEST(RoundedRatio, RoundsHalfAwayFromZero) {
  struct Case {
    std::string numerator;
    std::string denominator;
    int64_t factor;
    int decimals;
    std::string shown;
  };
  const std::vector<Case> cases = {
      {"3", "11", 100, 2, "27.27"},
      {"2999", "10000", 100, 0, "30"},
      {"2999", "10000", 100, 2, "29.99"},
      {"1", "8", 1, 2, "0.13"},
      {"-1", "8", 1, 2, "-0.13"},
      {"1", "2", 1, 0, "1"},
      {"-1", "2", 1, 0, "-1"},
      {"5", "2", 1, 0, "3"},
      {"3", "2", 1, 0, "2"},
      {"124", "1000", 1, 2, "0.12"},
      {"1", "3", 100, 6, "33.333333"},
      {"2", "3", 100, 6, "66.666667"},
      {"999", "1000", 100, 0, "100"},
      {"0", "5", 100, 2, "0"},
      {"86", "1", 1, 6, "86"},
      {"1000000000000", "0.000001", 1000, 2, "9223372036854.775807"},
      {"-1000000000000", "0.000001", 1000, 2, "-9223372036854.775807"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(RoundedRatio(D(c.numerator), D(c.denominator), c.factor, c.decimals).ToString(),
              c.shown)
        << c.numerator << " / " << c.denominator << " * " << c.factor;
  }
}

}  // namespace
}  // namespace dondoc
