#include "libs/admin/admin_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/server.h"
#include "libs/rpc/status.h"
#include "libs/store/test_database.h"
#include "libs/testing/servers.h"

// An operator at two real services, one of which listens to the other over a real broker.
namespace dondoc::admin {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::testing::HasSubstr;

bool Eventually(const std::function<bool()>& holds) {
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (!holds() && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(10));
  return holds();
}

// A service, its broker's side and its admin listener.
class OperatedService {
 public:
  OperatedService(const std::string& name, int nats_port, std::vector<std::string> sources,
                  bus::Handler handler)
      : bus_(bus::Bus::Start({.url = absl::StrCat("nats://127.0.0.1:", nats_port),
                              .service = name,
                              .retry_delays = {absl::Milliseconds(10)}},
                             *database_, std::move(sources),
                             {{"dondoc.registry.>", std::move(handler)}})),
        service_({.service = name, .database = *database_, .bus = *bus_}),
        server_(*rpc::Server::Start({.listen = "127.0.0.1:0", .service = name},
                                    {{pb::AdminService::service_full_name(), &service_}})),
        stub_(pb::AdminService::NewStub(grpc::CreateChannel(
            absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()))) {}

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (pb::AdminService::Stub::*method)(grpc::ClientContext*,
                                                                               const Request&,
                                                                               Response*),
                                const Request& request) {
    grpc::ClientContext context;
    Response response;
    const grpc::Status status = (*stub_.*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }

  pb::GetStatusResponse Status() { return *Call(&Stub::GetStatus, pb::GetStatusRequest()); }

  void Change(const std::string& resource, int64_t version) {
    const absl::Status written =
        database_->WriteAndWait([&](store::Transaction& transaction) -> absl::Status {
          transaction.Emit({.type = "dondoc.registry.unit.changed",
                            .name = resource,
                            .version = version,
                            .schema = "dondoc.registry.v1.Unit",
                            .payload = "state"});
          return absl::OkStatus();
        });
    EXPECT_THAT(written, IsOk());
  }

  // As somebody with access to the disk would, around every trigger.
  void Tamper() {
    EXPECT_THAT(database_->WriteAndWait([](store::Transaction& transaction) {
      transaction.sql().Run("drop trigger events_stay_as_they_are");
      transaction.sql().Run("update events set actor = 'somebody else' where seq = 1");
      return absl::OkStatus();
    }),
                IsOk());
  }

  using Stub = pb::AdminService::Stub;

 private:
  SystemClock clock_;
  testing::TestDatabase database_{bus::Migrations(), clock_};
  std::unique_ptr<bus::Bus> bus_;
  AdminService service_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<Stub> stub_;
};

class Operators : public ::testing::Test {
 protected:
  using Stub = OperatedService::Stub;

  testing::TempDir folder_;
  std::unique_ptr<testing::ChildProcess> nats_ = *testing::StartNats(folder_);
  std::atomic<bool> poisonous_ = false;
  std::atomic<int> handled_ = 0;
  OperatedService registry_{"registry", nats_->port(), {}, nullptr};
  OperatedService kpi_{"kpi",
                       nats_->port(),
                       {"registry"},
                       [this](store::Transaction&, const bus::Event&) -> absl::Status {
                         ++handled_;
                         if (poisonous_) return absl::InvalidArgumentError("poison");
                         return absl::OkStatus();
                       }};
};

TEST_F(Operators, SeeADeadLetterAndGiveItAnotherRound) {
  poisonous_ = true;
  registry_.Change("units/a", 1);
  ASSERT_TRUE(Eventually([this] { return kpi_.Status().dead_letters() == 1; }));
  const auto list = kpi_.Call(&Stub::ListDeadLetters, pb::ListDeadLettersRequest());
  ASSERT_THAT(list, IsOk());
  ASSERT_EQ(list->dead_letters_size(), 1);
  const pb::DeadLetter& letter = list->dead_letters(0);
  EXPECT_EQ(letter.name(), "units/a");
  EXPECT_EQ(letter.source(), "registry");
  EXPECT_THAT(letter.reason(), HasSubstr("poison"));
  EXPECT_EQ(letter.payload(), "");
  pb::GetDeadLetterRequest one;
  one.set_event_id(letter.event_id());
  const auto shown = kpi_.Call(&Stub::GetDeadLetter, one);
  ASSERT_THAT(shown, IsOk());
  EXPECT_EQ(shown->dead_letter().payload(), "state");

  poisonous_ = false;
  pb::RedriveDeadLetterRequest redrive;
  redrive.set_event_id(letter.event_id());
  ASSERT_THAT(kpi_.Call(&Stub::RedriveDeadLetter, redrive), IsOk());
  EXPECT_TRUE(Eventually([this] {
    const pb::GetStatusResponse status = kpi_.Status();
    return status.dead_letters() == 0 && status.parked_events() == 0;
  }));
  EXPECT_EQ(handled_, 2);
}

TEST_F(Operators, AreToldThatALetterIsNotThere) {
  pb::RedriveDeadLetterRequest redrive;
  redrive.set_event_id("nobody");
  EXPECT_THAT(kpi_.Call(&Stub::RedriveDeadLetter, redrive), Refuses("DEAD_LETTER_NOT_FOUND"));
  pb::GetDeadLetterRequest one;
  EXPECT_THAT(kpi_.Call(&Stub::GetDeadLetter, one), Refuses("DEAD_LETTER_NOT_FOUND"));
}

TEST_F(Operators, HaveEventsPublishedAgain) {
  for (int64_t version = 1; version <= 3; ++version) registry_.Change("units/a", version);
  ASSERT_TRUE(Eventually([this] { return handled_ == 3; }));
  pb::RepublishEventsRequest republish;
  republish.set_from_sequence(2);
  const auto answer = registry_.Call(&Stub::RepublishEvents, republish);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->to_sequence(), 3);
  EXPECT_TRUE(Eventually([this] { return registry_.Status().unpublished_events() == 0; }));
  for (const int64_t beyond : {0, -1, 4}) {
    republish.set_from_sequence(beyond);
    EXPECT_THAT(registry_.Call(&Stub::RepublishEvents, republish), Refuses("SEQUENCE_INVALID"));
  }
}

TEST_F(Operators, FindThatTheLogWasTamperedWith) {
  registry_.Change("units/a", 1);
  registry_.Change("units/a", 2);
  const auto sound = registry_.Call(&Stub::VerifyLog, pb::VerifyLogRequest());
  ASSERT_THAT(sound, IsOk());
  EXPECT_EQ(sound->log().sequence(), 2);
  EXPECT_EQ(sound->log().hash().size(), 64);
  registry_.Tamper();
  EXPECT_EQ(registry_.Call(&Stub::VerifyLog, pb::VerifyLogRequest()).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(Operators, SeeTheSchemaAndTheEndOfTheLog) {
  registry_.Change("units/a", 1);
  const pb::GetStatusResponse status = registry_.Status();
  EXPECT_EQ(status.service(), "registry");
  EXPECT_EQ(status.log().sequence(), 1);
  ASSERT_GE(status.schema_size(), 3);
  EXPECT_EQ(status.schema(0).component(), "bus");
  EXPECT_EQ(status.schema(1).component(), "store");
}

}  // namespace
}  // namespace dondoc::admin
