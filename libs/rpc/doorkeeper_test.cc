#include "libs/rpc/doorkeeper.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dondoc/common/v1/clock_service.grpc.pb.h"
#include "dondoc/common/v1/error.pb.h"
#include "echo.grpc.pb.h"
#include "libs/base/ids.h"
#include "libs/base/status_matchers.h"
#include "libs/log/log.h"
#include "libs/rpc/feed.h"
#include "libs/rpc/gate.h"
#include "libs/rpc/server.h"
#include "libs/rpc/testing/test_door.h"
#include "libs/store/test_database.h"
#include "libs/testing/temp_dir.h"

// A real server on a free port over a real database with a directory; tokens are signed on the
// spot.
namespace dondoc::rpc {
namespace {

namespace pb = ::dondoc::rpctest::v1;
using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::StatusIs;
using ::dondoc::testing::TestDoor;
using identity::Role;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kTable[] =
    "method,roles,scope,per_minute,audited,four_eyes,request_bytes_max\n"
    "dondoc.common.v1.ClockService/GetClock,anyone,public,3,no,no,256\n"
    "dondoc.rpctest.v1.EchoService/Echo,office inspector unit_head,subtree,6,no,no,256\n"
    "dondoc.rpctest.v1.EchoService/Remember,office operator,whole,600,yes,no,256\n"
    "dondoc.rpctest.v1.EchoService/WatchChanges,office,whole,600,yes,no,256\n";

const identity::AccessTable& Table() {
  static const identity::AccessTable kRules = *identity::AccessTable::Parse(kTable);
  return kRules;
}

std::string Units(const identity::Reach& reach) {
  return reach.IsEverything() ? "everything" : absl::StrJoin(reach.units, ",");
}

class ReachService final : public pb::EchoService::CallbackService {
 public:
  ReachService(store::Database& database, const Doorkeeper& door)
      : gate_(database, LogRefusal, door), feeds_(database, door) {}

  // Tells how far the caller reaches.
  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context,
                                 const pb::EchoRequest* request,
                                 pb::EchoResponse* response) override {
    return gate_.Read(
        context, request, response,
        [](const Call& call, store::Snapshot&,
           const pb::EchoRequest&) -> absl::StatusOr<pb::EchoResponse> {
          pb::EchoResponse told;
          told.set_text(absl::StrCat(Units(call.reach()), " / ", Units(call.inside())));
          told.set_actor(call.actor);
          return told;
        });
  }
  grpc::ServerUnaryReactor* Remember(grpc::CallbackServerContext* context,
                                     const pb::RememberRequest* request,
                                     pb::RememberResponse* response) override {
    return gate_.Write(
        context, request, response,
        [](const Call&, store::Transaction& transaction,
           const pb::RememberRequest& asked) -> absl::StatusOr<pb::RememberResponse> {
          transaction.Emit({.type = "dondoc.test.thing.remembered",
                            .name = absl::StrCat("things/", asked.text()),
                            .version = 1,
                            .schema = "dondoc.rpctest.v1.RememberRequest",
                            .payload = asked.SerializeAsString()});
          return pb::RememberResponse();
        });
  }
  grpc::ServerWriteReactor<pb::WatchChangesResponse>* WatchChanges(
      grpc::CallbackServerContext* context, const pb::WatchChangesRequest* request) override {
    return feeds_.WatchChanges<pb::WatchChangesResponse>(*context, *request);
  }
  void StopFeeds() { feeds_.Stop(); }

 private:
  Gate gate_;
  Feeds feeds_;
};

class DoorkeeperTest : public ::testing::Test {
 protected:
  DoorkeeperTest() {
    door_.AddUnit("units/so");
    door_.AddUnit("units/phong", "units/so");
    door_.AddUnit("units/to", "units/phong");
    door_.Give("an", Role::kOffice);
  }
  ~DoorkeeperTest() override {
    service_.StopFeeds();
    server_->Drain(absl::Seconds(5));
  }

  using Prepare = std::function<void(grpc::ClientContext&)>;
  Prepare As(const std::string& name) {
    return [this, name](grpc::ClientContext& context) { door_.SignIn(name, context); };
  }
  static Prepare With(const std::string& token) {
    return [token](grpc::ClientContext& context) {
      context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
    };
  }

