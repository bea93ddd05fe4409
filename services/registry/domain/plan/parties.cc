#include "services/registry/domain/plan/parties.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/base/text.h"

namespace dondoc::registry::plan {
namespace {

// What the name of a unit or body begins with. The vocabulary of Vietnamese administration; a piece
// of a cell that begins otherwise belongs to the name before it.
const std::vector<Phrase>& UnitHeads() {
  static const std::vector<Phrase> kHeads = {
      "văn phòng", "phòng",     "chi cục",   "cục",
      "trung tâm", "thanh tra", "ban",       "sở",
      "bộ",        "viện",      "trường",    "bệnh viện",
      "quỹ",       "vườn ươm",  "tổ",        "bộ phận",
      "lãnh đạo",  "giám đốc",  "công đoàn", "đoàn thanh niên",
      "đảng ủy",   "chi bộ",    "ubnd",      "ủy ban nhân dân",
      "hđnd",      "hội đồng",  "hội",       "chủ tịch",
      "thành ủy",  "tỉnh ủy",   "công an",   "kho bạc",
      "cổng",      "báo",       "đài"};
  return kHeads;
}

const std::vector<Phrase>& GroupHeads() {
  static const std::vector<Phrase> kHeads = {"các", "tất cả", "toàn bộ", "toàn thể",
                                             "mỗi", "từng",   "những"};
  return kHeads;
}

// Fields of the departments and ministries, as the law names them.
const std::vector<Phrase>& Fields() {
  static const std::vector<Phrase> kFields = {"nội vụ",
                                              "tư pháp",
                                              "tài chính",
                                              "kế hoạch và đầu tư",
                                              "công thương",
                                              "nông nghiệp và phát triển nông thôn",
                                              "nông nghiệp và môi trường",
                                              "giao thông vận tải",
                                              "xây dựng",
                                              "tài nguyên và môi trường",
                                              "thông tin và truyền thông",
                                              "lao động - thương binh và xã hội",
                                              "lao động thương binh và xã hội",
                                              "văn hóa và thể thao",
                                              "văn hóa thể thao và du lịch",
                                              "văn hóa, thể thao và du lịch",
                                              "khoa học và công nghệ",
                                              "giáo dục và đào tạo",
                                              "y tế",
                                              "ngoại vụ",
                                              "ngoại giao",
                                              "du lịch",
                                              "quốc phòng",
                                              "công an"};
  return kFields;
}

size_t PlaceLength(const Words& words, size_t at) {
  static const std::vector<Phrase> kPlaces = {"thành phố", "tp", "tỉnh",  "quận",
                                              "huyện",     "xã", "phường"};
  const size_t place = LongestAt(kPlaces, words, at);
  // "TP." is an abbreviation, not the end of a sentence.
  return place > 0 && IsSymbol(words, at + place, ".") && TouchesPrevious(words, at + place)
             ? place + 1
             : place;
}

bool SameName(absl::string_view a, absl::string_view b) {
  return ComparisonKey(a) == ComparisonKey(b);
}

// Cuts a list without groups into names.
std::vector<std::string> NamesOf(absl::string_view text, absl::string_view separator) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const size_t cut = text.find(separator);
    const std::string piece(TrimmedOfMarks(text.substr(0, cut)));
    text.remove_prefix(cut == absl::string_view::npos ? text.size() : cut + separator.size());
    if (piece.empty()) continue;
    const bool begins_a_name = BeginsWith(piece, UnitHeads());
    if (begins_a_name || names.empty()) {
      names.push_back(piece);
    } else {
      absl::StrAppend(&names.back(), separator, piece);
    }
  }
  return names;
}

PlanParty PartyOf(absl::string_view name, absl::string_view issuer) {
  const Words words = WordsOf(name);
  static const Phrase kRelated("liên quan");
  if (LongestAt(GroupHeads(), words, 0) > 0 || kRelated.FindIn(words)) {
    return {.kind = PartyKind::kGroup, .text = std::string(name)};
  }
  static const std::vector<Phrase> kOutside = {"sở", "bộ"};
  static const Phrase kDesk("bộ phận");
  const bool is_outside =
      StateBodyLength(words, 0) > 0 || (LongestAt(kOutside, words, 0) > 0 && !kDesk.IsAt(words, 0));
  const bool is_external = is_outside && !SameName(name, issuer) && words.size() > 1;
  return {.kind = is_external ? PartyKind::kExternal : PartyKind::kUnit, .text = std::string(name)};
}

