#include "libs/base/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"

namespace dondoc {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

// One code point and where it stands.
struct Letter {
  char32_t code = 0;
  size_t offset = 0;
};

// Reads the code point at `offset`; returns its length in bytes, or 0 when there is none.
size_t Decode(absl::string_view bytes, size_t offset, char32_t& code) {
  utf8proc_int32_t value = 0;
  const utf8proc_ssize_t length =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(bytes.data()) + offset,
                       static_cast<utf8proc_ssize_t>(bytes.size() - offset), &value);
  if (length <= 0) return 0;
  code = static_cast<char32_t>(value);
  return static_cast<size_t>(length);
}

void Append(char32_t code, std::string& text) {
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes);
  text.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(length));
}

utf8proc_category_t CategoryOf(char32_t code) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(code));
}

// Composes (NFC) or decomposes (NFD) the text.
std::string Normalised(absl::string_view text, utf8proc_option_t form) {
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &mapped,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | form));
  // What is no UTF-8 has no other form.
  if (size < 0) return std::string(text);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  return std::string(reinterpret_cast<const char*>(mapped), static_cast<size_t>(size));
}

// These blocks hold only letters that NFC leaves alone; they cover what Vietnamese is written with.
bool StaysInNfc(char32_t code) { return code < 0x300 || (code >= 0x1E00 && code <= 0x1EFF); }

// C0, C1 and DEL are Cc; soft hyphen, zero-width and bidi characters are Cf.
bool IsForbidden(char32_t code) {
  if (code == '\t' || code == '\n') return false;
  const utf8proc_category_t category = CategoryOf(code);
  return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF;
}

bool IsSpace(char32_t code) {
  if (code == '\t' || code == '\n') return true;
  const utf8proc_category_t category = CategoryOf(code);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP;
}

// ---- Text that was read in the wrong encoding -------------------------------------------------
//
// A file in TCVN3, VNI or windows-1258 that a program took for Latin-1, and a UTF-8 file that it
// took for Latin-1, arrive as valid UTF-8. No byte is wrong; only the words are: a sign between two
// letters ("C¶nh"), a capital after a small letter ("chÝnh", "phoÌng"), a VNI mark after its vowel
// ("hoøa"). Each word is scored, and genuine Vietnamese words speak for the text.

bool IsLetter(char32_t code) {
  if (code < 0x80) return (code | 0x20) >= 'a' && (code | 0x20) <= 'z';
  const utf8proc_category_t category = CategoryOf(code);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LM;
}

// The signs of Latin-1 that stand where legacy encodings had letters. Some are letters to Unicode
// (ª µ º), but not to anybody who writes Vietnamese.
bool IsLegacySign(char32_t code) { return code >= 0xA1 && code <= 0xBF; }

// TCVN3's đ, ă and ơ: what they look like never stands before a letter.
bool StartsLegacyWord(char32_t code) { return code == 0xAE || code == 0xA8 || code == 0xAC; }

bool IsCapitalOfLatin1(char32_t code) { return code >= 0xC0 && code <= 0xDE && code != 0xD7; }

// Small letters of Latin-1 that Vietnamese does not have. A foreign name may have them, so they
// only strengthen other evidence.
bool IsForeignSmallLetter(char32_t code) {
  constexpr std::u32string_view kForeign = U"ßäåæçëîïðñöøûüþÿ";
  return kForeign.find(code) != std::u32string_view::npos;
}

bool IsVniMark(char32_t vowel, char32_t mark) {
  constexpr std::u32string_view kVowels = U"aouAOU";
  constexpr std::u32string_view kMarks = U"øåä";
  return kVowels.find(vowel) != std::u32string_view::npos &&
         kMarks.find(mark) != std::u32string_view::npos;
}

bool IsVietnameseOnly(char32_t code) {
  constexpr std::u32string_view kLetters = U"ĂăĐđĨĩŨũƠơƯư";
  return (code >= 0x1EA0 && code <= 0x1EF9) || kLetters.find(code) != std::u32string_view::npos;
}

bool IsSmall(char32_t code) { return CategoryOf(code) == UTF8PROC_CATEGORY_LL; }

// How much one letter looks like legacy text, given its neighbours in the word (0 for none).
int SuspicionOf(char32_t code, char32_t before, char32_t after) {
  if (IsCapitalOfLatin1(code) && IsSmall(before)) {
    // A capital before another capital is only somebody's caps lock: "bÁO CÁO".
    if (IsSmall(after)) return 3;
    if (after == 0) return 2;
  }
  if (IsLegacySign(code) && after != 0 && (before != 0 || StartsLegacyWord(code))) return 2;
  if (IsVniMark(before, code)) return 2;
  return IsForeignSmallLetter(code) ? 1 : 0;
}

