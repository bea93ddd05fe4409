#include "services/cli/render/bar.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dondoc::cli {
namespace {

constexpr int kProgressWidth = 30;

// Divides `width` columns by the counts: whole columns first, then one more for the largest rests.
std::vector<int> Divide(const std::vector<BarPart>& parts, int64_t total, int width) {
  std::vector<int> columns;
  std::vector<std::pair<int64_t, size_t>> rests;
  int given = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    const int64_t scaled = parts[i].count * width;
    const int whole = static_cast<int>(scaled / total);
    columns.push_back(std::max(whole, parts[i].count > 0 ? 1 : 0));
    given += columns.back();
    rests.emplace_back(-(scaled % total), i);
  }
  std::sort(rests.begin(), rests.end());
  for (size_t i = 0; given < width; i = (i + 1) % rests.size()) {
    if (parts[rests[i].second].count == 0) continue;
    ++columns[rests[i].second];
    ++given;
  }
  // The columns that small parts were granted are taken from the largest.
  while (given > width) {
    --*std::max_element(columns.begin(), columns.end());
    --given;
  }
  return columns;
}

std::string Repeat(absl::string_view glyph, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) absl::StrAppend(&text, glyph);
  return text;
}

}  // namespace

Cell StackedBar(const std::vector<BarPart>& parts, int width) {
  const int64_t total =
      std::accumulate(parts.begin(), parts.end(), int64_t{0},
                      [](int64_t sum, const BarPart& part) { return sum + part.count; });
  if (total == 0) {
    return Cell(std::vector<Span>{{Repeat("·", width), Style::kFaint}, {"", Style::kPlain}});
  }
  std::vector<Span> spans;
  const std::vector<int> columns = Divide(parts, total, width);
  for (size_t i = 0; i < parts.size(); ++i) {
    spans.push_back(Span{Repeat(parts[i].glyph, columns[i]), parts[i].style});
  }
  return Cell(std::move(spans));
}

ProgressBar::ProgressBar(const Console& console, std::string label, int64_t total)
    : console_(console), label_(std::move(label)), total_(std::max<int64_t>(total, 1)) {
  Set(0);
}

ProgressBar::~ProgressBar() {
  if (console_.err_is_terminal) console_.err << "\r\x1b[K" << std::flush;
}

void ProgressBar::Set(int64_t done) {
  const int permille = static_cast<int>(std::min(done, total_) * 1000 / total_);
  // A terminal that is redrawn for each of a million rows is slower than the work.
  if (!console_.err_is_terminal || permille == shown_permille_) return;
  shown_permille_ = permille;
  const int filled = permille * kProgressWidth / 1000;
  console_.err << "\r\x1b[K" << label_ << ' '
               << Paint(console_.err_colour, Style::kGood, Repeat("█", filled))
               << Paint(console_.err_colour, Style::kFaint, Repeat("░", kProgressWidth - filled))
               << ' ' << done << '/' << total_ << std::flush;
}

}  // namespace dondoc::cli
