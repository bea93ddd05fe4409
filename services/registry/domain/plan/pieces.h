#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/registry/domain/plan/plan_document.h"

namespace dondoc::registry::plan {

// A phrase with at most one figure.
struct Piece {
  std::string text;
  bool is_nested = false;  // begins with "trong đó" or "trong số đó"
};

struct Pieces {
  std::vector<Piece> pieces;  // one at least, when the text is not blank
  bool has_figure = false;
  // As in Quantities; also false when two figures stand in one phrase that nothing divides.
  bool understood = true;
  bool bare_duration = false;
};

// Cuts a clause or a cell into phrases: at ";", at the end of a sentence, before "trong đó", and
// between two figures at a comma or "và" that touches one of them. Not inside brackets. A text
// without any figure is left whole.
Pieces PiecesOf(absl::string_view text);

// What a piece says. Without id, clause and task, which are the caller's; effective from 1 January
// of `year` unless the piece says "từ tháng 7 năm 2023".
PlanTarget TargetOf(const Piece& piece, int year);

}  // namespace dondoc::registry::plan
