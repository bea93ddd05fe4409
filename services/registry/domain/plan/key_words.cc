#include "services/registry/domain/plan/key_words.h"

#include <utf8proc.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/registry/domain/plan/citations.h"

namespace dondoc::registry::plan {
namespace {

constexpr size_t kShortFormLettersMin = 3;
constexpr size_t kShortFormLettersMax = 8;
// Each is looked for in the whole document; the plan of 2023 has 30.
constexpr size_t kShortFormsMax = 300;
// A shorter form that is never spelt out is a name ("ISO", "TCVN") as often as a slip.
constexpr size_t kUnknownLettersMin = 5;

// The letter without its marks: "ủ" is u. đ is a letter of its own and stays.
utf8proc_int32_t BaseLetter(absl::string_view word) {
  utf8proc_int32_t code = 0;
  utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(word.data()),
                   static_cast<utf8proc_ssize_t>(word.size()), &code);
  utf8proc_int32_t parts[4] = {code, 0, 0, 0};
  int last_class = 0;
  utf8proc_decompose_char(code, parts, 4, UTF8PROC_DECOMPOSE, &last_class);
  return utf8proc_tolower(parts[0]);
}

std::vector<utf8proc_int32_t> LettersOf(absl::string_view word) {
  std::vector<utf8proc_int32_t> letters;
  while (!word.empty()) {
    utf8proc_int32_t code = 0;
    const utf8proc_ssize_t length =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(word.data()),
                         static_cast<utf8proc_ssize_t>(word.size()), &code);
    if (length <= 0) break;
    letters.push_back(utf8proc_tolower(code));
    word.remove_prefix(static_cast<size_t>(length));
  }
  return letters;
}

// "VBQPPL", "UBND", "HĐND": capitals without marks. A word of a title in capitals has marks, as a
// rule ("HOẠCH").
bool IsShortForm(absl::string_view written) {
  const std::vector<utf8proc_int32_t> letters = LettersOf(written);
  constexpr utf8proc_int32_t kStroke = 0x111;  // đ
  const bool has_marks = std::any_of(letters.begin(), letters.end(), [](utf8proc_int32_t letter) {
    return letter >= 0x80 && letter != kStroke;
  });
  return letters.size() >= kShortFormLettersMin && letters.size() <= kShortFormLettersMax &&
         IsAllCapitals(written) && !has_marks;
}

// A word of a line in capitals: one of its neighbours is in capitals too.
bool IsAmongCapitals(absl::string_view text, const Words& words, size_t at) {
  const auto is_capital = [&](size_t other) {
    return other < words.size() && words[other].kind == WordKind::kLetters &&
           IsAllCapitals(Between(text, words, other, other + 1));
  };
  return is_capital(at + 1) || (at > 0 && is_capital(at - 1));
}

// A word of the document, ready to be compared with the letters of short forms.
struct Spelt {
  size_t word = 0;  // index among the words of the document
  utf8proc_int32_t initial = 0;
};

std::string SmallLetters(absl::string_view text) {
  std::string small;
  for (const utf8proc_int32_t letter : LettersOf(text)) {
    utf8proc_uint8_t bytes[4];
    const utf8proc_ssize_t length = utf8proc_encode_char(letter, bytes);
    small.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(length));
  }
  return small;
}

// Words that a pair never has: they join other words and mean nothing alone.
bool IsJoiningWord(const std::string& key) {
  static const std::set<std::string> kKeys = [] {
    std::set<std::string> keys;
    for (const Word& word : WordsOf("của về và được theo tại trên với các những có là do cho từ "
                                    "trong đến ở khi thì đã đang sẽ hoặc")) {
      keys.insert(word.key);
    }
    return keys;
  }();
  return kKeys.contains(key);
}

}  // namespace

Abbreviations::Abbreviations(absl::string_view text) {
  std::map<std::string, std::pair<std::string, int>> short_forms;  // key -> as written, count
  std::vector<Spelt> spelt;
  const Words words = WordsOf(text);
  for (size_t at = 0; at < words.size(); ++at) {
    const Word& word = words[at];
    const absl::string_view written = Between(text, words, at, at + 1);
    const bool is_in_symbol = TouchesPrevious(words, at) && !IsSymbol(words, at - 1, "(");
    const bool may_learn = short_forms.size() < kShortFormsMax || short_forms.contains(word.key);
    if (word.kind == WordKind::kLetters && may_learn && IsShortForm(written)) {
      auto& [form, count] = short_forms[word.key];
      form = std::string(written);
      // "KH-UBND" is the symbol of a document and no use of a short form in a sentence.
      if (!is_in_symbol && !IsAmongCapitals(text, words, at)) ++count;
    }
    // "công chức, viên chức" is CCVC: a comma does not end a run of words, another mark does.
    if (IsSymbol(words, at, ",")) continue;
    spelt.push_back(
        {.word = at, .initial = word.kind == WordKind::kLetters ? BaseLetter(word.key) : 0});
  }
  for (const auto& [key, form] : short_forms) {
    const std::vector<utf8proc_int32_t> letters = LettersOf(key);
    const auto found = std::search(
        spelt.begin(), spelt.end(), letters.begin(), letters.end(),
        [](const Spelt& word, utf8proc_int32_t letter) { return word.initial == letter; });
    if (found == spelt.end()) {
      if (letters.size() >= kUnknownLettersMin && form.second > 0)
        unknown_[form.first] = form.second;
      continue;
    }
    std::string& meaning = spelt_out_[key];
    for (auto word = found; word != found + static_cast<ptrdiff_t>(letters.size()); ++word) {
      absl::StrAppend(&meaning, meaning.empty() ? "" : " ",
                      SmallLetters(Between(text, words, word->word, word->word + 1)));
    }
  }
}

