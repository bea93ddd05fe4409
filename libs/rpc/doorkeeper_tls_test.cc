// Callers behind an edge, and operators: known by certificates of a real connection.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "dondoc/common/v1/clock_service.grpc.pb.h"
#include "echo.grpc.pb.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/gate.h"
#include "libs/rpc/server.h"
#include "libs/rpc/testing/test_door.h"
#include "libs/rpc/tls.h"
#include "libs/store/test_database.h"
#include "libs/testing/certificates.h"

namespace dondoc::rpc {
namespace {

namespace pb = ::dondoc::rpctest::v1;
using ::dondoc::testing::Certificates;
using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::TestDoor;
using identity::Role;

constexpr char kSubject[] = "CN=cong-dvc,OU=systems,O=Dondoc";

const identity::AccessTable& Table() {
  static const identity::AccessTable kRules = *identity::AccessTable::Parse(
      "method,roles,scope,per_minute,audited,four_eyes,request_bytes_max\n"
      "dondoc.common.v1.ClockService/GetClock,anyone,public,3,no,no,256\n"
      "dondoc.rpctest.v1.EchoService/Echo,office system,subtree,600,no,no,256\n"
      "dondoc.rpctest.v1.EchoService/Remember,operator,whole,600,yes,no,256\n");
  return kRules;
}

class WhoService final : public pb::EchoService::CallbackService {
 public:
  WhoService(store::Database& database, const Doorkeeper& door)
      : gate_(database, LogRefusal, door) {}
  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context,
                                 const pb::EchoRequest* request,
                                 pb::EchoResponse* response) override {
    return gate_.Read(context, request, response,
                      [](const Call& call, store::Snapshot&,
                         const pb::EchoRequest&) -> absl::StatusOr<pb::EchoResponse> {
                        pb::EchoResponse told;
                        told.set_actor(call.actor);
                        return told;
                      });
  }
  grpc::ServerUnaryReactor* Remember(grpc::CallbackServerContext* context,
                                     const pb::RememberRequest* request,
                                     pb::RememberResponse* response) override {
    return gate_.Write(context, request, response,
                       [](const Call&, store::Transaction&,
                          const pb::RememberRequest&) -> absl::StatusOr<pb::RememberResponse> {
                         return pb::RememberResponse();
                       });
  }

 private:
  Gate gate_;
};

class BehindTls : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    files_ = new Certificates;
    ASSERT_THAT(files_->MakeCa("services"), IsOk());
    for (const char* name : {"registry", "edge", "kpi"}) {
      ASSERT_THAT(files_->Make({.name = name, .ca = "services"}), IsOk());
    }
  }
  static void TearDownTestSuite() { delete files_; }

  static TlsFiles FilesOf(const std::string& name) {
    return {.certificate = files_->certificate(name),
            .key = files_->key(name),
            .ca = files_->ca("services")};
  }

  BehindTls() {
    door_.GiveTo({.principal = "system:cong-dvc",
                  .role = Role::kSystem,
                  .valid_from = absl::CivilDay(2020, 1, 1)});
    door_.Give("an", Role::kOffice);
  }

  std::unique_ptr<Server> Serve(WhoService& service) {
    return Server::Start({.listen = "127.0.0.1:0", .tls = FilesOf("registry"), .service = "echo"},
                         {{pb::EchoService::service_full_name(), &service}})
        .value();
  }
  static std::unique_ptr<pb::EchoService::Stub> StubOf(const Server& server,
                                                       const std::string& peer) {
    return pb::EchoService::NewStub(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", server.port()),
                            ChannelCredentialsOf(ReadTls(FilesOf(peer)).value())));
  }

  struct Shown {
    std::string subject = {};
    std::string token = {};
  };
  // Who the server says has called, or the refusal.
  absl::StatusOr<std::string> CallFrom(const std::string& peer, const Shown& shown) {
    const auto stub = StubOf(*server_, peer);
    grpc::ClientContext context;
    if (!shown.subject.empty()) context.AddMetadata("x-client-cert-subject", shown.subject);
    if (!shown.token.empty()) {
      context.AddMetadata("authorization", absl::StrCat("Bearer ", shown.token));
    }
    pb::EchoResponse response;
    const grpc::Status status = stub->Echo(&context, {}, &response);
    if (!status.ok()) return FromGrpc(status);
    return response.actor();
  }

  static Certificates* files_;
  FixedClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  dondoc::testing::TestDatabase database_{identity::DirectoryMigrations(), clock_};
  TestDoor door_{*database_, clock_, Table()};
  WhoService service_{*database_, door_.door()};
  std::unique_ptr<Server> server_ = Serve(service_);
};

Certificates* BehindTls::files_ = nullptr;

TEST_F(BehindTls, ASystemIsKnownByWhatTheEdgeForwards) {
  const auto caller = CallFrom("edge", {.subject = kSubject});
  ASSERT_THAT(caller, IsOk());
  EXPECT_EQ(*caller, "system:cong-dvc");
}

