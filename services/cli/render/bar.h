#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/cli/render/console.h"
#include "services/cli/render/table.h"

namespace dondoc::cli {

// One part of a bar. Glyphs differ too, so that a bar reads without colour.
struct BarPart {
  int64_t count = 0;
  std::string glyph;
  Style style = Style::kPlain;
};

// A bar of exactly `width` columns, divided as the counts are; whatever is not zero gets at least
// one column as long as there are enough. All faint dots when every count is zero.
Cell StackedBar(const std::vector<BarPart>& parts, int width);

// Tells a person how far long work is, on one line of the terminal behind `err` that is cleared at
// the end. Prints nothing where there is no terminal. Not thread-safe.
class ProgressBar {
 public:
  ProgressBar(const Console& console, std::string label, int64_t total);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void Set(int64_t done);

 private:
  const Console& console_;
  const std::string label_;
  const int64_t total_;
  int shown_permille_ = -1;
};

}  // namespace dondoc::cli
