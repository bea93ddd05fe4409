#include "services/registry/domain/plan/head.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/registry/domain/plan/citations.h"
#include "services/registry/domain/plan/dates.h"
#include "services/registry/domain/plan/errors.h"
#include "services/registry/domain/plan/words.h"

namespace dondoc::registry::plan {
namespace {

// "Số: 05/KH-SKHCN", "Số:      /KH-SKHCN", "Số: ……/KH-SKHCN".
bool ReadNumber(absl::string_view line, PlanHead& head) {
  static const Phrase kNumber("số :");
  const Words words = WordsOf(line);
  if (!kNumber.IsAt(words, 0)) return false;
  for (size_t at = kNumber.size(); at < words.size(); ++at) {
    const size_t symbol = IsSymbol(words, at, "/") ? SymbolLength(words, at + 1) : 0;
    if (symbol == 0) continue;
    if (words[at - 1].kind == WordKind::kNumber) {
      head.number = std::string(Between(line, words, at - 1, at));
    }
    head.symbol = std::string(Between(line, words, at + 1, at + 1 + symbol));
    return true;
  }
  return false;
}

// "Cần Thơ, ngày 27 tháng 01 năm 2023".
bool ReadPlaceAndDate(absl::string_view line, PlanHead& head) {
  static const Phrase kDay("ngày");
  const Words words = WordsOf(line);
  for (size_t at = 1; at < words.size(); ++at) {
    if (!kDay.IsAt(words, at)) continue;
    const std::optional<DateAt> date = ReadDate(words, at + 1);
    if (!date || at + 1 + date->words < words.size()) return false;
    head.place = std::string(TrimmedOfMarks(Between(line, words, 0, at)));
    head.date = date->date;
    return true;
  }
  return false;
}

// "KẾ HOẠCH Công tác …": the kind in capitals, then the title on the same line or on the next.
bool ReadKind(absl::string_view line, PlanHead& head) {
  static const std::vector<Phrase> kKinds = {"kế hoạch", "chương trình"};
  const Words words = FirstWords(line, 2);
  const size_t length = LongestAt(kKinds, words, 0);
  const absl::string_view kind = Between(line, words, 0, length);
  if (length == 0 || !IsAllCapitals(kind)) return false;
  head.kind = std::string(kind);
  head.title = std::string(Trimmed(line.substr(words[length - 1].end)));
  return true;
}

std::optional<int> YearIn(absl::string_view title) {
  static const Phrase kYear("năm");
  const Words words = WordsOf(title);
  for (size_t at = 0; at < words.size(); ++at) {
    if (!kYear.IsAt(words, at)) continue;
    if (const std::optional<int> year = ReadYear(words, at + 1)) return year;
  }
  return std::nullopt;
}

// What follows the last "của" of a sentence, without its end.
std::string AfterLastOf(absl::string_view sentence) {
  constexpr absl::string_view kOf = " của ";
  const size_t at = sentence.rfind(std::string(kOf));
  if (at == absl::string_view::npos) return "";
  const absl::string_view name = sentence.substr(at + kOf.size());
  return std::string(TrimmedOfMarks(name.substr(0, name.find(')'))));
}

// The lines of a bracket that begins with `opening`, joined.
std::string BracketIn(const std::vector<Line>& lines, absl::string_view opening) {
  std::string bracket;
  for (const Line& line : lines) {
    if (bracket.empty() && !absl::StartsWithIgnoreCase(line.text, opening)) continue;
    absl::StrAppend(&bracket, bracket.empty() ? "" : " ", line.text);
    if (absl::StrContains(bracket, ")")) return bracket;
  }
  return "";
}

std::string LetterheadOf(const std::vector<Line>& lines) {
  static const std::vector<Phrase> kNotAnIssuer = {"cộng hòa xã hội chủ nghĩa việt nam"};
  std::string issuer;
  for (const Line& line : lines) {
    const Words words = WordsOf(line.text);
    static const std::vector<Phrase> kKinds = {"kế hoạch", "chương trình"};
    if (LongestAt(kKinds, words, 0) > 0) break;
    // The lower of two lines in capitals is the issuer; the upper one is whom it belongs to.
    if (IsAllCapitals(line.text) && LongestAt(kNotAnIssuer, words, 0) == 0) issuer = line.text;
  }
  return issuer;
}

std::string IssuerOf(const Outline& outline) {
  const std::string attached = BracketIn(outline.tail, "(Kèm theo");
  if (std::string issuer = AfterLastOf(attached); !issuer.empty()) return issuer;
  for (const Line& line : outline.tail) {
    if (!absl::StartsWith(line.text, "Trên đây")) continue;
    const std::string sentence = line.text.substr(0, line.text.find(". "));
    if (std::string issuer = AfterLastOf(sentence); !issuer.empty()) return issuer;
  }
  return LetterheadOf(outline.head);
}

// "Sở Nội vụ; Lưu: VT." as a list.
void AddRecipients(absl::string_view text, PlanHead& head) {
  for (const absl::string_view piece : absl::StrSplit(text, ';')) {
    const absl::string_view recipient = TrimmedOfMarks(piece);
    if (!recipient.empty()) head.recipients.emplace_back(recipient);
  }
}

// The role in capitals and then the name, on lines of their own or on one.
void AddSigner(absl::string_view line, PlanHead& head) {
  const Words words = WordsOf(line);
  for (size_t at = 0; at < words.size(); ++at) {
    const absl::string_view word = Between(line, words, at, at + 1);
    const bool is_of_role = words[at].kind == WordKind::kSymbol || IsAllCapitals(word);
    std::string& part =
        head.signer_name.empty() && is_of_role ? head.signer_role : head.signer_name;
    absl::StrAppend(&part, part.empty() || TouchesPrevious(words, at) ? "" : " ", word);
  }
}

// "Nơi nhận:" with its list below or behind it, and then the signature.
void ReadRecipientsAndSigner(const std::vector<Line>& tail, PlanHead& head) {
  static const std::vector<Phrase> kRecipients = {"nơi nhận"};
  static const std::vector<Phrase> kAppendix = {"phụ lục", "danh mục", "("};
  bool in_recipients = false;
  bool in_signature = false;
  for (const Line& line : tail) {
    if (BeginsWith(line.text, kRecipients)) {
      in_recipients = true;
      const size_t colon = std::min(line.text.find(':'), line.text.size() - 1);
      AddRecipients(absl::string_view(line.text).substr(colon + 1), head);
    } else if (in_recipients && BeginsWith(line.text, kAppendix)) {
      break;
    } else if (in_recipients && !in_signature && absl::StartsWith(line.text, "-")) {
      AddRecipients(line.text, head);
    } else if (in_recipients) {
      in_signature = true;
      AddSigner(line.text, head);
    }
  }
}

void ReadBases(const std::vector<Line>& lines, size_t first, PlanHead& head) {
  static const std::vector<Phrase> kOpenings = {"căn cứ", "thực hiện", "theo"};
  for (size_t i = first; i < lines.size(); ++i) {
    if (!BeginsWith(lines[i].text, kOpenings)) continue;
    head.bases.emplace_back(TrimmedOfMarks(lines[i].text));
  }
}

}  // namespace

HeadAndYear ReadHead(const Outline& outline, Problems& problems) {
  HeadAndYear read;
  PlanHead& head = read.head;
  bool has_number = false;
  bool has_date = false;
  for (size_t i = 0; i < outline.head.size(); ++i) {
    const std::string& line = outline.head[i].text;
    has_number = has_number || ReadNumber(line, head);
    has_date = has_date || ReadPlaceAndDate(line, head);
    if (head.kind.empty() && ReadKind(line, head)) {
      if (head.title.empty() && i + 1 < outline.head.size()) head.title = outline.head[++i].text;
      ReadBases(outline.head, i + 1, head);
    }
  }
  read.year = YearIn(head.title).value_or(0);
  head.issuer = IssuerOf(outline);
  ReadRecipientsAndSigner(outline.tail, head);

  std::vector<std::string> missing_vi;
  std::vector<std::string> missing;
  const auto require = [&](bool is_there, std::string vi, std::string en) {
    if (is_there) return;
    missing_vi.push_back(std::move(vi));
    missing.push_back(std::move(en));
  };
  require(has_number, "dòng \"Số: …/ký hiệu\"", "symbol");
  require(has_date, "địa danh, ngày tháng năm", "date");
  require(!head.kind.empty() && !head.title.empty(), "tên kế hoạch", "title");
  require(read.year > 0, "năm kế hoạch trong tên", "year");
  require(!head.issuer.empty(), "cơ quan ban hành", "issuer");
  require(!head.signer_name.empty(), "người ký", "signer");
  if (!missing.empty()) {
    problems.Add(error::PlanNoHead(absl::StrJoin(missing_vi, ", "), absl::StrJoin(missing, ", ")));
  }
  return read;
}

}  // namespace dondoc::registry::plan
