// What a unit sees and records when access is enforced.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/status.h"
#include "libs/rpc/testing/test_door.h"
#include "services/kpi/testing/kpi_fixture.h"

namespace dondoc::kpi {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::StatusIs;
using identity::Role;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NarrowTest : public ::testing::Test {
 protected:
  using Stub = v1::KpiService::Stub;

  NarrowTest() {
    const std::pair<const char*, const char*> units[] = {
        {"so", ""}, {"van-phong", "so"}, {"chi-cuc", "so"}, {"tram", "chi-cuc"}};
    for (const auto& [unit, parent] : units) {
      kpi_.AddUnit(unit, parent);
      door_.AddUnit(absl::StrCat("units/", unit),
                    *parent == '\0' ? "" : absl::StrCat("units/", parent));
    }
    EXPECT_THAT(kpi_.Define(Percentage("share")), IsOk());
    for (const char* unit : {"van-phong", "chi-cuc", "tram"}) {
      EXPECT_THAT(kpi_.Record({{Of(unit, absl::StrCat("key-of-", unit))}}), IsOk());
    }
    door_.Give("office", Role::kOffice);
    door_.Give("binh", Role::kUnitHead, "units/chi-cuc");
  }
  ~NarrowTest() override { behind_door_.StopFeeds(); }

  static v1::Observation Of(const std::string& unit, const std::string& key) {
    return Observed({.indicator = "share",
                     .unit = unit,
                     .date = "2023-03-01",
                     .numerator = "1",
                     .denominator = "2",
                     .key = key});
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> As(const std::string& who,
                              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
                              const Request& request) {
    return door_.CallAs(who, *guarded_, method, request);
  }
  absl::Status RecordAs(const std::string& who, const v1::Observation& observation) {
    grpc::ClientContext context;
    if (!who.empty()) door_.SignIn(who, context);
    v1::RecordObservationsResponse response;
    const auto stream = guarded_->RecordObservations(&context, &response);
    v1::RecordObservationsRequest request;
    *request.add_observations() = observation;
    // A stream that was refused takes no more; how it ended is told by Finish().
    if (stream->Write(request)) stream->WritesDone();
    return rpc::FromGrpc(stream->Finish());
  }
  absl::Status ValueAs(const std::string& who, const std::string& unit) {
    v1::GetValueRequest request;
    request.set_indicator("indicators/share");
    request.set_unit(unit);
    request.set_period("2023");
    return As(who, &Stub::GetValue, request).status();
  }
  absl::Status BoardAs(const std::string& who, const std::string& unit) {
    v1::GetBoardRequest request;
    request.set_unit(unit);
    return As(who, &Stub::GetBoard, request).status();
  }
  // By pages of one.
  std::set<std::string> KeysListed(const std::string& who, const std::string& unit = "") {
    std::set<std::string> keys;
    v1::ListObservationsRequest request;
    request.set_parent("indicators/share");
    request.set_unit(unit);
    request.set_page_size(1);
    do {
      const auto page = As(who, &Stub::ListObservations, request);
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) return keys;
      for (const v1::Observation& observation : page->observations()) {
        keys.insert(observation.key());
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return keys;
  }

  KpiFixture kpi_{absl::CivilDay(2023, 7, 15)};
  dondoc::testing::TestDoor door_{kpi_.database(), kpi_.clock()};
  Recomputer recomputer_{kpi_.database(), kpi_.catalog(), kpi_.values(), kpi_.publisher()};
  KpiService behind_door_{{.database = kpi_.database(),
                           .catalog = kpi_.catalog(),
                           .cache = kpi_.values(),
                           .publisher = kpi_.publisher(),
                           .recomputer = recomputer_,
                           .clock = kpi_.clock()},
                          rpc::LogRefusal,
                          door_.door()};
  std::unique_ptr<rpc::Server> server_ =
      rpc::Server::Start({.listen = "127.0.0.1:0", .service = "kpi"},
                         {{v1::KpiService::service_full_name(), &behind_door_}})
          .value();
  std::unique_ptr<Stub> guarded_ = v1::KpiService::NewStub(grpc::CreateChannel(
      absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
};

TEST_F(NarrowTest, ValuesAndBoardsAreOfUnitsWithinReach) {
  for (const auto& seen : {ValueAs("binh", "units/chi-cuc"), ValueAs("binh", "units/tram"),
                           BoardAs("binh", "units/tram"), ValueAs("office", ""),
                           BoardAs("office", ""), ValueAs("office", "units/van-phong")}) {
    EXPECT_THAT(seen, IsOk());
  }
  for (const auto& hidden : {ValueAs("binh", "units/van-phong"), ValueAs("binh", "units/nobody"),
                             BoardAs("binh", "units/so"), BoardAs("binh", "units/nobody")}) {
    EXPECT_THAT(hidden, Refuses("UNIT_UNKNOWN")) << "beyond reach is as unknown as nowhere";
  }
  EXPECT_THAT(ValueAs("binh", ""), Refuses("SCOPE_TOO_NARROW"));
  EXPECT_THAT(BoardAs("binh", ""), Refuses("SCOPE_TOO_NARROW"));
}

TEST_F(NarrowTest, AListHoldsObservationsWithinReachAlone) {
  EXPECT_EQ(KeysListed("office").size(), 3U);
  EXPECT_THAT(KeysListed("binh"), ElementsAre("key-of-chi-cuc", "key-of-tram"));
  EXPECT_THAT(KeysListed("binh", "units/tram"), ElementsAre("key-of-tram"));
  v1::ListObservationsRequest others;
  others.set_parent("indicators/share");
  others.set_unit("units/van-phong");
  EXPECT_THAT(As("binh", &Stub::ListObservations, others), Refuses("UNIT_UNKNOWN"));
}

TEST_F(NarrowTest, AUnitRecordsForItselfAlone) {
  EXPECT_THAT(RecordAs("binh", Of("chi-cuc", "new")), IsOk());
  // The scope is "unit": not even for what is below it.
  for (const char* unit : {"tram", "van-phong"}) {
    const absl::Status refused = RecordAs("binh", Of(unit, "newer"));
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kPermissionDenied)) << unit;
    EXPECT_THAT(refused, Refuses("OUT_OF_SCOPE")) << unit;
  }
  EXPECT_THAT(RecordAs("", Of("chi-cuc", "newest")), Refuses("NOT_SIGNED_IN"));
  EXPECT_THAT(RecordAs("nobody", Of("chi-cuc", "newest")), Refuses("NO_GRANT"));
}

TEST_F(NarrowTest, NobodyReplacesAnothersObservation) {
  v1::Observation theft = Of("chi-cuc", "new");
  theft.set_replaces_key("key-of-van-phong");
  EXPECT_THAT(RecordAs("binh", theft), Refuses("REPLACED_NOT_FOUND"));
  theft.set_replaces_key("key-of-chi-cuc");
  EXPECT_THAT(RecordAs("binh", theft), IsOk());
}

}  // namespace
}  // namespace dondoc::kpi
