// What the inspected unit sees of an inspection, and from when on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/testing/test_door.h"
#include "services/inspection/testing/inspection_world.h"

namespace dondoc::inspection {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::StatusIs;
using identity::Role;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NarrowTest : public testing::InspectionWorld {
 protected:
  NarrowTest() {
    HearDepartment();
    ApprovedProgramme();
    const pb::Inspection first = InspectionNamed("programmes/2023/inspections/1");
    name_ = first.name();
    unit_ = first.unit();
    other_ = InspectionNamed("programmes/2023/inspections/2").unit();
    door_.AddUnit(unit_);
    door_.AddUnit(other_);
    door_.Give("office", Role::kOffice);
    door_.Give("head", Role::kUnitHead, unit_);
    door_.Give("team", Role::kInspector, unit_);
    // Head of the one unit, examiner of the other.
    door_.Give("both", Role::kUnitHead, unit_);
    door_.Give("both", Role::kInspector, other_);
    door_.Give("everywhere", Role::kUnitHead);
  }
  ~NarrowTest() override { behind_door_.StopFeeds(); }

  template <typename Request, typename Response>
  absl::StatusOr<Response> As(const std::string& who,
                              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
                              const Request& request) {
    return door_.CallAs(who, *guarded_, method, request);
  }
  std::vector<std::string> Listed(const std::string& who) {
    pb::ListInspectionsRequest request;
    request.set_parent("programmes/2023");
    const auto list = As(who, &Stub::ListInspections, request);
    EXPECT_THAT(list, IsOk());
    std::vector<std::string> names;
    for (const pb::Inspection& inspection : list->inspections()) names.push_back(inspection.name());
    return names;
  }
  absl::StatusOr<pb::GetInspectionResponse> Get(const std::string& who, const std::string& name) {
    pb::GetInspectionRequest request;
    request.set_name(name);
    return As(who, &Stub::GetInspection, request);
  }
  absl::Status Notify(const std::string& who, const std::string& name) {
    pb::NotifyInspectionRequest request;
    request.set_name(name);
    return As(who, &Stub::NotifyInspection, request).status();
  }

  std::string name_;
  std::string unit_;
  std::string other_;
  dondoc::testing::TestDoor door_{*database_, clock_};
  InspectionService behind_door_{*database_, regulation_, rpc::LogRefusal, door_.door()};
  std::unique_ptr<rpc::Server> guarded_server_ =
      rpc::Server::Start({.listen = "127.0.0.1:0", .service = "inspection"},
                         {{pb::InspectionService::service_full_name(), &behind_door_}})
          .value();
  std::unique_ptr<Stub> guarded_ = pb::InspectionService::NewStub(grpc::CreateChannel(
      absl::StrCat("127.0.0.1:", guarded_server_->port()), grpc::InsecureChannelCredentials()));
};

TEST_F(NarrowTest, AUnitLearnsOfItsInspectionWhenItIsTold) {
  EXPECT_THAT(Listed("head"), IsEmpty());
  EXPECT_THAT(Listed("everywhere"), IsEmpty()) << "who speaks for units is told like a unit";
  const auto hidden = Get("head", name_);
  EXPECT_THAT(hidden, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(hidden, Refuses("INSPECTION_NOT_FOUND"));
  EXPECT_THAT(Get("head", "programmes/2023/inspections/99"), Refuses("INSPECTION_NOT_FOUND"));

  ASSERT_THAT(Notify("team", name_), IsOk());
  EXPECT_THAT(Listed("head"), ElementsAre(name_));
  EXPECT_THAT(Listed("everywhere"), ElementsAre(name_));
  EXPECT_THAT(Get("head", name_), IsOk());
}

TEST_F(NarrowTest, WhoPlansAndExaminesSeesItFromTheBeginning) {
  EXPECT_GT(Listed("office").size(), 1U);
  EXPECT_THAT(Listed("team"), Contains(name_));
  for (const std::string& name : Listed("team")) EXPECT_EQ(InspectionNamed(name).unit(), unit_);
  EXPECT_THAT(Get("team", name_), IsOk());
  const std::vector<std::string> both = Listed("both");
  EXPECT_FALSE(both.empty());
  for (const std::string& name : both) EXPECT_EQ(InspectionNamed(name).unit(), other_);
}

TEST_F(NarrowTest, AUnitNeverLearnsOfOneThatWasCancelledBeforeItWasTold) {
  pb::CancelInspectionRequest cancel;
  cancel.set_name(name_);
  cancel.set_reason("trùng đoàn thanh tra");
  ASSERT_THAT(As("office", &Stub::CancelInspection, cancel), IsOk());
  EXPECT_THAT(Listed("head"), IsEmpty());
  EXPECT_THAT(Get("head", name_), Refuses("INSPECTION_NOT_FOUND"));
}

TEST_F(NarrowTest, ARefusalTellsNobodyOfAnInspectionThatIsNotAnnounced) {
  const int64_t before = LastSequence();
  EXPECT_THAT(Notify("both", name_), Refuses("INSPECTION_NOT_FOUND"));
  ASSERT_THAT(Notify("team", name_), IsOk());
  const absl::Status known = Notify("both", name_);
  EXPECT_THAT(known, StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(known, Refuses("OUT_OF_SCOPE"));
  EXPECT_EQ(LastSequence(), before + 1);
}

}  // namespace
}  // namespace dondoc::inspection
