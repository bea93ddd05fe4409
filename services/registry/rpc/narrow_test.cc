// What a unit sees and changes when access is enforced: its own, and nothing of another's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

#include "libs/rpc/testing/test_door.h"
#include "services/registry/rpc/testing/plan_test_base.h"

namespace dondoc::registry {
namespace {

using dondoc::testing::IsOk;
using dondoc::testing::Refuses;
using dondoc::testing::StatusIs;
using identity::Role;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Stub = pb::RegistryService::Stub;

// The registry over the same database once more, with a doorkeeper: the office is everywhere, binh
// heads the sub-department alone, and dung directs it.
class NarrowTest : public testing::PlanTestBase {
 protected:
  NarrowTest() {
    for (const char* unit :
         {"units/van-phong", "units/chi-cuc", "units/phong-a", "units/phong-b"}) {
      door_.AddUnit(unit);
    }
    door_.Give("office", Role::kOffice);
    door_.Give("binh", Role::kUnitHead, "units/chi-cuc");
    door_.Give("dung", Role::kDirector, "units/chi-cuc");
  }
  ~NarrowTest() override { service_behind_door_.StopFeeds(); }

  template <typename Request, typename Response>
  absl::StatusOr<Response> As(const std::string& name,
                              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
                              const std::string& request) {
    return door_.CallAs(name, *guarded_, method, testing::Parse<Request>(request));
  }

  // The units of all assignments that are listed, in pages of one.
  std::set<std::string> ListedUnits(const std::string& name, const std::string& filter = "") {
    std::set<std::string> units;
    std::string token;
    do {
      const auto page =
          As(name, &Stub::ListAssignments,
             absl::StrCat("parent: 'plans/p' page_size: 1 ", filter, " page_token: '", token, "'"));
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) return units;
      for (const pb::Assignment& assignment : page->assignments()) {
        units.insert(assignment.name().substr(assignment.name().rfind('/') + 1));
      }
      token = page->next_page_token();
    } while (!token.empty());
    return units;
  }

