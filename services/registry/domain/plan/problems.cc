#include "services/registry/domain/plan/problems.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace dondoc::registry::plan {

std::string Shortened(absl::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return absl::StrCat(text.substr(0, end), "…");
}

absl::Status Problems::ToStatus() const {
  if (problems_.empty()) return absl::OkStatus();
  const Problem& first = problems_.front();
  Sentence sentence = first.sentence;
  Details details = first.details;
  details["problem_count"] = absl::StrCat(problems_.size());
  if (problems_.size() > 1) {
    const size_t others = problems_.size() - 1;
    absl::StrAppend(&sentence.vi, " Còn ", others, " lỗi khác, xem phần chi tiết.");
    absl::StrAppend(&sentence.en, " ", others, " more problems are in the details.");
  }
  for (size_t i = 1; i < std::min(problems_.size(), kProblemsShownMax); ++i) {
    details[absl::StrCat("problem_", i + 1)] = Shortened(
        absl::StrCat(problems_[i].reason, ": ", problems_[i].sentence.vi), kShownBytesMax);
  }
  return Refuse(absl::StatusCode::kInvalidArgument, first.reason, sentence, details);
}

}  // namespace dondoc::registry::plan
