#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/registry/domain/plan/document_lines.h"

namespace dondoc::registry::plan {

// "đ) 100% TTHC nội bộ …": an item with a letter.
struct OutlineItem {
  std::string letter;  // "đ"
  std::string text;    // with the paragraphs below it, if any
};

// "2. Về cải cách thủ tục hành chính": a point with a number.
struct OutlinePoint {
  int number = 0;
  std::string title;
  std::string text = {};  // the paragraphs below it that have no letter
  std::vector<OutlineItem> items = {};
};

// "I. MỤC TIÊU": a part with a Roman numeral.
struct OutlinePart {
  std::string numeral;
  std::string title;
  std::vector<OutlinePoint> points = {};
};

// The text of a plan before its appendix. Footnotes are left out: they explain, they ask nothing.
struct Outline {
  std::vector<Line> head;  // before part I
  std::vector<OutlinePart> parts;
  std::vector<Line> tail;  // the closing paragraph, "Nơi nhận", the signature, the appendix's title
};

// Every line is a paragraph. A cell of a table outside the appendix (letterhead, signature) is a
// paragraph too.
Outline OutlineOf(const std::vector<Line>& lines);

// "I.2.đ"; "I.2" without a letter.
std::string ClauseOf(const OutlinePart& part, const OutlinePoint& point, absl::string_view letter);

// The first part whose title has `words` in it; null when there is none.
const OutlinePart* FindPart(const Outline& outline, absl::string_view words);

}  // namespace dondoc::registry::plan