  absl::StatusOr<pb::EchoResponse> Echo(const Prepare& prepare, const std::string& text = "") {
    grpc::ClientContext context;
    prepare(context);
    pb::EchoRequest request;
    request.set_text(text);
    pb::EchoResponse response;
    const grpc::Status status = stub_->Echo(&context, request, &response);
    if (!status.ok()) return FromGrpc(status);
    return response;
  }
  std::string ReachOf(const std::string& name) {
    const auto response = Echo(As(name));
    EXPECT_THAT(response, IsOk());
    return response.ok() ? response->text() : "";
  }
  absl::Status Remember(const Prepare& prepare, const std::string& text,
                        const std::string& request_id = NewUuid()) {
    grpc::ClientContext context;
    prepare(context);
    pb::RememberRequest request;
    request.set_request_id(request_id);
    request.set_text(text);
    request.set_name(absl::StrCat("things/", text));
    pb::RememberResponse response;
    return FromGrpc(stub_->Remember(&context, request, &response));
  }

  FixedClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  dondoc::testing::TestDatabase database_{identity::DirectoryMigrations(), clock_};
  TestDoor door_{*database_, clock_, Table()};
  ReachService service_{*database_, door_.door()};
  std::unique_ptr<Server> server_ =
      Server::Start({.listen = "127.0.0.1:0",
                     .service = "echo",
                     .clock = &clock_,
                     .door = &door_.door(),
                     .table = &Table()},
                    {{pb::EchoService::service_full_name(), &service_}})
          .value();
  std::shared_ptr<grpc::Channel> channel_ = grpc::CreateChannel(
      absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials());
  std::unique_ptr<pb::EchoService::Stub> stub_ = pb::EchoService::NewStub(channel_);
};

TEST_F(DoorkeeperTest, KnowsWhoCallsByTheTokenAndNotByWhatTheySay) {
  const auto response = Echo([&](grpc::ClientContext& context) {
    door_.SignIn("an", context);
    context.AddMetadata("dondoc-actor", "person:giam-doc");
  });
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->actor(), "person:an");
}

TEST_F(DoorkeeperTest, LetsNobodyInWithoutAProof) {
  const auto nobody = Echo([](auto& context) { context.AddMetadata("dondoc-actor", "person:an"); });
  EXPECT_THAT(nobody, StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(nobody, Refuses("NOT_SIGNED_IN"));
}

TEST_F(DoorkeeperTest, RefusesEveryBadTokenInTheSameWords) {
  const std::string good = door_.Token({.name = "an"});
  const std::string bad[] = {
      door_.Token({.name = "an", .until = -absl::Minutes(2)}),
      door_.Token({.name = "an", .from = absl::Minutes(2)}),
      door_.Token({.name = "an", .issuer = "https://else.example"}),
      door_.Token({.name = "an", .audience = "another"}),
      door_.Token({.name = "an", .key_id = "k2"}),
      door_.Token({.name = "an", .algorithm = "none"}),
      absl::StrCat(good.substr(0, good.size() - 4), "AAAA"),
      "x",
  };
  std::string words;
  for (const std::string& token : bad) {
    const auto refused = Echo(With(token));
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kUnauthenticated)) << token;
    EXPECT_THAT(refused, Refuses("TOKEN_REFUSED")) << token;
    if (words.empty()) words = std::string(refused.status().message());
    EXPECT_EQ(refused.status().message(), words);
  }
  EXPECT_THAT(Echo(With(good)), IsOk());
}

TEST_F(DoorkeeperTest, BelievesACertificateOfTheEdgeAlone) {
  const auto refused = Echo([](auto& context) {
    context.AddMetadata("x-client-cert-subject", "CN=he-thong-mau,O=Dondoc");
  });
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(refused, Refuses("CERTIFICATE_REFUSED"));
}

TEST_F(DoorkeeperTest, TellsHowFarEachReaches) {
  door_.Give("truong-phong", Role::kUnitHead, "units/phong");
  door_.Give("doan", Role::kInspector, "units/to");
  door_.Give("kiem-nhiem", Role::kInspector, "units/to");
  door_.Give("kiem-nhiem", Role::kUnitHead, "units/phong");
  EXPECT_EQ(ReachOf("an"), "everything / everything");
  EXPECT_EQ(ReachOf("truong-phong"), "units/phong,units/to / ");
  EXPECT_EQ(ReachOf("doan"), "units/to / units/to");
  EXPECT_EQ(ReachOf("kiem-nhiem"), "units/phong,units/to / units/to");
  door_.AddUnit("units/to-moi", "units/phong");
  EXPECT_EQ(ReachOf("truong-phong"), "units/phong,units/to,units/to-moi / ")
      << "a change of the directory is seen by the next call";
}

