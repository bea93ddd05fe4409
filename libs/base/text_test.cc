#include "libs/base/text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/base/status_matchers.h"

namespace dondoc {
namespace {

using testing::IsOk;
using testing::Refuses;
using testing::StatusIs;

constexpr size_t kNameMax = 255;

TEST(CleanText, GivesOneSpellingToEachLetter) {
  struct Case {
    std::string bytes;
    std::string clean;
  };
  const std::vector<Case> cases = {
      {"", ""},
      {"Phòng Cảnh sát", "Phòng Cảnh sát"},
      {"Pho\u0300ng Ca\u0309nh sa\u0301t", "Phòng Cảnh sát"},  // decomposed
      {"a\u0323\u0302", "\u1EAD"},                             // ậ, marks in canonical order
      {"a\u0302\u0323", "\u1EAD"},                             // and in the other
      {"\u00E2\u0323", "\u1EAD"},                              // half composed
      {"u\u031B\u0323", "\u1EF1"},                             // ự
      {"\xEF\xBB\xBFTên", "Tên"},                              // byte-order mark
      {"dòng 1\r\ndòng 2\r\n", "dòng 1\ndòng 2\n"},
      {"cột\tcột", "cột\tcột"},
      {"hoà", "hoà"},  // stored as typed
      {"hòa", "hòa"},
      {"m² và 5 µm, 25 °C, ½", "m² và 5 µm, 25 °C, ½"},  // no compatibility folding
      {"Ⅴ", "Ⅴ"},
      {"'; DROP TABLE units; -- %n ${jndi:x} =cmd()",
       "'; DROP TABLE units; -- %n ${jndi:x} =cmd()"},
      {"✅ xong 科技", "✅ xong 科技"},
  };
  for (const Case& c : cases) {
    const auto clean = CleanText(c.bytes);
    ASSERT_THAT(clean, IsOk()) << c.bytes;
    EXPECT_EQ(*clean, c.clean);
    EXPECT_EQ(CleanText(*clean).value(), c.clean) << "cleaning twice changes nothing";
  }
}

TEST(CleanText, RefusesAndSaysAtWhichByte) {
  struct Case {
    std::string bytes;
    std::string reason;
    std::string byte_offset;
  };
  const std::vector<Case> cases = {
      // "Phòng Cảnh sát" in TCVN3, VISCII and windows-1258.
      {"Ph\xDFng C\xB6nh s\xB8t", "NOT_UTF8", "2"},
      {"Ph\xF2ng C\xE4nh s\xE1t", "NOT_UTF8", "2"},
      {"Pho\xCCng Ca\xD2nh sa\xECt", "NOT_UTF8", "3"},
      {"Đất \xFF", "NOT_UTF8", "7"},
      {"\xEF\xBB\xBFT\xEAn", "NOT_UTF8", "4"},  // counted from the first byte of the file
      {"\xC0\xAF", "NOT_UTF8", "0"},            // overlong
      {"a\xED\xA0\x80", "NOT_UTF8", "1"},       // a surrogate
      {"\xF4\x90\x80\x80", "NOT_UTF8", "0"},    // past U+10FFFF
      {"Ph\xC3", "NOT_UTF8", "2"},              // cut off
      {std::string("a\0b", 3), "CONTROL_CHARACTER", "1"},
      {"a\x1B[31m", "CONTROL_CHARACTER", "1"},
      {"a\x7F", "CONTROL_CHARACTER", "1"},
      {"a\u0085", "CONTROL_CHARACTER", "1"},
      {"a\rb", "CONTROL_CHARACTER", "1"},
      {"Đ\u200B", "CONTROL_CHARACTER", "2"},
      {"a\u200D", "CONTROL_CHARACTER", "1"},
      {"a\u00AD", "CONTROL_CHARACTER", "1"},
      {"a\u202Ejpg", "CONTROL_CHARACTER", "1"},
      {"a\u2066", "CONTROL_CHARACTER", "1"},
      {"a\uFEFF", "CONTROL_CHARACTER", "1"},
  };
  for (const Case& c : cases) {
    const auto clean = CleanText(c.bytes);
    EXPECT_THAT(clean, StatusIs(absl::StatusCode::kInvalidArgument)) << c.bytes;
    EXPECT_THAT(clean, Refuses(c.reason)) << c.bytes;
    EXPECT_EQ(DetailsOf(clean.status())["byte_offset"], c.byte_offset) << clean.status();
  }
}

TEST(CleanText, AdvisesToSaveAsUtf8) {
  EXPECT_EQ(CleanText("Ph\xDFng").status().message(),
            "từ byte 2 không phải UTF-8; hãy lưu lại bằng Unicode (UTF-8) rồi gửi lại "
            "(not UTF-8 from byte 2 on; save it as UTF-8 and send it again)");
}

TEST(CleanText, SuspectsTextThatWasReadInTheWrongEncoding) {
  struct Case {
    std::string text;
    std::string byte_offset;
  };
  const std::vector<Case> cases = {
      {"Phßng C¶nh s¸t", "0"},  // TCVN3 as Latin-1
      {"Së Khoa häc vµ C«ng nghÖ", "0"},
      {"1. X©y dùng kÕ ho¹ch c¶i c¸ch hµnh chÝnh", "3"},
      {"NghÞ ®Þnh", "0"},
      {"phoÌng", "0"},                     // windows-1258 as Latin-1
      {"Coäng hoøa xaõ hoäi", "0"},        // VNI
      {"PhÃ²ng Cáº£nh sÃ¡t", "0"},         // UTF-8 as Latin-1
      {"Sở KH&CN: Phßng C¶nh s¸t", "12"},  // one good word does not hide three bad ones
  };
  for (const Case& c : cases) {
    const auto clean = CleanText(c.text);
    EXPECT_THAT(clean, Refuses("SUSPECTED_LEGACY_ENCODING")) << c.text;
    EXPECT_EQ(DetailsOf(clean.status())["byte_offset"], c.byte_offset) << c.text;
  }
}

// "oÀn", written with its mark apart: nothing is odd before it is composed.
TEST(CleanText, JudgesWhatItKeepsAndNotHowItWasSent) {
  const std::string apart = "Vo\u0306a, oA\u0300ng\nnh";
  const std::string composed = "V\u014Fa, o\u00C0ng\nnh";
  EXPECT_THAT(CleanText(composed), Refuses("SUSPECTED_LEGACY_ENCODING"));
  EXPECT_THAT(CleanText(apart), Refuses("SUSPECTED_LEGACY_ENCODING"));
}

// Everything here is right as it stands, and some of it is in the plan of 2023.
TEST(CleanText, TakesRealTextForWhatItIs) {
  const std::vector<std::string> texts = {
      "Thực hiện Kế hoạch số 218/KH-UBND¹ của UBND thành phố",
      "giai đoạn 2021 – 2025 của Sở Khoa học và Công nghệ",
      "đạt tỷ lệ tối thiểu là **70%**; tổ chức quy trình số hóa hồ sơ",
      "“đúng hạn”, ‘trước hạn’ và \"quá hạn\"",
      "«Đề án 06»«Kế hoạch»",
      "VĂN BẢN QUY PHẠM PHÁP LUẬT",
      "đÀ NẴNG, hÀ nỘI, bÁO CÁO",  // caps lock
      "Trần Đông Phương An",
      "Lê Thị Bé",  // no letter here is Vietnamese only, but "ị" is
      "Bà Hà, ông Nam và cô Lan",
      "Müller, Straße, Köln, Österreich, François, Señor, Bjørn, Zoë",
      "Siemens® và Windows® 11; ©Sở KH&CN; 5 µm; m³/ngày; 20 ¥",
      "Windows®Server",
      "TpHCM, TTg, iPhone, Ái",
      "Pyhäjärvi, ystäviä, naïve, Citroën",
      "§ 12, ¶ 3, 1ª, Nº 5, 3×4, A×B, 1÷2, ±0,5 °C, a·b",
  };
  for (const std::string& text : texts) EXPECT_THAT(CleanText(text), IsOk()) << text;
}

TEST(CleanLine, TrimsAndCollapsesWhiteSpace) {
  EXPECT_EQ(CleanLine("title", " \t Văn \u00A0 phòng\r\n Sở\u3000\n", kNameMax).value(),
            "Văn phòng Sở");
  EXPECT_EQ(CleanLine("title", "Va\u0306n", kNameMax).value(), "Văn");
}

TEST(CleanLine, RefusesABlank) {
  for (const std::string blank : {"", " ", "\u00A0\t\r\n", "\xEF\xBB\xBF"}) {
    EXPECT_THAT(CleanLine("title", blank, kNameMax), Refuses("TEXT_BLANK")) << blank;
  }
}

TEST(CleanLine, CountsLettersAndNotBytes) {
  EXPECT_THAT(CleanLine("title", "  Phòng ", 5), IsOk());
  // Decomposed, these are six code points; what counts is what is kept.
  EXPECT_THAT(CleanLine("title", "Pho\u0300ng", 5), IsOk());
  const auto too_long = CleanLine("title", "Phòng 1", 6);
  EXPECT_THAT(too_long, Refuses("TEXT_TOO_LONG"));
  EXPECT_EQ(DetailsOf(too_long.status()),
            (Details{{"field", "title"}, {"code_points", "7"}, {"code_points_max", "6"}}));
}

TEST(CleanLine, NamesItsFieldInEveryRefusal) {
  for (const std::string bytes :
       {"", "Ph\xDFng", "a\u200B", "Phßng C¶nh s¸t", "quá dài cho trường này"}) {
    const auto line = CleanLine("title", bytes, 10);
    ASSERT_FALSE(line.ok()) << bytes;
    EXPECT_EQ(DetailsOf(line.status())["field"], "title") << bytes;
    EXPECT_EQ(line.status().message().substr(0, 7), "title: ") << line.status();
  }
}

TEST(ComparisonKey, JoinsSpellingsOfTheSameName) {
  const std::vector<std::vector<std::string>> same = {
      {"hoà", "hòa", "HOÀ", "Hòa"},
      {"thuỷ", "thủy", "Thuỷ"},
      {"khoẻ", "khỏe"},
      {"Đ", "Ð", "Ɖ", "đ", "ð", "ɖ"},
      {"Văn phòng Sở", "văn  phòng\tsở", " VĂN PHÒNG SỞ "},
      {"uỷ ban nhân dân", "ủy ban nhân dân", "Ủy ban Nhân dân"},
      {"hoàn", "hòan"},
      {"Nguyễn", "NGUYỄN"},
  };
  for (const auto& names : same) {
    for (const std::string& name : names) {
      EXPECT_EQ(ComparisonKey(name), ComparisonKey(names.front())) << name;
    }
  }
}

TEST(ComparisonKey, KeepsDifferentNamesApart) {
  const std::vector<std::vector<std::string>> different = {
      {"d", "đ"},
      {"hoa", "hòa", "hóa", "hỏa", "hõa", "họa"},
      {"a", "ă", "â"},
      {"o", "ô", "ơ"},
      {"Kỹ", "Kĩ"},
      {"Phòng 1", "Phòng 2"},
      {"ban hành", "bàn hanh"},
      {"văn phòng", "vănphòng"},
  };
  for (const auto& names : different) {
    for (size_t i = 0; i < names.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        EXPECT_NE(ComparisonKey(names[i]), ComparisonKey(names[j])) << names[i] << " " << names[j];
      }
    }
  }
}

TEST(ComparisonKey, CanBeRead) {
  EXPECT_EQ(ComparisonKey("  Uỷ ban  Nhân dân THÀNH PHỐ Cần Thơ"),
            "uỷ ban nhân dân thành phố cần thơ");
  EXPECT_EQ(ComparisonKey("Ủy ban"), "uỷ ban");
  EXPECT_EQ(ComparisonKey(""), "");
}

TEST(DisplayWidth, CountsColumnsOfATerminal) {
  struct Case {
    std::string text;
    size_t columns;
  };
  const std::vector<Case> cases = {
      {"", 0},
      {"abc", 3},
      {"Phòng", 5},
      {"Pho\u0300ng", 5},
      {"科技", 4},
      {"✅ xong", 7},
      {"Đ", 1},
      {"a\xFF\xFE"
       "b",
       4},
  };
  for (const Case& c : cases) EXPECT_EQ(DisplayWidth(c.text), c.columns) << c.text;
}

}  // namespace
}  // namespace dondoc
