#include "services/notification/domain/wording.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/notification/domain/digest.h"

namespace dondoc::notification {
namespace {

constexpr absl::CivilDay kDue(2023, 3, 31);

Matter TaskOf(const std::string& number, const std::string& title) {
  return {.kind = DeadlineKind::kPhase,
          .subject = "plans/cchc-2023/tasks/" + number + "/phases/1/assignments/van-phong",
          .title = title};
}

Telling OnTime(NoticeKind kind, int days_left) {
  return {.kind = kind,
          .days_left = days_left,
          .due = kDue,
          .planned_on = kDue - days_left,
          .told_on = kDue - days_left};
}

Telling ToldOn(NoticeKind kind, int days_left, absl::CivilDay told_on) {
  Telling telling = OnTime(kind, days_left);
  telling.told_on = told_on;
  return telling;
}

struct Case {
  const char* claim;
  DeadlineKind kind;
  Telling telling;
  std::string vi;
  std::string en;
};

TEST(Wording, SaysWhereTheDeadlineStandsOnTheDayItIsTold) {
  const Case cases[] = {
      {"before", DeadlineKind::kPhase, OnTime(NoticeKind::kBeforeDue, 7),
       "còn 7 ngày đến hạn 31/03/2023.", "7 days to the deadline 31/03/2023."},
      {"the day before", DeadlineKind::kPhase, OnTime(NoticeKind::kBeforeDue, 1),
       "còn 1 ngày đến hạn 31/03/2023.", "1 day to the deadline 31/03/2023."},
      {"a reminder two days late", DeadlineKind::kPhase,
       ToldOn(NoticeKind::kBeforeDue, 7, kDue - 5),
       "còn 5 ngày đến hạn 31/03/2023 (báo muộn 2 ngày).",
       "5 days to the deadline 31/03/2023 (told 2 days late)."},
      {"on the day", DeadlineKind::kReport, OnTime(NoticeKind::kDue, 0),
       "hôm nay 31/03/2023 đến hạn.", "due today, 31/03/2023."},
      {"the day itself, told late", DeadlineKind::kPhase, ToldOn(NoticeKind::kDue, 0, kDue + 2),
       "quá hạn 2 ngày (hạn 31/03/2023) (báo muộn 2 ngày).",
       "2 days overdue (due 31/03/2023) (told 2 days late)."},
      {"overdue", DeadlineKind::kRemedy, OnTime(NoticeKind::kOverdue, -4),
       "quá hạn 4 ngày (hạn 31/03/2023).", "4 days overdue (due 31/03/2023)."},
      {"a check-in", DeadlineKind::kPhase, OnTime(NoticeKind::kCheckIn, 17),
       "đề nghị báo cáo tiến độ (chốt số liệu 14/03/2023, hạn 31/03/2023).",
       "please report progress (data close on 14/03/2023, due 31/03/2023)."},
      {"before an inspection", DeadlineKind::kInspection, OnTime(NoticeKind::kBeforeDue, 3),
       "còn 3 ngày đến ngày kiểm tra 31/03/2023.", "3 days to the inspection on 31/03/2023."},
      {"the day of an inspection", DeadlineKind::kInspection, OnTime(NoticeKind::kDue, 0),
       "hôm nay 31/03/2023 là ngày kiểm tra.", "the inspection is today, 31/03/2023."},
      {"the day of an inspection, told late", DeadlineKind::kInspection,
       ToldOn(NoticeKind::kDue, 0, kDue + 1), "ngày kiểm tra là 31/03/2023 (báo muộn 1 ngày).",
       "the inspection was on 31/03/2023 (told 1 day late)."},
  };
  for (const Case& row : cases) {
    const Sentence text = ShortText({.kind = row.kind}, row.telling);
    EXPECT_EQ(text.vi, row.vi) << row.claim;
    EXPECT_EQ(text.en, row.en) << row.claim;
  }
}

TEST(Wording, NamesTheWorkByKind) {
  EXPECT_EQ(Heading(TaskOf("29", "Rà soát")).vi, "Nhiệm vụ 29: Rà soát");
  EXPECT_EQ(Heading({.kind = DeadlineKind::kReport, .title = "quý I"}).vi, "Báo cáo định kỳ quý I");
  EXPECT_EQ(
      Heading({.kind = DeadlineKind::kInspection, .subject = "programmes/2023/inspections/3"}).vi,
      "Lịch cuộc kiểm tra số 3 năm 2023");
  EXPECT_EQ(Heading({.kind = DeadlineKind::kRemedy,
                     .subject = "programmes/2023/inspections/3/findings/1",
                     .title = "thiếu sổ theo dõi"})
                .vi,
            "Khắc phục kết luận cuộc kiểm tra số 3 năm 2023: thiếu sổ theo dõi");
}

TEST(Wording, CutsLongTextBetweenLetters) {
  EXPECT_EQ(Clip("đôn đốc", 7), "đôn đốc");
  EXPECT_EQ(Clip("đôn đốc", 6), "đôn đố…");
  EXPECT_EQ(Clip("", 3), "");
}

TEST(Digest, GroupsByTaskWithTheMostUrgentFirst) {
  Matter first_phase = TaskOf("2", "Tuyên truyền");
  first_phase.label = "Ban hành kế hoạch";
  Matter second_phase = first_phase;
  second_phase.subject = "plans/cchc-2023/tasks/2/phases/2/assignments/van-phong";
  second_phase.label = "Thực hiện";
  const DigestText digest =
      WriteDigest("Văn phòng Sở",
                  {{first_phase, OnTime(NoticeKind::kDue, 0)},
                   {TaskOf("7", "Kiểm tra"), OnTime(NoticeKind::kOverdue, -4)},
                   {second_phase, OnTime(NoticeKind::kBeforeDue, 30)},
                   {TaskOf("9", "Đánh giá"), OnTime(NoticeKind::kCheckIn, 17)}},
                  0);
  EXPECT_EQ(digest.subject,
            "[Đôn đốc] 3 việc cần chú ý: 1 quá hạn, 1 đến hạn hôm nay, 1 cần báo cáo tiến độ");
  EXPECT_EQ(digest.body,
            "Kính gửi Văn phòng Sở,\n\n3 việc cần chú ý:\n\n"
            "1. Nhiệm vụ 7: Kiểm tra\n   - quá hạn 4 ngày (hạn 31/03/2023).\n"
            "2. Nhiệm vụ 2: Tuyên truyền\n"
            "   - Ban hành kế hoạch: hôm nay 31/03/2023 đến hạn.\n"
            "   - Thực hiện: còn 30 ngày đến hạn 31/03/2023.\n"
            "3. Nhiệm vụ 9: Đánh giá\n"
            "   - đề nghị báo cáo tiến độ (chốt số liệu 14/03/2023, hạn 31/03/2023).\n"
            "\n---\n\nDear Văn phòng Sở,\n\n3 items need your attention:\n\n"
            "1. Task 7: Kiểm tra\n   - 4 days overdue (due 31/03/2023).\n"
            "2. Task 2: Tuyên truyền\n"
            "   - Ban hành kế hoạch: due today, 31/03/2023.\n"
            "   - Thực hiện: 30 days to the deadline 31/03/2023.\n"
            "3. Task 9: Đánh giá\n"
            "   - please report progress (data close on 14/03/2023, due 31/03/2023).\n");
}

TEST(Digest, CountsWhatItDoesNotSpellOut) {
  std::vector<DigestItem> items;
  for (int i = 1; i <= 103; ++i) {
    items.push_back({TaskOf(std::to_string(i), "Việc"), OnTime(NoticeKind::kDue, 0)});
  }
  const DigestText digest = WriteDigest("Văn phòng Sở", items, 897);
  EXPECT_THAT(digest.subject, ::testing::StartsWith("[Đôn đốc] 103+ việc cần chú ý"));
  EXPECT_THAT(digest.body, ::testing::HasSubstr("… và 900 thông báo khác trong hộp thông báo."));
  EXPECT_THAT(digest.body, ::testing::HasSubstr("… and 900 more notices in the inbox."));
}

}  // namespace
}  // namespace dondoc::notification