TEST_F(DoorkeeperTest, RefusesWhoHoldsNothingOrTooLittle) {
  door_.Give("cuu", Role::kOffice, "", DateOf(clock_.Now()));
  door_.Give("giam-sat", Role::kAuditor);
  door_.Give("van-thu", Role::kOffice, "units/phong");
  EXPECT_THAT(Echo(As("la")), Refuses("NO_GRANT"));
  EXPECT_THAT(Echo(As("cuu")), Refuses("NO_GRANT")) << "the day on which it ends is not in it";
  EXPECT_THAT(Echo(As("giam-sat")), Refuses("ROLE_MISSING"));
  EXPECT_THAT(Remember(As("van-thu"), "x"), Refuses("SCOPE_TOO_NARROW"));
  EXPECT_EQ(database_->LastSequence(), 0);
}

TEST_F(DoorkeeperTest, ForgetsAGrantThatIsTakenAwayAtOnce) {
  const identity::Grant grant = {
      .principal = "person:binh", .role = Role::kOffice, .valid_from = absl::CivilDay(2020, 1, 1)};
  const std::string name = door_.GiveTo(grant);
  EXPECT_THAT(Echo(As("binh")), IsOk());
  identity::Grant ended = grant;
  ended.valid_to = DateOf(clock_.Now());
  door_.Change(name, ended);
  EXPECT_THAT(Echo(As("binh")), Refuses("NO_GRANT"));
}

TEST_F(DoorkeeperTest, LooksAtTheSizeFirstThenAtWhoThenAtHowOften) {
  const auto too_large = Echo([](auto&) {}, std::string(300, 'x'));
  EXPECT_THAT(too_large, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(too_large, Refuses("REQUEST_TOO_LARGE"));
  for (int i = 0; i < 20; ++i) EXPECT_THAT(Echo([](auto&) {}), Refuses("NOT_SIGNED_IN"));
  for (int i = 0; i < 6; ++i) EXPECT_THAT(Echo(As("la")), Refuses("NO_GRANT"));
  EXPECT_THAT(Echo(As("la")), Refuses("TOO_MANY_CALLS")) << "before anybody looks for grants";
}

TEST_F(DoorkeeperTest, CountsProofsThatFailBySourceAndHoldsUpNobodyWhoHasAGoodOne) {
  const std::string bad = door_.Token({.name = "an", .audience = "another"});
  // Over all methods.
  for (int i = 0; i < Doorkeeper::kUnprovenPerMinute; ++i) {
    if (i % 2 == 0) {
      EXPECT_THAT(Echo(With(bad)), Refuses("TOKEN_REFUSED"));
    } else {
      EXPECT_THAT(Remember([](auto&) {}, "x"), Refuses("NOT_SIGNED_IN"));
    }
  }
  const auto refused = Echo(With(bad));
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(refused, Refuses("TOO_MANY_CALLS"));
  EXPECT_THAT(Remember([](auto&) {}, "x"), Refuses("TOO_MANY_CALLS"));
  EXPECT_THAT(Echo(As("an")), IsOk());
  clock_.Set(clock_.Now() + absl::Seconds(1));
  EXPECT_THAT(Echo(With(bad)), Refuses("TOKEN_REFUSED")) << "twenty a second";
}

// The text is no UTF-8.
TEST_F(DoorkeeperTest, LooksAtTheSizeOfWhatCannotBeReadAndHowOftenItsSourceSendsSuch) {
  const Prepare nobody = [](auto&) {};
  EXPECT_THAT(Echo(nobody, "\xB8"), Refuses("NOT_UTF8"));
  EXPECT_THAT(Echo(nobody, std::string(300, 'x') + "\xB8"), Refuses("REQUEST_TOO_LARGE"));
  for (int i = 1; i < Doorkeeper::kUnprovenPerMinute; ++i) {
    EXPECT_THAT(Echo(nobody, "\xB8"), Refuses("NOT_UTF8"));
  }
  EXPECT_THAT(Echo(nobody, "\xB8"), Refuses("TOO_MANY_CALLS"));
  EXPECT_THAT(Echo(As("an")), IsOk());
}

TEST_F(DoorkeeperTest, TellsACallerInAHurryWhenToComeAgain) {
  for (int i = 0; i < 6; ++i) EXPECT_THAT(Echo(As("an")), IsOk());
  grpc::ClientContext context;
  door_.SignIn("an", context);
  pb::EchoResponse response;
  const grpc::Status refused = stub_->Echo(&context, {}, &response);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  common::v1::RefusalStatus status;
  common::v1::RetryInfo retry;
  ASSERT_TRUE(status.ParseFromString(refused.error_details()));
  ASSERT_EQ(status.details_size(), 2);
  EXPECT_EQ(status.details(1).type_url(), "type.googleapis.com/google.rpc.RetryInfo");
  ASSERT_TRUE(retry.ParseFromString(status.details(1).value()));
  EXPECT_EQ(retry.retry_delay().seconds(), 10);
  clock_.Set(clock_.Now() + absl::Seconds(10));
  EXPECT_THAT(Echo(As("an")), IsOk());
}

TEST_F(DoorkeeperTest, WritesDownThePrincipal) {
  ASSERT_THAT(Remember(As("an"), "x"), IsOk());
  std::vector<store::Event> events;
  ASSERT_THAT(database_->Read([&](store::Snapshot& snapshot) {
    events = store::ReadEvents(snapshot, 1, 10);
    return absl::OkStatus();
  }),
              IsOk());
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].actor, "person:an");
}