TEST_F(BehindTls, NobodyElseMayForwardASubject) {
  EXPECT_THAT(CallFrom("kpi", {.subject = kSubject}), Refuses("CERTIFICATE_REFUSED"));
  EXPECT_THAT(CallFrom("kpi", {}), Refuses("NOT_SIGNED_IN"))
      << "the certificate of a service is no caller";
  EXPECT_THAT(CallFrom("edge", {}), Refuses("NOT_SIGNED_IN"));
  EXPECT_THAT(CallFrom("edge", {.subject = "CN=edge,O=Dondoc"}), Refuses("CERTIFICATE_REFUSED"));
}

TEST_F(BehindTls, WithoutAnEdgeASystemIsKnownByItsOwnConnection) {
  const auto direct = door_.DoorWithoutEdge();
  WhoService service(*database_, *direct);
  server_ = Serve(service);
  door_.GiveTo(
      {.principal = "system:kpi", .role = Role::kSystem, .valid_from = absl::CivilDay(2020, 1, 1)});
  const auto caller = CallFrom("kpi", {});
  ASSERT_THAT(caller, IsOk());
  EXPECT_EQ(*caller, "system:kpi");
  EXPECT_THAT(CallFrom("edge", {}), Refuses("NO_GRANT"));
  EXPECT_THAT(CallFrom("kpi", {.subject = kSubject}), Refuses("CERTIFICATE_REFUSED"));
  server_.reset();
}

TEST_F(BehindTls, TheRateOfWhatAnyoneMayAskIsTheSystemsAndNotTheEdges) {
  const auto server = Server::Start({.listen = "127.0.0.1:0",
                                     .tls = FilesOf("registry"),
                                     .service = "echo",
                                     .clock = &clock_,
                                     .door = &door_.door()},
                                    {{pb::EchoService::service_full_name(), &service_}})
                          .value();
  const auto clock = common::v1::ClockService::NewStub(
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", server->port()),
                          ChannelCredentialsOf(ReadTls(FilesOf("edge")).value())));
  const auto ask = [&](const std::string& subject) {
    grpc::ClientContext context;
    if (!subject.empty()) context.AddMetadata("x-client-cert-subject", subject);
    common::v1::GetClockResponse response;
    return FromGrpc(clock->GetClock(&context, {}, &response));
  };
  for (int i = 0; i < 3; ++i) EXPECT_THAT(ask(kSubject), IsOk());
  EXPECT_THAT(ask(kSubject), Refuses("TOO_MANY_CALLS"));
  EXPECT_THAT(ask("CN=another,O=Dondoc"), IsOk());
  // What leaves a doubt counts against the edge itself.
  for (int i = 0; i < 3; ++i) EXPECT_THAT(ask("CN=cong-dvc+CN=x"), IsOk());
  EXPECT_THAT(ask(""), Refuses("TOO_MANY_CALLS"));
}

TEST_F(BehindTls, APersonCallsThroughTheSystemTheirTokenWasGivenTo) {
  const auto given_to = [&](const std::string& system) {
    return door_.Token({.name = "an", .authorized_party = system});
  };
  const auto caller = CallFrom("edge", {.subject = kSubject, .token = given_to("cong-dvc")});
  ASSERT_THAT(caller, IsOk());
  EXPECT_EQ(*caller, "person:an");
  EXPECT_THAT(CallFrom("edge", {.subject = kSubject, .token = given_to("another")}),
              Refuses("TOKEN_REFUSED"));
  EXPECT_THAT(CallFrom("edge", {.subject = kSubject, .token = given_to("")}),
              Refuses("TOKEN_REFUSED"));
}

TEST_F(BehindTls, OperatorsAreKnownByTheCertificateOfTheConnectionAndNeedNoGrant) {
  const auto operators = door_.OperatorsDoor({"registry"});
  WhoService service(*database_, *operators);
  const auto server = Serve(service);
  const auto remember = [&](const std::string& peer) {
    grpc::ClientContext context;
    context.AddMetadata("x-client-cert-subject", "CN=registry,O=Dondoc");
    pb::RememberResponse response;
    return FromGrpc(StubOf(*server, peer)->Remember(&context, {}, &response));
  };
  EXPECT_THAT(remember("registry"), IsOk());
  EXPECT_THAT(remember("edge"), Refuses("NO_GRANT"));
  EXPECT_THAT(remember("kpi"), Refuses("NO_GRANT"));
  grpc::ClientContext context;
  pb::EchoResponse response;
  EXPECT_THAT(FromGrpc(StubOf(*server, "registry")->Echo(&context, {}, &response)),
              Refuses("ROLE_MISSING"))
      << "a method of the API is no operator's";
}

}  // namespace
}  // namespace dondoc::rpc