// A word is as suspicious as its worst letter: 0 to 3. A genuine word is not suspicious at all.
int SuspicionOf(const std::vector<Letter>& word) {
  int suspicion = 0;
  for (size_t i = 0; i < word.size(); ++i) {
    if (IsVietnameseOnly(word[i].code)) return 0;
    const char32_t before = i > 0 ? word[i - 1].code : 0;
    const char32_t after = i + 1 < word.size() ? word[i + 1].code : 0;
    suspicion = std::max(suspicion, SuspicionOf(word[i].code, before, after));
  }
  return suspicion;
}

// Collects the evidence word by word.
class LegacyDetector {
 public:
  void See(Letter letter) {
    if (IsLetter(letter.code) || IsLegacySign(letter.code)) {
      word_.push_back(letter);
    } else if (!word_.empty()) {
      EndWord();
    }
  }

  // True when the text as a whole must be legacy text. A foreign letter alone is never enough, nor
  // is one odd word in a long text; a genuine Vietnamese word weighs as much as five others.
  bool Suspects() {
    if (!word_.empty()) EndWord();
    return has_proof_ && score_ >= 3 && 4 * score_ >= words_ + 4 * genuine_words_;
  }

  size_t first_offset() const { return first_offset_; }

 private:
  void EndWord() {
    bool genuine = false;
    for (const Letter& letter : word_) genuine = genuine || IsVietnameseOnly(letter.code);
    const int suspicion = SuspicionOf(word_);
    if (suspicion > 0 && score_ == 0) first_offset_ = word_.front().offset;
    score_ += suspicion;
    has_proof_ = has_proof_ || suspicion > 1;
    genuine_words_ += genuine ? 1 : 0;
    ++words_;
    word_.clear();
  }

  std::vector<Letter> word_;
  bool has_proof_ = false;
  int64_t score_ = 0;
  int64_t words_ = 0;
  int64_t genuine_words_ = 0;
  size_t first_offset_ = 0;
};

// Where legacy text begins, in text that is UTF-8; nothing when it is none.
std::optional<size_t> FirstLegacyWord(absl::string_view text) {
  LegacyDetector detector;
  char32_t code = 0;
  size_t length = 0;
  for (size_t i = 0; i < text.size(); i += length) {
    length = Decode(text, i, code);
    if (length == 0) break;
    detector.See({.code = code, .offset = i});
  }
  if (!detector.Suspects()) return std::nullopt;
  return detector.first_offset();
}

// ---- Refusals ---------------------------------------------------------------------------------

// Where a refusal points: "byte 12", or "title, byte 12" when the field is known.
absl::Status RefuseAt(absl::string_view field, size_t offset, absl::string_view reason,
                      const Sentence& what) {
  const std::string name = field.empty() ? "" : absl::StrCat(field, ": ");
  Details details = {{"byte_offset", absl::StrCat(offset)}};
  if (!field.empty()) details["field"] = std::string(field);
  return Refuse(absl::StatusCode::kInvalidArgument, reason,
                {.vi = absl::StrCat(name, what.vi), .en = absl::StrCat(name, what.en)}, details);
}

absl::Status NotUtf8(absl::string_view field, size_t offset) {
  return RefuseAt(field, offset, "NOT_UTF8",
                  {.vi = absl::StrCat("từ byte ", offset,
                                      " không phải UTF-8; hãy lưu lại bằng Unicode (UTF-8) rồi "
                                      "gửi lại"),
                   .en = absl::StrCat("not UTF-8 from byte ", offset,
                                      " on; save it as UTF-8 and send it again")});
}

absl::Status SuspectedLegacyEncoding(absl::string_view field, size_t offset) {
  return RefuseAt(
      field, offset, "SUSPECTED_LEGACY_ENCODING",
      {.vi = absl::StrCat("từ byte ", offset,
                          " có vẻ là phông chữ cũ (TCVN3, VNI) hoặc sai bảng mã; hãy chuyển sang "
                          "Unicode (UTF-8) rồi gửi lại"),
       .en = absl::StrCat("from byte ", offset,
                          " on it looks like TCVN3 or VNI text or a wrong encoding; convert it to "
                          "UTF-8 and send it again")});
}

absl::Status ControlCharacter(absl::string_view field, size_t offset, char32_t code) {
  const std::string name =
      absl::StrCat("U+", absl::Hex(static_cast<uint32_t>(code), absl::kZeroPad4));
  return RefuseAt(field, offset, "CONTROL_CHARACTER",
                  {.vi = absl::StrCat("byte ", offset, " là ký tự điều khiển hoặc ký tự ẩn ", name,
                                      "; hãy xóa ký tự đó, lưu bằng UTF-8 rồi gửi lại"),
                   .en = absl::StrCat("a control or invisible character ", name, " at byte ",
                                      offset, "; remove it, save as UTF-8 and send it again")});
}

