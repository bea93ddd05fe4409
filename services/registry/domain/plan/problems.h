#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "libs/base/refusal.h"

namespace dondoc::registry::plan {

// At most `bytes_max` bytes of `text`, cut between letters and ended with "…" when it was longer.
std::string Shortened(absl::string_view text, size_t bytes_max);

// One thing in the document that the reader refuses.
struct Problem {
  std::string reason;
  Sentence sentence;
  Details details;
};

// Everything that is wrong, so that an Office mends a document once and not row by row. The first
// problem speaks: its reason, its sentence, its details. The others are in the details as
// "problem_2", "problem_3", … with their reasons and Vietnamese sentences, and "problem_count" says
// how many there are. Problems past kProblemsShownMax are counted, not shown: a status travels in
// the trailers of a call, which gRPC limits to 8 KiB.
class Problems {
 public:
  static constexpr size_t kProblemsShownMax = 12;
  static constexpr size_t kShownBytesMax = 240;

  void Add(Problem problem) { problems_.push_back(std::move(problem)); }
  bool empty() const { return problems_.empty(); }
  const std::vector<Problem>& all() const { return problems_; }

  // OK when there is none; otherwise INVALID_ARGUMENT as described above.
  absl::Status ToStatus() const;

 private:
  std::vector<Problem> problems_;
};

}  // namespace dondoc::registry::plan
