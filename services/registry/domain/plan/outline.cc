#include "services/registry/domain/plan/outline.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/registry/domain/plan/words.h"

namespace dondoc::registry::plan {
namespace {

constexpr int kPointsMax = 99;
// A marker or the beginning of the tail shows in so many words.
constexpr size_t kMarkerWordsMax = 4;

// What stands after "II. ", "2. " or "đ) " at the front of a line.
struct Marker {
  std::string mark;
  std::string text;
};

absl::string_view WithoutBullet(absl::string_view line) {
  for (const absl::string_view bullet : {"- ", "– ", "+ ", "• "}) {
    if (absl::StartsWith(line, bullet)) return Trimmed(line.substr(bullet.size()));
  }
  return line;
}

// A mark of `words[0]` and the sign `sign` right behind it.
std::optional<Marker> MarkerOf(absl::string_view line, const Words& words, absl::string_view sign) {
  if (!IsSymbol(words, 1, sign) || !TouchesPrevious(words, 1)) return std::nullopt;
  return Marker{.mark = std::string(Between(line, words, 0, 1)),
                .text = std::string(Trimmed(line.substr(words[1].end)))};
}

std::optional<Marker> PartMarker(absl::string_view line, const Words& words) {
  if (words.empty() || !RomanNumeral(words[0].key)) return std::nullopt;
  std::optional<Marker> marker = MarkerOf(line, words, ".");
  if (!marker || !IsAllCapitals(marker->mark) || marker->text.empty()) return std::nullopt;
  return marker;
}

std::optional<Marker> PointMarker(absl::string_view line, const Words& words) {
  const std::optional<int> number = WholeNumberAt(words, 0);
  if (!number || *number < 1 || *number > kPointsMax) return std::nullopt;
  return MarkerOf(line, words, ".");
}

// One small letter of the Vietnamese alphabet and ")".
std::optional<Marker> ItemMarker(absl::string_view line, const Words& words) {
  if (words.empty() || words[0].kind != WordKind::kLetters) return std::nullopt;
  std::optional<Marker> marker = MarkerOf(line, words, ")");
  const bool is_letter =
      marker && !IsAllCapitals(marker->mark) && (marker->mark.size() == 1 || marker->mark == "đ");
  return is_letter ? marker : std::nullopt;
}

bool BeginsTheTail(const Words& words) {
  static const std::vector<Phrase> kClosings = {"trên đây là", "nơi nhận", "( đính kèm",
                                                "( kèm theo"};
  return LongestAt(kClosings, words, 0) > 0;
}

void AppendParagraph(absl::string_view paragraph, std::string& text) {
  if (!text.empty()) text += " ";
  absl::StrAppend(&text, paragraph);
}

class OutlineReader {
 public:
  Outline Read(const std::vector<Line>& lines) {
    for (const Line& line : lines) {
      for (const std::string& cell : CellsOf(line)) {
        if (!cell.empty() && !line.is_footnote) {
          Place({.number = line.number, .text = cell, .is_footnote = false});
        }
      }
    }
    return std::move(outline_);
  }

 private:
  void Place(Line line) {
    const absl::string_view text = WithoutBullet(line.text);
    const Words words = FirstWords(text, kMarkerWordsMax);
    if (in_tail_ || (!outline_.parts.empty() && BeginsTheTail(words))) {
      in_tail_ = true;
      outline_.tail.push_back(std::move(line));
    } else if (const auto part = PartMarker(text, words)) {
      outline_.parts.push_back({.numeral = part->mark, .title = part->text});
    } else if (outline_.parts.empty()) {
      outline_.head.push_back(std::move(line));
    } else {
      PlaceInPart(text, words, outline_.parts.back());
    }
  }

  static void PlaceInPart(absl::string_view text, const Words& words, OutlinePart& part) {
    if (const auto point = PointMarker(text, words)) {
      part.points.push_back({.number = *WholeNumberAt(words, 0), .title = point->text});
      return;
    }
    // What stands between the title of a part and its first point only introduces it.
    if (part.points.empty()) return;
    OutlinePoint& point = part.points.back();
    if (const auto item = ItemMarker(text, words)) {
      point.items.push_back({.letter = item->mark, .text = item->text});
    } else {
      AppendParagraph(text, point.items.empty() ? point.text : point.items.back().text);
    }
  }

  Outline outline_;
  bool in_tail_ = false;
};

}  // namespace

Outline OutlineOf(const std::vector<Line>& lines) { return OutlineReader().Read(lines); }

std::string ClauseOf(const OutlinePart& part, const OutlinePoint& point, absl::string_view letter) {
  const std::string clause = absl::StrCat(part.numeral, ".", point.number);
  return letter.empty() ? clause : clause + "." + std::string(letter);
}

const OutlinePart* FindPart(const Outline& outline, absl::string_view words) {
  const Phrase phrase(words);
  for (const OutlinePart& part : outline.parts) {
    if (phrase.FindIn(WordsOf(part.title))) return &part;
  }
  return nullptr;
}

}  // namespace dondoc::registry::plan
