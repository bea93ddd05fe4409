#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/registry/domain/plan/citations.h"
#include "services/registry/domain/plan/dates.h"
#include "services/registry/domain/plan/findings.h"

namespace dondoc::registry::plan {
namespace {

void WarnAt(const Passage& passage, PlanWarning warning, Warnings& warnings) {
  if (passage.row > 0) warning.rows = {passage.row};
  warning.clause = passage.clause;
  warnings.push_back(std::move(warning));
}

const Sentence& KeptVerbatim() {
  static const Sentence kAdvice = {"Giữ nguyên văn; Văn phòng có thể thêm ghi chú hiệu đính.",
                                   "Kept verbatim; the Office may add an editor's note."};
  return kAdvice;
}

// "một cửa, một cửa" at `at`: two words, a comma, and the same two words.
bool IsRepeatedAt(const Words& words, size_t at) {
  return at + 4 < words.size() && words[at].kind == WordKind::kLetters &&
         words[at + 1].kind == WordKind::kLetters && IsSymbol(words, at + 2, ",") &&
         words[at].key == words[at + 3].key && words[at + 1].key == words[at + 4].key;
}

// "mô tả công việc" at `first` and "mô công việc" at `second`: four words in a row of which one is
// left out, with two equal words on both sides.
bool LacksAWord(const Words& words, size_t first, size_t second) {
  // With or without them a phrase says the same.
  static const std::vector<Phrase> kOptional = {"các", "những", "có", "việc", "được", "của", "và"};
  const auto same = [&](size_t a, size_t b) {
    return a < words.size() && b < words.size() && words[a].kind == WordKind::kLetters &&
           words[a].key == words[b].key;
  };
  return same(first, second) && same(first + 1, second + 1) && same(first + 3, second + 2) &&
         same(first + 4, second + 3) && !same(first + 2, second + 2) &&
         words[first + 2].kind == WordKind::kLetters && LongestAt(kOptional, words, first + 2) == 0;
}

}  // namespace

void AbbreviationUnknown(const FindingContext& context, Warnings& warnings) {
  for (const auto& [form, count] : context.abbreviations.unknown()) {
    if (count > 1) continue;
    const std::string& unknown = form;
    context.passages.ForEach([&](const Passage& passage) {
      if (!absl::StrContains(passage.text, unknown)) return;
      WarnAt(passage,
             {.code = "ABBREVIATION_UNKNOWN",
              .severity = WarningSeverity::kInfo,
              .message = {absl::StrCat("Chữ viết tắt \"", unknown,
                                       "\" chỉ dùng một lần và không được giải thích."),
                          absl::StrCat("The short form \"", unknown,
                                       "\" is used once and never spelt out.")},
              .advice = KeptVerbatim()},
             warnings);
    });
  }
}

// "ISO 9001:2015" and "ISO 9001:2008" in one clause.
void StandardInTwoVersions(const FindingContext& context, Warnings& warnings) {
  context.passages.ForEach([&](const Passage& passage) {
    std::map<std::string, std::set<std::string>> versions;
    for (const Word& word : passage.words) {
      const size_t colon = word.key.find(':');
      if (word.kind != WordKind::kNumber || colon == std::string::npos) continue;
      versions[word.key.substr(0, colon)].insert(word.key.substr(colon + 1));
    }
    for (const auto& [standard, years] : versions) {
      if (years.size() < 2) continue;
      const std::string list = absl::StrJoin(years, ", ");
      WarnAt(passage,
             {.code = "STANDARD_IN_TWO_VERSIONS",
              .severity = WarningSeverity::kInfo,
              .message = {absl::StrCat("Tiêu chuẩn ", standard, " được dẫn với nhiều năm: ", list,
                                       "."),
                          absl::StrCat("Standard ", standard,
                                       " is cited with several years: ", list, ".")},
              .advice = KeptVerbatim()},
             warnings);
    }
  });
}

// "cơ chế một cửa, một cửa liên thông" names two things. Where the same words are once followed by
// another word than everywhere else, something was lost there.
void WordsRepeated(const FindingContext& context, Warnings& warnings) {
  struct Repeat {
    const Passage* passage;
    size_t at;
    std::string words;  // keys
    std::string next;
  };
  std::vector<Repeat> repeats;
  std::map<std::string, std::map<std::string, int>> followers;
  context.passages.ForEach([&](const Passage& passage) {
    const Words& words = passage.words;
    for (size_t at = 0; at < words.size(); ++at) {
      if (!IsRepeatedAt(words, at)) continue;
      const std::string next = at + 5 < words.size() ? words[at + 5].key : "";
      repeats.push_back({&passage, at, absl::StrCat(words[at].key, " ", words[at + 1].key), next});
      ++followers[repeats.back().words][next];
    }
  });
  for (const Repeat& repeat : repeats) {
    const std::map<std::string, int>& next = followers[repeat.words];
    const bool is_odd_one =
        next.at(repeat.next) == 1 &&
        std::any_of(next.begin(), next.end(), [](const auto& other) { return other.second > 1; });
    if (!is_odd_one) continue;
    const absl::string_view written =
        Between(repeat.passage->text, repeat.passage->words, repeat.at, repeat.at + 5);
    WarnAt(*repeat.passage,
           {.code = "WORDS_REPEATED",
            .severity = WarningSeverity::kInfo,
            .message = {absl::StrCat("Có thể thiếu chữ sau \"", written, "\"."),
                        absl::StrCat("Words may be missing after \"", written, "\".")},
            .advice = KeptVerbatim()},
           warnings);
  }
}

void WordMissing(const FindingContext& context, Warnings& warnings) {
  // Every word is compared with every other; a longer clause is not worth the time.
  constexpr size_t kWordsMax = 1000;
  context.passages.ForEach([&](const Passage& passage) {
    const Words& words = passage.words;
    if (words.size() > kWordsMax) return;
    for (size_t first = 0; first < words.size(); ++first) {
      for (size_t second = 0; second < words.size(); ++second) {
        if (!LacksAWord(words, first, second)) continue;
        const std::string whole(Between(passage.text, words, first, first + 5));
        const std::string lacking(Between(passage.text, words, second, second + 4));
        WarnAt(
            passage,
            {.code = "WORD_MISSING",
             .severity = WarningSeverity::kInfo,
             .message = {absl::StrCat("\"", lacking, "\" có thể thiếu chữ so với \"", whole, "\"."),
                         absl::StrCat("\"", lacking, "\" may lack a word of \"", whole, "\".")},
             .advice = KeptVerbatim()},
            warnings);
      }
    }
  });
}

// A year before the plan's that belongs to no cited document.
void OldYearCited(const FindingContext& context, Warnings& warnings) {
  static const Phrase kYear("năm");
  static const Phrase kMonth("tháng");
  for (const Passage& passage : context.passages.contents) {
    const Words& words = passage.words;
    for (size_t at = 0; at < words.size(); ++at) {
      if (!kYear.IsAt(words, at)) continue;
      const int year = ReadYear(words, at + 1).value_or(context.plan.year);
      const bool is_in_date = at >= 2 && kMonth.IsAt(words, at - 2);
      if (year >= context.plan.year || is_in_date) continue;
      WarnAt(passage,
             {.code = "OLD_YEAR_CITED",
              .severity = WarningSeverity::kInfo,
              .message = {absl::StrCat("Nội dung dẫn năm ", year, ", trước năm của kế hoạch."),
                          absl::StrCat("The content names ", year, ", before the plan's year.")},
              .advice = KeptVerbatim()},
             warnings);
    }
  }
}

// Legal documents belong to "thể chế"; a task about them elsewhere may be in the wrong section.
void OtherField(const FindingContext& context, Warnings& warnings) {
  static const std::vector<Phrase> kInstitutions = {"thể chế"};
  static const std::vector<Phrase> kLegalDocuments = {"văn bản quy phạm pháp luật", "VBQPPL"};
  std::set<std::string> numerals;
  for (const PlanSection& section : context.plan.sections) {
    if (Mentions(section.title, kInstitutions)) numerals.insert(section.numeral);
  }
  if (numerals.empty()) return;
  for (size_t i = 0; i < context.plan.tasks.size(); ++i) {
    const PlanTask& task = context.plan.tasks[i];
    const bool is_legal = Mentions(context.passages.contents[i].words, kLegalDocuments);
    if (!is_legal || numerals.contains(task.section)) continue;
    warnings.push_back(
        {.code = "OTHER_FIELD",
         .severity = WarningSeverity::kInfo,
         .rows = {task.number},
         .clause = absl::StrCat("Phụ lục ", task.section),
         .message = {"Nhiệm vụ về văn bản quy phạm pháp luật nằm ngoài lĩnh vực thể chế.",
                     "A task about legal documents stands outside the field of institutions."},
         .advice = KeptVerbatim()});
  }
}

}  // namespace dondoc::registry::plan
