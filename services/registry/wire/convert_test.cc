#include "services/registry/wire/convert.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/clock.h"
#include "libs/base/status_matchers.h"

namespace dondoc::registry {
namespace {

using absl::CivilDay;
using testing::IsOk;
using testing::Refuses;

const absl::Time kMoment = absl::FromUnixMicros(1'675'000'000'123'456);
constexpr CivilDay kToday(2023, 2, 6);

// What is kept and read back is kept as the same bytes again: nothing is lost on the way.
template <typename Message>
void ExpectSame(const Message& kept, const Message& again) {
  EXPECT_EQ(again.DebugString(), kept.DebugString());
}

TEST(AUnit, ComesBackAsItWasKept) {
  const Unit unit = Unit::Restore({.id = "chi-cuc",
                                   .display_name = "Chi cục",
                                   .aliases = {"CC", "Chi cục Đo lường"},
                                   .kind = UnitKind::kSubDepartment,
                                   .parent = "so",
                                   .valid_from = CivilDay(2020, 1, 1),
                                   .valid_to = CivilDay(2023, 7, 1),
                                   .successor = "phong-a",
                                   .decision = "9/QĐ",
                                   .email = "cc@minhhoa.vn",
                                   .illustrative = true});
  const pb::Unit kept = ToProto(unit, 7);
  EXPECT_EQ(kept.etag(), "\"7\"");
  ExpectSame(kept, ToProto(RestoreUnit(kept), 7));
}

Task FullTask(int units) {
  Task task;
  task.key = {.plan = "p", .number = 34};
  task.section = "VI";
  task.cells = {"Nội dung", "Nghị quyết (nếu có)", "Các đơn vị; Văn phòng", "Sở Nội vụ", "Cả năm"};
  task.leads = {{PartyKind::kGroup, "Các đơn vị", ""},
                {PartyKind::kUnit, "Văn phòng", "van-phong"}};
  task.coordinators = {{PartyKind::kExternal, "Sở Nội vụ", ""}};
  task.conditional_product = true;
  Phase phase;
  phase.label = "Thực hiện";
  phase.time_text = "Cả năm 2023";
  phase.window_start = CivilDay(2023, 1, 1);
  phase.due = CivilDay(2024, 1, 31);
  phase.printed_due = CivilDay(2023, 12, 31);
  phase.moves = {{CivilDay(2023, 12, 31), CivilDay(2024, 1, 31), "12/QĐ", "chậm", "an", kMoment}};
  phase.assignment_count = 3;
  phase.done_count = 3;
  phase.completed = CivilDay(2023, 11, 2);
  phase.progress = Progress::kDone;
  task.phases = {phase};
  GroupResolution resolution;
  for (int i = 0; i < units; ++i) resolution.units.push_back(absl::StrCat("u", i));
  resolution.exclusions = {{"x", "không có"}};
  resolution.actor = "an";
  resolution.resolve_time = kMoment;
  resolution.by_rule = true;
  task.resolution = resolution;
  return task;
}

TEST(ATask, ComesBackAsItWasKept) {
  const pb::Task kept = ToProto(FullTask(2), 3, kToday);
  EXPECT_EQ(kept.phases(0).timeliness(), pb::TIMELINESS_DONE_EARLY);
  ExpectSame(kept, ToProto(RestoreTask(kept), 3, kToday));
}

// A rule by kind may oblige more units than one request may name.
TEST(ATask, MayBeResolvedIntoThousandsOfUnits) {
  const pb::Task kept = ToProto(FullTask(5'000), 3, kToday);
  EXPECT_EQ(RestoreTask(kept).resolution->units.size(), 5'000u);
  EXPECT_THAT(ReadUnitNames("units", kept.resolution().units()), Refuses("TOO_MANY_ITEMS"));
}

TEST(ATask, IsDerivedFromItsPhases) {
  pb::Task task = ToProto(FullTask(1), 3, kToday);
  pb::Phase& open = *task.add_phases();
  open = task.phases(0);
  open.clear_completed_date();
  open.set_progress(pb::PROGRESS_IN_PROGRESS);
  Derive(task, CivilDay(2024, 1, 31));
  EXPECT_EQ(task.progress(), pb::PROGRESS_IN_PROGRESS);
  EXPECT_EQ(task.timeliness(), pb::TIMELINESS_DUE_SOON);
  Derive(task, CivilDay(2024, 2, 1));
  EXPECT_EQ(task.timeliness(), pb::TIMELINESS_OVERDUE);
}

Assignment FullAssignment() {
  AssignmentState state;
  state.key = {.phase = {.task = {.plan = "p", .number = 34}, .ordinal = 1}, .unit = "van-phong"};
  state.progress = Progress::kDone;
  state.percent = 90;
  state.note = "hai dòng\nnhư đã ghi";
  state.report_time = kMoment;
  state.window_start = CivilDay(2023, 1, 1);
  state.due = CivilDay(2023, 12, 31);
  state.submission = Submission{
      .submitted_date = CivilDay(2024, 1, 2),
      .outcome = Outcome::kForwarded,
      .reason = "đã trình",
      .evidence = {{"5/TTr", CivilDay(2024, 1, 2), "https://a.vn/5", std::string(64, 'a'), "g"}},
      .actor = "an",
      .submit_time = kMoment};
  state.review = {.accepted = true, .reason = {}, .actor = "binh", .review_time = kMoment};
  state.suspension = {.reason = "chờ hướng dẫn",
                      .actor = "binh",
                      .suspend_time = kMoment,
                      .resume_reason = "đã có hướng dẫn",
                      .resume_actor = "an",
                      .resume_time = kMoment + absl::Hours(30)};
  state.completed = CivilDay(2024, 1, 2);
  state.frozen = Timeliness::kDoneLate;
  state.taken_over_from = "phong-a";
  state.task_text = "Nội dung";
  state.phase_label = "Thực hiện";
  state.conditional_product = true;
  return Assignment::Restore(state);
}

TEST(AnAssignment, ComesBackAsItWasKept) {
  const pb::Assignment kept = ToProto(FullAssignment(), 4, kToday);
  EXPECT_EQ(kept.timeliness(), pb::TIMELINESS_DONE_LATE);
  ExpectSame(kept, ToProto(RestoreAssignment(kept), 4, kToday));
}

TEST(AnAssignment, ThatIsPutOffComesBackAsItWasKept) {
  AssignmentState state = FullAssignment().state();
  state.suspension = {.reason = "chờ hướng dẫn", .actor = "binh", .suspend_time = kMoment};
  const pb::Assignment kept = ToProto(Assignment::Restore(state), 4, kToday);
  EXPECT_FALSE(kept.suspension().has_resume_time());
  ExpectSame(kept, ToProto(RestoreAssignment(kept), 4, kToday));
}

TEST(AnAssignment, KeepsItsFrozenVerdictWhateverTheDay) {
  pb::Assignment kept = ToProto(FullAssignment(), 4, kToday);
  Derive(kept, CivilDay(2030, 1, 1));
  EXPECT_EQ(kept.timeliness(), pb::TIMELINESS_DONE_LATE);
}

TEST(APeriodicReport, ComesBackAsItWasKept) {
  const PeriodicReport report = {.key = {.plan = "p", .period = "2023-H1"},
                                 .label = "6 tháng",
                                 .window_start = CivilDay(2022, 12, 15),
                                 .window_end = CivilDay(2023, 6, 14),
                                 .due = CivilDay(2023, 6, 12),
                                 .deliveries = {{"van-phong", CivilDay(2023, 6, 1), "3/BC"}}};
  const pb::PeriodicReport kept = ToProto(report, 2);
  ExpectSame(kept, ToProto(RestoreReport(kept), 2));
}

TEST(AnEnumeration, IsReadOnlyWhenItHasAName) {
  EXPECT_THAT(ReadOutcome("outcome", pb::OUTCOME_FORWARDED), IsOk());
  EXPECT_THAT(ReadOutcome("outcome", pb::OUTCOME_UNSPECIFIED), Refuses("ENUM_INVALID"));
  EXPECT_THAT(ReadOutcome("outcome", 4), Refuses("ENUM_INVALID"));
  EXPECT_THAT(ReadUnitKind("kind", -1), Refuses("ENUM_INVALID"));
  EXPECT_EQ(*ReadTimeliness("timeliness", pb::TIMELINESS_DONE_LATE), Timeliness::kDoneLate);
}

// A body that this service did not write means a broken database, never a default value.
TEST(ABody, ThatIsNoneIsNotTakenForOne) {
  EXPECT_ANY_THROW(RestoreUnit(pb::Unit()));
  EXPECT_ANY_THROW(RestoreTask(pb::Task()));
  EXPECT_ANY_THROW(RestoreAssignment(pb::Assignment()));
  EXPECT_ANY_THROW(RestoreReport(pb::PeriodicReport()));
}

}  // namespace
}  // namespace dondoc::registry