  dondoc::testing::TestDoor door_{*database_, clock_};
  RegistryService service_behind_door_{*database_, /*holidays=*/nullptr, rpc::LogRefusal,
                                       door_.door()};
  std::unique_ptr<rpc::Server> guarded_server_ =
      rpc::Server::Start({.listen = "127.0.0.1:0", .service = "registry"},
                         {{pb::RegistryService::service_full_name(), &service_behind_door_}})
          .value();
  std::unique_ptr<Stub> guarded_ = pb::RegistryService::NewStub(grpc::CreateChannel(
      absl::StrCat("127.0.0.1:", guarded_server_->port()), grpc::InsecureChannelCredentials()));
};

TEST_F(NarrowTest, AListHoldsWhatIsWithinReachAlone) {
  EXPECT_GT(ListedUnits("office").size(), 1U);
  EXPECT_THAT(ListedUnits("binh"), ElementsAre("chi-cuc"));
  EXPECT_THAT(ListedUnits("binh", "unit: 'units/van-phong'"), IsEmpty());
  EXPECT_THAT(ListedUnits("office", "unit: 'units/van-phong'"), ElementsAre("van-phong"));
}

TEST_F(NarrowTest, APageTokenOfSomebodyWhoSeesMoreShowsNoMore) {
  const auto first = As("office", &Stub::ListAssignments, "parent: 'plans/p' page_size: 1");
  ASSERT_THAT(first, IsOk());
  const auto second = As("binh", &Stub::ListAssignments,
                         "parent: 'plans/p' page_token: '" + first->next_page_token() + "'");
  ASSERT_THAT(second, IsOk());
  for (const pb::Assignment& assignment : second->assignments()) {
    EXPECT_TRUE(assignment.name().ends_with("/chi-cuc")) << assignment.name();
  }
}

TEST_F(NarrowTest, ASummaryCountsWhatIsWithinReachAlone) {
  const auto whole = As("office", &Stub::GetPlanSummary, "name: 'plans/p'");
  const auto own = As("binh", &Stub::GetPlanSummary, "name: 'plans/p'");
  ASSERT_THAT(whole, IsOk());
  ASSERT_THAT(own, IsOk());
  EXPECT_GT(whole->units_size(), 1);
  ASSERT_EQ(own->units_size(), 1);
  EXPECT_EQ(own->units(0).unit(), "units/chi-cuc");
  EXPECT_EQ(own->plan().SerializeAsString(), own->units(0).tally().SerializeAsString());
}

TEST_F(NarrowTest, AnAssignmentBeyondReachIsAsUnknownAsNone) {
  const std::string others = AssignmentName(1, 1, "van-phong");
  const auto hidden = As("binh", &Stub::GetAssignment, "name: '" + others + "'");
  const auto none =
      As("binh", &Stub::GetAssignment, "name: '" + AssignmentName(1, 1, "phong-b") + "'");
  EXPECT_THAT(As("office", &Stub::GetAssignment, "name: '" + others + "'"), IsOk());
  EXPECT_THAT(hidden, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(hidden, Refuses("ASSIGNMENT_NOT_FOUND"));
  EXPECT_THAT(none, Refuses("ASSIGNMENT_NOT_FOUND"));
}

TEST_F(NarrowTest, NobodyChangesWhatIsBeyondReach) {
  const std::string others = "name: '" + AssignmentName(1, 1, "van-phong") + "'";
  const int64_t before = database_->LastSequence();
  const absl::Status refusals[] = {
      As("binh", &Stub::ReportProgress, others + " percent: 10").status(),
      As("binh", &Stub::SubmitResult, others).status(),
      As("dung", &Stub::AcceptResult, others).status(),
      As("dung", &Stub::ReturnResult, others + " reason: 'x'").status(),
      As("dung", &Stub::SuspendAssignment, others + " reason: 'x'").status(),
      As("dung", &Stub::ResumeAssignment, others + " reason: 'x'").status(),
      As("binh", &Stub::DeliverPeriodicReport,
         "name: 'plans/p/reports/2023-Q1' unit: 'units/van-phong'")
          .status(),
  };
  for (const absl::Status& refusal : refusals) {
    EXPECT_THAT(refusal, StatusIs(absl::StatusCode::kPermissionDenied));
    EXPECT_THAT(refusal, Refuses("OUT_OF_SCOPE"));
  }
  EXPECT_EQ(database_->LastSequence(), before);
}

TEST_F(NarrowTest, AReportShowsTheDeliveriesWithinReachAlone) {
  for (const char* unit : {"van-phong", "chi-cuc"}) {
    Must(As("office", &Stub::DeliverPeriodicReport,
            absl::StrCat("name: 'plans/p/reports/2023-Q1' unit: 'units/", unit, "'")));
  }
  const auto deliveries = [&](const std::string& name) {
    std::set<std::string> units;
    const auto list = As(name, &Stub::ListPeriodicReports, "parent: 'plans/p'");
    EXPECT_THAT(list, IsOk());
    for (const pb::PeriodicReport& report : list->reports()) {
      for (const pb::ReportDelivery& delivery : report.deliveries()) units.insert(delivery.unit());
    }
    return units;
  };
  EXPECT_THAT(deliveries("office"), ElementsAre("units/chi-cuc", "units/van-phong"));
  EXPECT_THAT(deliveries("binh"), ElementsAre("units/chi-cuc"));
}

TEST_F(NarrowTest, NobodyAcceptsWhatTheyHandedInThemselves) {
  door_.Give("kiem", Role::kUnitHead, "units/van-phong");
  door_.Give("kiem", Role::kOffice);
  const std::string name = "name: '" + AssignmentName(1, 1, "van-phong") + "'";
  Must(As("kiem", &Stub::SubmitResult,
          name + " outcome: OUTCOME_PRODUCED evidence { document_number: '15/KH-SMH' "
                 "document_date: '2023-02-01' }"));
  EXPECT_THAT(As("kiem", &Stub::AcceptResult, name), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(As("office", &Stub::AcceptResult, name), IsOk());
}

}  // namespace
}  // namespace dondoc::registry
