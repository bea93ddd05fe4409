#pragma once

namespace dondoc::registry {

// How far work is (tiến độ): the first of two axes, the other being Timeliness.
enum class Progress { kNotStarted, kInProgress, kSubmitted, kDone, kSuspended, kNotArising };

// Nothing is left to do: the result was accepted, be it that nothing arose.
constexpr bool IsDone(Progress progress) {
  return progress == Progress::kDone || progress == Progress::kNotArising;
}

// How far along, for a roll-up in which the least advanced part speaks for the whole.
constexpr int StepOf(Progress progress) {
  switch (progress) {
    case Progress::kNotStarted:
      return 0;
    case Progress::kSuspended:
      return 1;
    case Progress::kInProgress:
      return 2;
    case Progress::kSubmitted:
      return 3;
    case Progress::kDone:
      return 4;
    case Progress::kNotArising:
      return 5;
  }
  return 0;
}

constexpr Progress LeastAdvanced(Progress a, Progress b) { return StepOf(a) <= StepOf(b) ? a : b; }

}  // namespace dondoc::registry