TEST_F(DoorkeeperTest, GivesNobodyTheAnswerToAnothersRequest) {
  door_.Give("binh", Role::kOffice);
  const std::string id = NewUuid();
  ASSERT_THAT(Remember(As("an"), "x", id), IsOk());
  EXPECT_THAT(Remember(As("an"), "x", id), IsOk());
  EXPECT_THAT(Remember(As("binh"), "x", id), Refuses("REQUEST_ID_REUSED"));
}

TEST_F(DoorkeeperTest, EndsAStreamWhenTheGrantOrTheTokenHasEnded) {
  const identity::Grant grant = {
      .principal = "person:binh", .role = Role::kOffice, .valid_from = absl::CivilDay(2020, 1, 1)};
  const std::string name = door_.GiveTo(grant);
  const auto watch = [&](grpc::ClientContext& context, const std::string& who) {
    door_.SignIn(who, context);
    return stub_->WatchChanges(&context, {});
  };
  grpc::ClientContext of_stranger;
  grpc::ClientContext of_binh;
  grpc::ClientContext of_an;
  pb::WatchChangesResponse change;
  EXPECT_THAT(FromGrpc(watch(of_stranger, "la")->Finish()), Refuses("NO_GRANT"));
  const auto binhs = watch(of_binh, "binh");
  const auto ans = watch(of_an, "an");
  ASSERT_THAT(Remember(As("an"), "x"), IsOk());
  ASSERT_TRUE(binhs->Read(&change));
  ASSERT_TRUE(ans->Read(&change));

  identity::Grant ended = grant;
  ended.valid_to = DateOf(clock_.Now());
  door_.Change(name, ended);
  ASSERT_THAT(Remember(As("an"), "y"), IsOk());
  EXPECT_FALSE(binhs->Read(&change));
  EXPECT_THAT(FromGrpc(binhs->Finish()), Refuses("NO_GRANT"));
  ASSERT_TRUE(ans->Read(&change));

  clock_.Set(clock_.Now() + absl::Minutes(7));
  ASSERT_THAT(Remember(As("an"), "z"), IsOk());
  EXPECT_FALSE(ans->Read(&change));
  EXPECT_THAT(FromGrpc(ans->Finish()), Refuses("TOKEN_REFUSED"));
}

