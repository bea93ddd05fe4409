#include "services/notification/domain/wording.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/calendar/dates.h"

namespace dondoc::notification {
namespace {

constexpr size_t kTitleLetters = 160;

// The part of a resource name after `collection`: "29" of "plans/a/tasks/29/phases/1" for "tasks".
std::string IdAfter(absl::string_view collection, absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    if (parts[i] == collection) return std::string(parts[i + 1]);
  }
  return "";
}

std::string Days(int64_t days) { return absl::StrCat(days, days == 1 ? " day" : " days"); }

Sentence InspectionName(absl::string_view subject) {
  const std::string number = IdAfter("inspections", subject);
  const std::string year = IdAfter("programmes", subject);
  return {.vi = absl::StrCat("cuộc kiểm tra số ", number, " năm ", year),
          .en = absl::StrCat("inspection ", number, " of ", year)};
}

// What the date is called: work has a deadline, an inspection has a day.
Sentence DateWords(DeadlineKind kind, absl::CivilDay due) {
  const std::string date = calendar::FormatVietnamese(due);
  if (kind == DeadlineKind::kInspection) {
    return {.vi = absl::StrCat("ngày kiểm tra ", date),
            .en = absl::StrCat("the inspection on ", date)};
  }
  return {.vi = absl::StrCat("đến hạn ", date), .en = absl::StrCat("the deadline ", date)};
}

Sentence TodayWords(DeadlineKind kind, absl::CivilDay due) {
  const std::string date = calendar::FormatVietnamese(due);
  if (kind == DeadlineKind::kInspection) {
    return {.vi = absl::StrCat("hôm nay ", date, " là ngày kiểm tra"),
            .en = absl::StrCat("the inspection is today, ", date)};
  }
  return {.vi = absl::StrCat("hôm nay ", date, " đến hạn"),
          .en = absl::StrCat("due today, ", date)};
}

Sentence PassedWords(DeadlineKind kind, absl::CivilDay due, int64_t days) {
  const std::string date = calendar::FormatVietnamese(due);
  if (kind == DeadlineKind::kInspection) {
    return {.vi = absl::StrCat("ngày kiểm tra là ", date),
            .en = absl::StrCat("the inspection was on ", date)};
  }
  return {.vi = absl::StrCat("quá hạn ", days, " ngày (hạn ", date, ")"),
          .en = absl::StrCat(Days(days), " overdue (due ", date, ")")};
}

Sentence CheckInWords(const Telling& telling) {
  const std::string cut_off = calendar::FormatVietnamese(telling.due - telling.days_left);
  const std::string due = calendar::FormatVietnamese(telling.due);
  return {
      .vi = absl::StrCat("đề nghị báo cáo tiến độ (chốt số liệu ", cut_off, ", hạn ", due, ")"),
      .en = absl::StrCat("please report progress (data close on ", cut_off, ", due ", due, ")")};
}

Sentence StandingWords(DeadlineKind kind, const Telling& telling) {
  if (telling.kind == NoticeKind::kCheckIn) return CheckInWords(telling);
  const int64_t left = telling.due - telling.told_on;
  if (left == 0) return TodayWords(kind, telling.due);
  if (left < 0) return PassedWords(kind, telling.due, -left);
  const Sentence date = DateWords(kind, telling.due);
  return {.vi = absl::StrCat("còn ", left, " ngày ",
                             kind == DeadlineKind::kInspection ? "đến " : "", date.vi),
          .en = absl::StrCat(Days(left), " to ", date.en)};
}

Sentence LateWords(const Telling& telling) {
  const int64_t late = telling.told_on - telling.planned_on;
  if (late <= 0) return {};
  return {.vi = absl::StrCat(" (báo muộn ", late, " ngày)"),
          .en = absl::StrCat(" (told ", Days(late), " late)")};
}

}  // namespace

std::string Clip(absl::string_view text, size_t letters) {
  size_t seen = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool starts_letter = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (!starts_letter) continue;
    if (seen == letters) return absl::StrCat(text.substr(0, i), "…");
    ++seen;
  }
  return std::string(text);
}

std::string GroupOf(const Matter& matter) {
  return matter.subject.substr(0, matter.subject.find("/phases/"));
}

Sentence Heading(const Matter& matter) {
  const std::string title = Clip(matter.title, kTitleLetters);
  switch (matter.kind) {
    case DeadlineKind::kPhase:
    case DeadlineKind::kCheckIn: {
      const std::string number = IdAfter("tasks", matter.subject);
      return {.vi = absl::StrCat("Nhiệm vụ ", number, ": ", title),
              .en = absl::StrCat("Task ", number, ": ", title)};
    }
    case DeadlineKind::kReport:
      return {.vi = absl::StrCat("Báo cáo định kỳ ", title),
              .en = absl::StrCat("Periodic report ", title)};
    case DeadlineKind::kInspection: {
      const Sentence name = InspectionName(matter.subject);
      return {.vi = absl::StrCat("Lịch ", name.vi), .en = absl::StrCat("Date of ", name.en)};
    }
    case DeadlineKind::kRemedy: {
      const Sentence name = InspectionName(matter.subject);
      return {.vi = absl::StrCat("Khắc phục kết luận ", name.vi, ": ", title),
              .en = absl::StrCat("Finding of ", name.en, ": ", title)};
    }
  }
  return {};
}

Sentence ShortText(const Matter& matter, const Telling& telling) {
  const std::string label =
      matter.label.empty() ? "" : absl::StrCat(Clip(matter.label, kTitleLetters), ": ");
  const Sentence words = StandingWords(matter.kind, telling);
  const Sentence late = LateWords(telling);
  return {.vi = absl::StrCat(label, words.vi, late.vi, "."),
          .en = absl::StrCat(label, words.en, late.en, ".")};
}

Sentence NoticeText(const Matter& matter, const Telling& telling) {
  const Sentence heading = Heading(matter);
  const Sentence text = ShortText(matter, telling);
  return {.vi = absl::StrCat(heading.vi, " – ", text.vi),
          .en = absl::StrCat(heading.en, " – ", text.en)};
}

}  // namespace dondoc::notification