// Where a group begins in `text`: at its start, or after a comma or semicolon.
size_t GroupBegin(absl::string_view text) {
  static const Phrase kAnd("và");
  const Words words = WordsOf(text);
  for (size_t at = 0; at < words.size(); ++at) {
    const bool may_begin = at == 0 || IsSymbol(words, at - 1, ",") ||
                           IsSymbol(words, at - 1, ";") || kAnd.IsAt(words, at - 1);
    if (may_begin && LongestAt(GroupHeads(), words, at) > 0) return words[at].begin;
  }
  return absl::string_view::npos;
}

}  // namespace

bool IsExplicitNone(absl::string_view cell) {
  const absl::string_view text = Trimmed(cell);
  return text == "-" || text == "–" || text == "—";
}

size_t StateBodyLength(const Words& words, size_t at) {
  static const std::vector<Phrase> kWhole = {"thủ tướng chính phủ", "thủ tướng",
                                             "chính phủ",           "quốc hội",
                                             "bộ chính trị",        "văn phòng chính phủ"};
  static const std::vector<Phrase> kCouncils = {"ubnd",
                                                "ủy ban nhân dân",
                                                "hđnd",
                                                "hội đồng nhân dân",
                                                "văn phòng ubnd",
                                                "văn phòng hđnd",
                                                "văn phòng ủy ban nhân dân",
                                                "chủ tịch ubnd",
                                                "chủ tịch ủy ban nhân dân",
                                                "thành ủy",
                                                "tỉnh ủy",
                                                "ban thường vụ thành ủy"};
  static const std::vector<Phrase> kOffices = {"sở", "bộ"};
  if (const size_t whole = LongestAt(kWhole, words, at); whole > 0) return whole;
  if (const size_t council = LongestAt(kCouncils, words, at); council > 0) {
    return council + PlaceLength(words, at + council);
  }
  if (const size_t office = LongestAt(kOffices, words, at); office > 0) {
    const size_t field = LongestAt(Fields(), words, at + office);
    return field > 0 ? office + field : 0;
  }
  return 0;
}

std::vector<PlanParty> PartiesOf(absl::string_view cell, absl::string_view issuer) {
  std::vector<PlanParty> parties;
  absl::string_view text = Trimmed(cell);
  if (text.empty() || IsExplicitNone(text)) return parties;
  const bool is_bulleted = absl::StartsWith(text, "- ") || absl::StartsWith(text, "– ");
  const size_t group = is_bulleted ? absl::string_view::npos : GroupBegin(text);
  const absl::string_view names = text.substr(0, group);
  const absl::string_view separator = is_bulleted                                  ? " - "
                                      : names.find(';') != absl::string_view::npos ? ";"
                                                                                   : ", ";
  for (const std::string& name :
       NamesOf(is_bulleted ? text.substr(text.find(' ') + 1) : names, separator)) {
    parties.push_back(PartyOf(name, issuer));
  }
  if (group != absl::string_view::npos) {
    parties.push_back(PartyOf(TrimmedOfMarks(text.substr(group)), issuer));
  }
  return parties;
}

std::vector<std::string> ExternalBodiesIn(absl::string_view text, absl::string_view issuer,
                                          bool anywhere) {
  static const std::vector<Phrase> kAsked = {"phối hợp", "phối hợp với", "trình", "xin ý kiến",
                                             "xin ý kiến của"};
  std::vector<std::string> bodies;
  const Words words = WordsOf(text);
  for (size_t at = 0; at < words.size(); ++at) {
    const size_t length = StateBodyLength(words, at);
    if (length == 0) continue;
    const std::string body(Between(text, words, at, at + length));
    const bool is_asked = anywhere || LongestBefore(kAsked, words, at) > 0;
    const bool is_known = std::find(bodies.begin(), bodies.end(), body) != bodies.end();
    if (is_asked && !is_known && !SameName(body, issuer)) bodies.push_back(body);
    at += length - 1;
  }
  return bodies;
}

}  // namespace dondoc::registry::plan