TEST_F(DoorkeeperTest, LetsAnyoneAskTheTimeButNotWithoutEnd) {
  const auto stub = common::v1::ClockService::NewStub(channel_);
  const auto ask = [&](const Prepare& prepare) {
    grpc::ClientContext context;
    prepare(context);
    common::v1::GetClockResponse response;
    return FromGrpc(stub->GetClock(&context, {}, &response));
  };
  EXPECT_THAT(ask([](auto&) {}), IsOk());
  EXPECT_THAT(ask(As("la")), IsOk());
  EXPECT_THAT(ask(With("x")), IsOk()) << "where nothing is to be proven, nothing can fail";
  EXPECT_THAT(ask([](auto&) {}), Refuses("TOO_MANY_CALLS"));
}

TEST_F(DoorkeeperTest, BelievesTokensOfOurOwnAccountsByTheKeysOfTheDirectory) {
  identity::Directory directory;
  const Doorkeeper own({.table = Table(),
                        .directory = directory,
                        .clock = clock_,
                        .issuers = {{.name = TestDoor::kIssuer,
                                     .audience = "dondoc",
                                     .principal_prefix = "account:",
                                     .find_key = nullptr}}});
  ReachService service(*database_, own);
  const auto server = Server::Start({.listen = "127.0.0.1:0", .service = "own"},
                                    {{pb::EchoService::service_full_name(), &service}})
                          .value();
  const auto channel = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server->port()),
                                           grpc::InsecureChannelCredentials());
  stub_ = pb::EchoService::NewStub(channel);
  door_.GiveTo(
      {.principal = "account:an", .role = Role::kOffice, .valid_from = absl::CivilDay(2020, 1, 1)});
  EXPECT_THAT(Echo(As("an")), Refuses("TOKEN_REFUSED")) << "nobody has told its key";
  door_.TellKey();
  const auto response = Echo(As("an"));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->actor(), "account:an");
  service.StopFeeds();
}

TEST_F(DoorkeeperTest, KeepsARecordOfAuditedCallsTheRefusedOnesToo) {
  const dondoc::testing::TempDir folder;
  const std::string path = folder.File("log");
  const int file = open(path.c_str(), O_CREAT | O_WRONLY, 0600);
  log::Init({.service = "echo", .level = log::Level::kWarning, .fd = file});
  const std::string id = NewUuid();
  EXPECT_THAT(Remember(As("an"), "x", id), IsOk());
  EXPECT_THAT(Remember(As("la"), "x"), Refuses("NO_GRANT"));
  EXPECT_THAT(Remember([](auto&) {}, "x"), Refuses("NOT_SIGNED_IN"));
  EXPECT_THAT(Echo(As("an")), IsOk());
  log::Shutdown();
  close(file);
  std::ifstream read(path);
  const std::string text{std::istreambuf_iterator<char>(read), {}};
  constexpr char kMethod[] = "method=dondoc.rpctest.v1.EchoService/Remember";
  EXPECT_THAT(text, ContainsRegex(absl::StrCat(" audit trace_id=[0-9a-f]+ caller=person:an ",
                                               kMethod, " outcome=OK")));
  EXPECT_THAT(text, HasSubstr(absl::StrCat("request_id=", id, " resource=things/x")));
  EXPECT_THAT(text,
              ContainsRegex(absl::StrCat(" audit trace_id=[0-9a-f]+ caller=person:la ", kMethod,
                                         " outcome=PERMISSION_DENIED reason=NO_GRANT")));
  EXPECT_THAT(text,
              ContainsRegex(absl::StrCat(" audit trace_id=[0-9a-f]+ caller=anonymous ", kMethod,
                                         " outcome=UNAUTHENTICATED reason=NOT_SIGNED_IN")));
  EXPECT_THAT(text, Not(HasSubstr("EchoService/Echo")));
}

TEST(Server, DoesNotStartWithAMethodThatHasNoRow) {
  const FixedClock clock(absl::FromUnixSeconds(1'700'000'000));
  dondoc::testing::TestDatabase database(identity::DirectoryMigrations(), clock);
  ReachService service(*database, Doorkeeper::Open());
  const auto server = Server::Start(
      {.listen = "127.0.0.1:0", .service = "echo", .table = &identity::AccessTable::BuiltIn()},
      {{pb::EchoService::service_full_name(), &service}});
  EXPECT_THAT(server, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(server, Refuses("METHOD_WITHOUT_RULE"));
  EXPECT_THAT(std::string(server.status().message()), HasSubstr("EchoService/Echo"));
}

}  // namespace
}  // namespace dondoc::rpc