// CleanText for a field that may have a name.
absl::StatusOr<std::string> Clean(absl::string_view field, absl::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  LegacyDetector detector;
  bool composed = true;
  char32_t code = 0;
  size_t length = 0;
  for (size_t i = bytes.substr(0, 3) == kByteOrderMark ? 3 : 0; i < bytes.size(); i += length) {
    length = Decode(bytes, i, code);
    if (length == 0) return NotUtf8(field, i);
    if (code == '\r' && bytes.substr(i + 1, 1) == "\n") continue;
    if (IsForbidden(code)) return ControlCharacter(field, i, code);
    detector.See({.code = code, .offset = i});
    composed = composed && StaysInNfc(code);
    text.append(bytes.data() + i, length);
  }
  if (detector.Suspects()) return SuspectedLegacyEncoding(field, detector.first_offset());
  if (composed) return text;
  text = Normalised(text, UTF8PROC_COMPOSE);
  // Composed, its words may look otherwise; what is clean now must be so when it comes back.
  if (const auto offset = FirstLegacyWord(text)) return SuspectedLegacyEncoding(field, *offset);
  return text;
}

// Calls `visit` with each code point of clean text; a run of white space is one ' ', none at the
// ends.
template <typename Visit>
void ForEachCollapsed(absl::string_view text, Visit visit) {
  bool space_due = false;
  bool started = false;
  char32_t code = 0;
  size_t length = 0;
  for (size_t i = 0; i < text.size(); i += length) {
    length = Decode(text, i, code);
    if (length == 0) return;
    if (IsSpace(code)) {
      space_due = started;
      continue;
    }
    if (space_due) visit(U' ');
    visit(code);
    space_due = false;
    started = true;
  }
}

// The five tone marks of Vietnamese. The marks that make another letter (â, ă, ơ) are not among
// them.
bool IsTone(char32_t code) {
  return code == 0x300 || code == 0x301 || code == 0x303 || code == 0x309 || code == 0x323;
}

bool IsVowel(char32_t code) {
  constexpr std::u32string_view kVowels = U"aeiouy";
  return kVowels.find(code) != std::u32string_view::npos;
}

bool IsCombining(char32_t code) { return CategoryOf(code) == UTF8PROC_CATEGORY_MN; }

char32_t Folded(char32_t code) {
  if (code == 0xD0 || code == 0xF0 || code == 0x110 || code == 0x189 || code == 0x256) return 0x111;
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code)));
}

}  // namespace

absl::StatusOr<std::string> CleanText(absl::string_view bytes) { return Clean("", bytes); }

absl::StatusOr<std::string> CleanLine(absl::string_view field, absl::string_view bytes,
                                      size_t code_points_max) {
  absl::StatusOr<std::string> text = Clean(field, bytes);
  if (!text.ok()) return text.status();

  std::string line;
  line.reserve(text->size());
  size_t code_points = 0;
  ForEachCollapsed(*text, [&](char32_t code) {
    Append(code, line);
    ++code_points;
  });
  if (line.empty()) {
    return Refuse(absl::StatusCode::kInvalidArgument, "TEXT_BLANK",
                  {.vi = absl::StrCat(field, ": đang để trống; hãy điền nội dung"),
                   .en = absl::StrCat(field, ": blank; fill it in")},
                  {{"field", std::string(field)}});
  }
  if (code_points > code_points_max) {
    return Refuse(absl::StatusCode::kInvalidArgument, "TEXT_TOO_LONG",
                  {.vi = absl::StrCat(field, ": dài ", code_points, " ký tự, tối đa ",
                                      code_points_max, "; hãy rút ngắn"),
                   .en = absl::StrCat(field, ": ", code_points, " characters, at most ",
                                      code_points_max, " are allowed; shorten it")},
                  {{"field", std::string(field)},
                   {"code_points", absl::StrCat(code_points)},
                   {"code_points_max", absl::StrCat(code_points_max)}});
  }
  return line;
}

std::string ComparisonKey(absl::string_view text) {
  std::string key;
  std::u32string tones;
  const auto put_tones = [&] {
    for (const char32_t tone : tones) Append(tone, key);
    tones.clear();
  };
  // Decomposed, a tone is a mark of its own: it is held back until its group of vowels ends, so
  // that "hòa" and "hoà" come out alike.
  ForEachCollapsed(Normalised(text, UTF8PROC_DECOMPOSE), [&](char32_t code) {
    if (IsTone(code)) {
      tones.push_back(code);
      return;
    }
    const char32_t folded = Folded(code);
    if (!IsVowel(folded) && !IsCombining(code)) put_tones();
    Append(folded, key);
  });
  put_tones();
  return Normalised(key, UTF8PROC_COMPOSE);
}

size_t DisplayWidth(absl::string_view text) {
  size_t width = 0;
  char32_t code = 0;
  for (size_t i = 0; i < text.size();) {
    const size_t length = Decode(text, i, code);
    if (length == 0) {
      ++width;
      ++i;
      continue;
    }
    width += static_cast<size_t>(utf8proc_charwidth(static_cast<utf8proc_int32_t>(code)));
    i += length;
  }
  return width;
}

}  // namespace dondoc
