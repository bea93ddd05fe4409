#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>
#include <string>

#include "dondoc/inspection/v1/events.pb.h"
#include "dondoc/registry/v1/events.pb.h"
#include "libs/base/status_matchers.h"
#include "libs/identity/directory.h"
#include "services/notification/events/arrivals.h"
#include "services/notification/store/preferences.h"
#include "services/notification/testing/world.h"

namespace dondoc::notification {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace rpb = ::dondoc::registry::v1;
namespace ipb = ::dondoc::inspection::v1;

constexpr absl::CivilDay kToday(2023, 1, 27);

std::string EmailOf(World& world, const std::string& recipient) {
  std::string email;
  EXPECT_THAT(world.database().Read([&](store::Snapshot& snapshot) {
    email = FindContact(snapshot.sql(), recipient).contact.email;
    return absl::OkStatus();
  }),
              IsOk());
  return email;
}

TEST(UnitEvents, BringTheEmailUntilSomebodyEntersAContact) {
  World world(Morning(kToday));
  rpb::Unit unit = UnitNamed("van-phong");
  unit.set_email("vp@skhcn.example.vn");
  world.Say(unit);
  EXPECT_EQ(EmailOf(world, "units/van-phong"), "vp@skhcn.example.vn");
  unit.set_email("not an address");
  world.Say(unit);
  EXPECT_EQ(EmailOf(world, "units/van-phong"), "");
  world.SetContact("units/van-phong", "other@skhcn.example.vn");
  unit.set_email("vp@skhcn.example.vn");
  world.Say(unit);
  EXPECT_EQ(EmailOf(world, "units/van-phong"), "other@skhcn.example.vn");
  EXPECT_THAT(world.EventTypes(),
              ElementsAre("dondoc.notification.contact.set", "dondoc.notification.contact.set",
                          "dondoc.notification.contact.set"));
}

rpb::PeriodicReport FirstQuarter() {
  rpb::PeriodicReport report;
  report.set_name("plans/cchc-2023/reports/2023-Q1");
  report.set_label("quý I");
  report.set_due_date("2023-03-12");
  return report;
}

// Who has how many notices.
std::map<std::string, int> Recipients(World& world) {
  std::map<std::string, int> recipients;
  for (const Notice& notice : world.Notices()) ++recipients[notice.recipient];
  return recipients;
}

TEST(ReportEvents, ObligeTheUnitsThatReportToTheOffice) {
  World world(Morning(kToday));
  const std::pair<const char*, rpb::UnitKind> kinds[] = {
      {"so", rpb::UNIT_KIND_DEPARTMENT},          {"van-phong", rpb::UNIT_KIND_OFFICE},
      {"phong", rpb::UNIT_KIND_DIVISION},         {"thanh-tra", rpb::UNIT_KIND_INSPECTORATE},
      {"chi-cuc", rpb::UNIT_KIND_SUB_DEPARTMENT}, {"trung-tam", rpb::UNIT_KIND_PUBLIC_SERVICE_UNIT},
      {"so-noi-vu", rpb::UNIT_KIND_EXTERNAL},
  };
  for (const auto& [id, kind] : kinds) {
    rpb::Unit unit = UnitNamed(id);
    unit.set_kind(kind);
    world.Say(unit);
  }
  rpb::Unit gone = UnitNamed("giai-the");
  gone.set_valid_to("2022-06-01");
  world.Say(gone);
  world.Say(FirstQuarter());
  world.RunAt(Morning(absl::CivilDay(2023, 3, 5)));
  EXPECT_THAT(
      Recipients(world),
      ElementsAre(::testing::Pair("units/chi-cuc", 2), ::testing::Pair("units/phong", 2),
                  ::testing::Pair("units/thanh-tra", 2), ::testing::Pair("units/trung-tam", 2)));
}

TEST(ReportEvents, ObligeAUnitThatIsFoundedLater) {
  World world(Morning(kToday));
  world.Say(FirstQuarter());
  world.Say(UnitNamed("phong-moi"));
  world.RunAt(Morning(absl::CivilDay(2023, 3, 12)));
  EXPECT_EQ(world.Lines().back(), "2023-03-12 due 0 sent");
}

TEST(ReportEvents, EndForWhoHasDeliveredAndMoveForWhoHasNot) {
  World world(Morning(kToday));
  world.Say(UnitNamed("mot"));
  world.Say(UnitNamed("hai"));
  rpb::PeriodicReport report = FirstQuarter();
  world.Say(report);
  rpb::ReportDelivery* delivery = report.add_deliveries();
  delivery->set_unit("units/mot");
  delivery->set_delivered_date("2023-02-01");
  world.Say(report);
  report.set_due_date("2023-03-20");
  world.Say(report);
  EXPECT_THAT(world.Upcoming(), ElementsAre("2023-02-18 before 30"));
}

ipb::Inspection InspectionOn(absl::string_view date, ipb::InspectionKind kind) {
  ipb::Inspection inspection;
  inspection.set_name("programmes/2023/inspections/3");
  inspection.set_unit("units/chi-cuc");
  inspection.set_kind(kind);
  inspection.set_state(ipb::INSPECTION_STATE_PLANNED);
  inspection.set_planned_date(std::string(date));
  return inspection;
}

TEST(InspectionEvents, RemindOfThePlannedDateAndNeverCallItOverdue) {
  World world(Morning(kToday));
  ipb::Inspection inspection = InspectionOn("2023-02-10", ipb::INSPECTION_KIND_PLANNED);
  world.Say(inspection);
  EXPECT_EQ(world.Count("select count(*) from deadlines"), 0) << "not before it is announced";
  inspection.set_state(ipb::INSPECTION_STATE_NOTIFIED);
  inspection.set_notified_date("2023-01-27");
  world.Say(inspection);
  for (absl::CivilDay day = kToday; day < kToday + 60; ++day) world.RunAt(Morning(day));
  EXPECT_THAT(world.Lines(), ElementsAre("2023-02-03 before 7 sent", "2023-02-07 before 3 sent",
                                         "2023-02-09 before 1 sent", "2023-02-10 due 0 sent"));
}

TEST(InspectionEvents, TellNobodyTheDateOfAnAdHocOne) {
  World world(Morning(kToday));
  world.Say(InspectionOn("2023-02-10", ipb::INSPECTION_KIND_AD_HOC));
  EXPECT_THAT(world.Upcoming(), IsEmpty());
  EXPECT_EQ(world.Count("select count(*) from deadlines"), 0);
}

TEST(InspectionEvents, FollowEachFindingFromTheConclusionUntilItIsPutRight) {
  World world(Morning(kToday));
  ipb::Inspection inspection = InspectionOn("2023-02-10", ipb::INSPECTION_KIND_AD_HOC);
  for (int number = 1; number <= 2; ++number) {
    ipb::Finding* finding = inspection.add_findings();
    finding->set_number(number);
    finding->set_text("Thiếu sổ theo dõi");
    finding->set_remedy_due_date(number == 1 ? "2023-03-01" : "2023-03-15");
  }
  inspection.set_state(ipb::INSPECTION_STATE_DONE);
  world.Say(inspection);
  EXPECT_THAT(world.Upcoming(), IsEmpty()) << "not before the conclusion is issued";
  inspection.set_state(ipb::INSPECTION_STATE_CONCLUDED);
  world.Say(inspection);
  EXPECT_THAT(world.Upcoming(), ElementsAre("2023-01-30 before 30", "2023-02-13 before 30"));
  inspection.mutable_findings(0)->set_remedied_date("2023-01-28");
  world.Say(inspection);
  world.RunAt(Morning(absl::CivilDay(2023, 3, 16)));
  std::set<std::string> subjects;
  for (const Notice& notice : world.Notices()) subjects.insert(notice.matter.subject);
  EXPECT_THAT(subjects, ElementsAre("programmes/2023/inspections/3/findings/2"));
  EXPECT_EQ(world.Lines().back(), "2023-03-16 overdue -1 sent");
}

TEST(Events, ThatCannotBeUnderstoodAreRefusedForGoodAndChangeNothing) {
  rpb::AssignmentChanged no_date;
  *no_date.mutable_assignment() = AssignmentOf("van-phong", kToday);
  no_date.mutable_assignment()->set_due_date("31/12/2023");
  rpb::UnitChanged no_start;
  *no_start.mutable_unit() = UnitNamed("van-phong");
  no_start.mutable_unit()->set_valid_from("");
  rpb::PeriodicReportChanged no_due;
  no_due.mutable_report()->set_name("plans/a/reports/b");
  ipb::InspectionChanged bad_plan;
  *bad_plan.mutable_inspection() = InspectionOn("2023-02-30", ipb::INSPECTION_KIND_PLANNED);
  struct Case {
    const char* type;
    const google::protobuf::Message& message;
  };
  const Case cases[] = {
      {"dondoc.registry.assignment.opened", no_date},
      {"dondoc.registry.unit.added", no_start},
      {"dondoc.registry.report.scheduled", no_due},
      {"dondoc.inspection.inspection.planned", bad_plan},
      {"dondoc.registry.unit.added", no_date},
  };
  World world(Morning(kToday));
  for (const Case& row : cases) {
    const absl::Status status = world.Apply(row.message, row.type, Morning(kToday));
    EXPECT_THAT(status, Refuses("EVENT_INVALID")) << row.type;
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << row.type;
  }
  EXPECT_EQ(world.Count("select count(*) from units"), 0);
  EXPECT_EQ(world.Count("select count(*) from deadlines"), 0);
}

TEST(Arrivals, AreOverWhenTheBrokerHasBeenQuietForAMoment) {
  const Arrivals::Clock::time_point start{};
  Arrivals arrivals(start);
  EXPECT_FALSE(arrivals.Settled(true, start));
  EXPECT_TRUE(arrivals.Settled(true, start + Arrivals::kQuiet));
}

TEST(Arrivals, WaitForTheBrokerButNotForEver) {
  const Arrivals::Clock::time_point start{};
  Arrivals arrivals(start);
  EXPECT_FALSE(arrivals.Settled(false, start + std::chrono::seconds(4)));
  EXPECT_FALSE(arrivals.Settled(true, start + std::chrono::seconds(4))) << "it has only just come";
  EXPECT_TRUE(arrivals.Settled(false, start + Arrivals::kPatience));
}

// Who may do what is known here without asking the registry.
TEST(DirectoryEvents, AreKeptBesideTheDeadlines) {
  World world(Morning(kToday));
  rpb::GrantChanged given;
  given.mutable_grant()->set_name("grants/1");
  given.mutable_grant()->set_principal("person:an");
  given.mutable_grant()->set_role(rpb::ROLE_AUDITOR);
  given.mutable_grant()->set_valid_from("2023-02-01");
  ASSERT_THAT(world.Apply(given, "dondoc.registry.grant.changed", Morning(kToday)), IsOk());
  rpb::Unit unit;
  unit.set_name("units/phong");
  unit.set_parent("units/so");
  unit.set_valid_from("2020-01-01");
  world.Say(unit);
  identity::Directory directory;
  ASSERT_THAT(world.database().Read([&](store::Snapshot& snapshot) {
    const auto view = directory.At(snapshot).value();
    EXPECT_EQ(view->GrantsOf("person:an").size(), 1u);
    EXPECT_EQ(view->tree().SubtreeOf("units/so").size(), 2u);
    return absl::OkStatus();
  }),
              IsOk());
}

}  // namespace
}  // namespace dondoc::notification
