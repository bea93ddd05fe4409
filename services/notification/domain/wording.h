#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "libs/base/refusal.h"
#include "services/notification/domain/types.h"

namespace dondoc::notification {

// What a notice is about, as the events told it.
struct Matter {
  DeadlineKind kind = DeadlineKind::kPhase;
  // Resource name of what is due.
  std::string subject = {};
  // The words of the task, of the report or of the finding; empty for an inspection.
  std::string title = {};
  // The step of the task ("Ban hành kế hoạch"); mostly empty.
  std::string label = {};
};

// One notice, as far as its words depend on it. They depend on nothing else, so that the same
// notice reads the same whenever it is asked for.
struct Telling {
  NoticeKind kind = NoticeKind::kBeforeDue;
  int days_left = 0;
  absl::CivilDay due = {};
  // The days on which it had to be told and was told.
  absl::CivilDay planned_on = {};
  absl::CivilDay told_on = {};
};

// What several notices about one piece of work are grouped by: the task of a phase, else the
// subject.
std::string GroupOf(const Matter& matter);

// "Nhiệm vụ 29: Xây dựng kế hoạch …". Long words of a plan are cut after 160 letters.
Sentence Heading(const Matter& matter);

// "Ban hành kế hoạch: còn 7 ngày đến hạn 31/03/2023." Tells the truth of the day on which it is
// said: a reminder that comes two days late says five days, and that it is late.
Sentence ShortText(const Matter& matter, const Telling& telling);

// Heading and short text in one sentence: the text of a notice.
Sentence NoticeText(const Matter& matter, const Telling& telling);

// The first `letters` code points of `text`, with "…" when something was cut.
std::string Clip(absl::string_view text, size_t letters);

}  // namespace dondoc::notification