const std::string* Abbreviations::Find(const std::string& key) const {
  const auto found = spelt_out_.find(key);
  return found == spelt_out_.end() ? nullptr : &found->second;
}

const std::vector<Phrase>& OneStopDeskNames() {
  static const std::vector<Phrase> kNames = {"bộ phận một cửa", "bộ phận tiếp nhận và trả kết quả"};
  return kNames;
}

const std::vector<Phrase>& PublicServiceCentreNames() {
  static const std::vector<Phrase> kNames = {"trung tâm phục vụ hành chính công",
                                             "trung tâm phục vụ hành chính công thành phố",
                                             "trung tâm phục vụ hành chính công tỉnh"};
  return kNames;
}

void KeyWords::EndRun() {
  if (runs_.empty() || runs_.back().empty()) return;
  const std::vector<Meaning>& run = runs_.back();
  for (size_t i = 0; i + 1 < run.size(); ++i) {
    pairs_.insert(absl::StrCat(run[i].key, " ", run[i + 1].key));
  }
  runs_.emplace_back();
}

KeyWords::KeyWords(absl::string_view text, const Abbreviations& abbreviations) {
  const Words words = WordsOf(text);
  const std::vector<Citation> citations = CitationsIn(text, words);
  runs_.emplace_back();
  auto citation = citations.begin();
  for (size_t at = 0; at < words.size(); ++at) {
    const size_t place = std::max(LongestAt(OneStopDeskNames(), words, at),
                                  LongestAt(PublicServiceCentreNames(), words, at));
    if (citation != citations.end() && citation->first == at) {
      EndRun();
      // A pair by itself: two texts that cite the same document share it.
      pairs_.insert(citation->symbol);
      runs_.back().push_back({citation->symbol, citation->symbol});
      EndRun();
      at = citation->end - 1;
      ++citation;
    } else if (place > 0) {
      EndRun();
      at += place - 1;
    } else if (words[at].kind == WordKind::kSymbol || IsJoiningWord(words[at].key)) {
      EndRun();
    } else if (const std::string* meaning = abbreviations.Find(words[at].key)) {
      for (const Word& word : WordsOf(*meaning)) {
        runs_.back().push_back({word.key, meaning->substr(word.begin, word.end - word.begin)});
      }
    } else {
      runs_.back().push_back({words[at].key, SmallLetters(Between(text, words, at, at + 1))});
    }
  }
  EndRun();
}

std::vector<std::string> KeyWords::Phrases(const std::set<std::string>& shared) const {
  std::vector<std::string> phrases;
  const auto add = [&phrases](std::string phrase) {
    const bool is_new = std::find(phrases.begin(), phrases.end(), phrase) == phrases.end();
    if (!phrase.empty() && is_new) phrases.push_back(std::move(phrase));
  };
  for (const std::vector<Meaning>& run : runs_) {
    if (run.size() == 1 && shared.contains(run[0].key)) add(run[0].shown);
    std::string phrase;
    for (size_t i = 0; i + 1 < run.size(); ++i) {
      if (shared.contains(absl::StrCat(run[i].key, " ", run[i + 1].key))) {
        if (phrase.empty()) phrase = run[i].shown;
        absl::StrAppend(&phrase, " ", run[i + 1].shown);
      } else {
        add(std::exchange(phrase, ""));
      }
    }
    add(std::move(phrase));
  }
  return phrases;
}

std::set<std::string> SharedPairs(const KeyWords& a, const KeyWords& b) {
  std::set<std::string> shared;
  std::set_intersection(a.pairs().begin(), a.pairs().end(), b.pairs().begin(), b.pairs().end(),
                        std::inserter(shared, shared.begin()));
  return shared;
}

bool SameIndicator(const KeyWords& a, const KeyWords& b) {
  const size_t shared = SharedPairs(a, b).size();
  const size_t all = a.pairs().size() + b.pairs().size() - shared;
  return all > 0 && shared * 5 >= all * 4;
}

}  // namespace dondoc::registry::plan
