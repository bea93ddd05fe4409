#include "services/notification/delivery/courier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "libs/base/status_matchers.h"
#include "libs/testing/child_process.h"
#include "libs/testing/temp_dir.h"
#include "services/notification/store/deliveries.h"
#include "services/notification/testing/world.h"

// The courier with a real mail server and a real web server, which answer from a script.
namespace dondoc::notification {
namespace {

using ::dondoc::testing::ChildProcess;
using ::dondoc::testing::FreePort;
using ::dondoc::testing::IsOk;
using ::dondoc::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr absl::CivilDay kDue(2023, 3, 31);
constexpr char kSecret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
// Debian's, which has aiosmtpd.
constexpr char kPython[] = "/usr/bin/python3";

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// A server of tests/servers with its folder and its script.
class ScriptedServer {
 public:
  explicit ScriptedServer(const std::string& program) : port_(FreePort()), program_(program) {}

  void Start() {
    auto process =
        ChildProcess::Start({.command = {kPython, absl::StrCat(DONDOC_TEST_SERVERS, "/", program_),
                                         "--port", absl::StrCat(port_), "--folder",
                                         folder_.File("kept"), "--script", folder_.File("script")},
                             .port = port_,
                             .log_path = folder_.File("log")});
    ASSERT_THAT(process, IsOk());
    process_ = *std::move(process);
  }

  // The answers from now on, in order; then everything is accepted.
  void Answer(const std::vector<std::string>& answers) {
    std::ofstream(folder_.File("next")) << absl::StrJoin(answers, "\n");
    std::filesystem::rename(folder_.File("next"), folder_.File("script"));
  }

  // What has arrived, in order, each as the path of its file.
  std::vector<std::string> Kept() const {
    std::vector<std::string> files;
    std::error_code none_yet;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.File("kept"), none_yet)) {
      if (entry.path().extension() != ".tmp") files.push_back(entry.path().string());
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  int port() const { return port_; }
  const TempDir& folder() const { return folder_; }

 private:
  const int port_;
  const std::string program_;
  TempDir folder_;
  std::unique_ptr<ChildProcess> process_;
};

// Asks Python, which shares no code with us, what is in a file.
std::string AskPython(const ScriptedServer& server, const std::string& program,
                      const std::string& file) {
  const std::string output = server.folder().File("python");
  std::filesystem::remove(output);
  auto python =
      ChildProcess::Start({.command = {kPython, "-c", program, file}, .log_path = output});
  EXPECT_THAT(python, IsOk());
  EXPECT_EQ((*python)->Wait(absl::Seconds(20)).value_or(-1), 0) << ReadFile(output);
  return ReadFile(output);
}

class CourierTest : public ::testing::Test {
 protected:
  // One unit that is told of task 29 by e-mail or webhook, and a courier.
  void SetUpUnit(const std::string& id, const std::string& email, const std::string& url) {
    world_.SetContact("units/" + id, email, url, url.empty() ? "" : kSecret);
    world_.Say(UnitNamed(id));
    world_.Say(AssignmentOf(id, kDue));
  }
  void Tell() { world_.RunAt(Morning(kDue - 7)); }
  void StartCourier(Outside outside) {
    outside.starttls = "off";
    courier_ = std::make_unique<Courier>(world_.database(), world_.clock(), outside,
                                         [this](int64_t deliveries) { given_up_ += deliveries; });
  }

  Delivery Only() {
    const auto deliveries = world_.Outgoing();
    EXPECT_THAT(deliveries, SizeIs(1));
    return deliveries.front();
  }
  bool AwaitAttempts(int attempts) {
    return Await([&] { return Only().attempts >= attempts; });
  }
  std::vector<std::string> Attempts() {
    std::vector<std::string> attempts;
    EXPECT_THAT(world_.database().Read([&](store::Snapshot& snapshot) {
      snapshot.sql().ForEach<std::string, std::string>(
          "select outcome, answer from delivery_attempts order by delivery, attempt",
          [&](const std::string& outcome, const std::string& answer) {
            attempts.push_back(absl::StrCat(outcome, " ", answer));
          });
      return absl::OkStatus();
    }),
                IsOk());
    return attempts;
  }

  World world_{Morning(absl::CivilDay(2023, 1, 27)), {.email = true, .webhook = true}};
  std::atomic<int64_t> given_up_ = 0;
  std::unique_ptr<Courier> courier_;
};

class MailTest : public CourierTest {
 protected:
  MailTest() {
    SetUpUnit("van-phong", "vp@skhcn.example.vn", "");
    Tell();
  }
  void StartMailServer() { server_.Start(); }
  void Start() {
    StartCourier({.smtp_url = absl::StrCat("smtp://127.0.0.1:", server_.port()),
                  .smtp_from = "dondoc@skhcn.example.vn"});
  }
  std::string MessageIdOf(const std::string& file) {
    for (const absl::string_view line : absl::StrSplit(ReadFile(file), "\r\n")) {
      if (absl::StartsWith(line, "Message-ID: ")) return std::string(line);
    }
    return "";
  }

  ScriptedServer server_{"smtp_server.py"};
};

TEST_F(MailTest, ArrivesAsAPersonReadsIt) {
  StartMailServer();
  Start();
  ASSERT_TRUE(AwaitAttempts(1));
  EXPECT_EQ(Only().state, DeliveryState::kSent);
  EXPECT_THAT(Only().last_answer, StartsWith("250 "));
  EXPECT_THAT(world_.Lines(),
              ElementsAre("2023-03-01 before 30 skipped: overtaken", "2023-03-24 before 7 sent"));
  ASSERT_THAT(server_.Kept(), SizeIs(1));
  EXPECT_EQ(AskPython(server_, R"(
import email, email.policy, sys
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
print(mail["X-Envelope-To"], mail["To"], mail["Subject"], sep="\n")
print(mail.get_content().replace("\r\n", "\n"), end="")
)",
                      server_.Kept()[0]),
            "vp@skhcn.example.vn\nvp@skhcn.example.vn\n"
            "[Đôn đốc] 1 việc cần chú ý: 1 sắp đến hạn\n"
            "Kính gửi Phòng van-phong,\n\n1 việc cần chú ý:\n\n"
            "1. Nhiệm vụ 29: Rà soát quy trình nội bộ\n   - còn 7 ngày đến hạn 31/03/2023.\n"
            "\n---\n\nDear Phòng van-phong,\n\n1 item needs your attention:\n\n"
            "1. Task 29: Rà soát quy trình nội bộ\n   - 7 days to the deadline 31/03/2023.\n");
  EXPECT_EQ(MessageIdOf(server_.Kept()[0]),
            absl::StrCat("Message-ID: <", Only().id, "@skhcn.example.vn>"));
}

TEST_F(MailTest, IsTriedAgainAfterATemporaryRefusal) {
  StartMailServer();
  server_.Answer({"451 4.3.0 Try later"});
  Start();
  ASSERT_TRUE(AwaitAttempts(1));
  EXPECT_EQ(Only().state, DeliveryState::kRetrying);
  EXPECT_GE(*Only().next_at, world_.clock().Now() + kFirstDelay);
  EXPECT_THAT(world_.Lines(), ::testing::Contains("2023-03-24 before 7 on its way"));
  world_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(AwaitAttempts(2));
  EXPECT_EQ(Only().state, DeliveryState::kSent);
  EXPECT_THAT(server_.Kept(), SizeIs(1));
  EXPECT_THAT(Attempts(), ElementsAre("RETRY 451 4.3.0 Try later", "SENT 250 2.0.0 Taken"));
}

TEST_F(MailTest, IsGivenUpAtOnceWhenItIsRefusedForGood) {
  StartMailServer();
  server_.Answer({"550 5.7.1 Refused"});
  Start();
  ASSERT_TRUE(AwaitAttempts(1));
  EXPECT_EQ(Only().state, DeliveryState::kDead);
  EXPECT_EQ(Only().last_answer, "550 5.7.1 Refused");
  EXPECT_THAT(world_.Lines(), ::testing::Contains("2023-03-24 before 7 sent"))
      << "the inbox has it still";
}

TEST_F(MailTest, IsGivenUpAtOnceWhenNobodyHasThatAddress) {
  StartMailServer();
  server_.Answer({"rcpt 550 5.1.1 Unknown"});
  Start();
  ASSERT_TRUE(AwaitAttempts(1));
  EXPECT_EQ(Only().state, DeliveryState::kDead);
  EXPECT_EQ(Only().last_answer, "550 5.1.1 Unknown");
}

TEST_F(MailTest, IsTriedAgainWhenTheLineIsCut) {
  StartMailServer();
  server_.Answer({"close"});
  Start();
  ASSERT_TRUE(AwaitAttempts(1));
  EXPECT_EQ(Only().state, DeliveryState::kRetrying);
  world_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(AwaitAttempts(2));
  EXPECT_EQ(Only().state, DeliveryState::kSent);
}

TEST_F(MailTest, ThatComesTwiceBecauseAReplyWasLostHasTheSameMessageId) {
  StartMailServer();
  server_.Answer({"keep-close"});
  Start();
  ASSERT_TRUE(AwaitAttempts(1));
  world_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(AwaitAttempts(2));
  ASSERT_THAT(server_.Kept(), SizeIs(2));
  EXPECT_NE(MessageIdOf(server_.Kept()[0]), "");
  EXPECT_EQ(MessageIdOf(server_.Kept()[0]), MessageIdOf(server_.Kept()[1]));
}

TEST_F(MailTest, WaitsForAServerThatIsAway) {
  Start();
  ASSERT_TRUE(AwaitAttempts(1));
  EXPECT_EQ(Only().state, DeliveryState::kRetrying);
  StartMailServer();
  world_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(AwaitAttempts(2));
  EXPECT_EQ(Only().state, DeliveryState::kSent);
}

TEST_F(MailTest, IsGivenUpAfterTheLastAttempt) {
  Start();
  for (int attempt = 1; attempt <= kAttemptsMax; ++attempt) {
    ASSERT_TRUE(AwaitAttempts(attempt));
    world_.clock().Advance(absl::Hours(14));
  }
  EXPECT_EQ(Only().state, DeliveryState::kDead);
  EXPECT_THAT(Attempts(), SizeIs(kAttemptsMax));
  EXPECT_TRUE(Await([&] { return given_up_ == 1; })) << "it is counted once, at its end";
}

TEST_F(MailTest, OfARunThatCrashedIsSentAgainUnderTheSameIdAndCounted) {
  const std::string id = Only().id;
  ASSERT_THAT(world_.database().WriteAndWait([&](store::Transaction& tx) {
    SetLease(tx.sql(), id, "a run that crashed while it was sending");
    return absl::OkStatus();
  }),
              IsOk());
  StartMailServer();
  Start();
  ASSERT_TRUE(AwaitAttempts(1));
  world_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(AwaitAttempts(2));
  EXPECT_EQ(Only().state, DeliveryState::kSent);
  EXPECT_EQ(Only().id, id);
  EXPECT_THAT(Attempts(), ElementsAre(StartsWith("UNKNOWN "), StartsWith("SENT ")));
  EXPECT_EQ(given_up_, 0);
  EXPECT_THAT(server_.Kept(), SizeIs(1));
}

TEST_F(MailTest, GoesToTheAddressThatTheUnitHasWhenItIsSent) {
  world_.SetContact("units/van-phong", "new@skhcn.example.vn");
  StartMailServer();
  Start();
  ASSERT_TRUE(AwaitAttempts(1));
  EXPECT_EQ(Only().address, "new@skhcn.example.vn");
  EXPECT_THAT(ReadFile(server_.Kept()[0]), HasSubstr("X-Envelope-To: new@skhcn.example.vn"));
}

TEST_F(MailTest, IsGivenUpWhenTheUnitHasNoAddressAnyMore) {
  world_.SetContact("units/van-phong", "");
  Start();
  ASSERT_TRUE(Await([&] { return Only().state == DeliveryState::kDead; }));
  EXPECT_THAT(Only().last_answer, HasSubstr("no address"));
  EXPECT_TRUE(Await([&] { return given_up_ == 1; }));
  EXPECT_THAT(world_.Lines(), ::testing::Contains("2023-03-24 before 7 sent"));
}

class WebhookTest : public CourierTest {
 protected:
  std::string Url(const ScriptedServer& server) {
    return absl::StrCat("http://127.0.0.1:", server.port(), "/dondoc");
  }
  // By default longer than a busy machine takes for any answer here.
  void Start(absl::Duration timeout = absl::Seconds(15)) {
    SetUpUnit("chi-cuc", "", Url(server_));
    Tell();
    server_.Start();
    StartCourier({.webhook_loopback = LoopbackRule::kAllow, .webhook_timeout = timeout});
  }
  // Starts with one scripted answer, and waits for the attempt that gets it.
  Delivery AfterAnswer(const std::string& answer, absl::Duration timeout = absl::Seconds(15)) {
    server_.Answer({answer});
    Start(timeout);
    EXPECT_TRUE(AwaitAttempts(1));
    return Only();
  }

  ScriptedServer server_{"webhook_server.py"};
};

TEST_F(WebhookTest, ArrivesSignedSoThatAnybodyWithTheSecretCanTell) {
  Start();
  ASSERT_TRUE(AwaitAttempts(1));
  EXPECT_EQ(Only().state, DeliveryState::kSent);
  ASSERT_THAT(server_.Kept(), SizeIs(1));
  EXPECT_EQ(AskPython(server_, R"(
import base64, hashlib, hmac, json, sys
seen = json.load(open(sys.argv[1]))
headers = seen["headers"]
secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
signed = f'{headers["webhook-id"]}.{headers["webhook-timestamp"]}.{seen["body"]}'
code = base64.b64encode(hmac.new(secret, signed.encode(), hashlib.sha256).digest()).decode()
assert headers["webhook-signature"] == "v1," + code
assert headers["content-type"] == "application/json"
data = json.loads(seen["body"])["data"]
print(seen["method"], seen["path"], data["recipient"], data["notices"], headers["webhook-id"])
)",
                      server_.Kept()[0]),
            absl::StrCat("POST /dondoc units/chi-cuc ['notices/2'] ", Only().id, "\n"));
}

TEST_F(WebhookTest, IsGivenUpAtOnceWhenItHasGone) {
  EXPECT_EQ(AfterAnswer("410").state, DeliveryState::kDead);
}

TEST_F(WebhookTest, WaitsAsLongAsItIsAskedTo) {
  const Delivery delivery = AfterAnswer("429 Retry-After=3600");
  EXPECT_EQ(delivery.state, DeliveryState::kRetrying);
  EXPECT_EQ(*delivery.next_at, world_.clock().Now() + absl::Hours(1));
  world_.clock().Advance(absl::Minutes(59));
  world_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(AwaitAttempts(2));
  EXPECT_EQ(Only().state, DeliveryState::kSent);
}

TEST_F(WebhookTest, FollowsNoRedirect) {
  const Delivery delivery =
      AfterAnswer(absl::StrCat("302 Location=http://127.0.0.1:", server_.port(), "/internal"));
  EXPECT_EQ(delivery.state, DeliveryState::kRetrying);
  EXPECT_THAT(delivery.last_answer, StartsWith("HTTP 302 "));
  ASSERT_THAT(server_.Kept(), SizeIs(1));
  EXPECT_THAT(ReadFile(server_.Kept()[0]), HasSubstr("/dondoc"));
}

TEST_F(WebhookTest, IsTriedAgainUnderTheSameIdWhenItFails) {
  const Delivery delivery = AfterAnswer("500");
  EXPECT_EQ(delivery.state, DeliveryState::kRetrying);
  EXPECT_EQ(delivery.last_answer, "HTTP 500 scripted 500");
  world_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(AwaitAttempts(2));
  EXPECT_EQ(Only().state, DeliveryState::kSent);
  ASSERT_THAT(server_.Kept(), SizeIs(2));
  for (const std::string& file : server_.Kept()) {
    EXPECT_THAT(ReadFile(file), HasSubstr(absl::StrCat("\"webhook-id\": \"", delivery.id, "\"")));
  }
}

TEST_F(WebhookTest, IsTriedAgainWhenItHangsOrCutsTheLine) {
  const Delivery delivery = AfterAnswer("hang 20", absl::Milliseconds(500));
  EXPECT_EQ(delivery.state, DeliveryState::kRetrying);
  EXPECT_THAT(delivery.last_answer, HasSubstr("timed out"));
  server_.Answer({"close"});
  world_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(AwaitAttempts(2));
  EXPECT_EQ(Only().state, DeliveryState::kRetrying);
}

TEST_F(WebhookTest, MayAnswerAtLengthAndIsNotReadToTheEnd) {
  const Delivery delivery = AfterAnswer("big 64000000");
  EXPECT_EQ(delivery.state, DeliveryState::kSent);
  EXPECT_LT(delivery.last_answer.size(), 600u);
  ASSERT_TRUE(Await([&] { return server_.Kept().size() == 2; }));
  EXPECT_EQ(ReadFile(server_.Kept()[1]), "cut");
}

TEST_F(WebhookTest, ThatHangsHoldsUpOnlyItself) {
  ScriptedServer quick("webhook_server.py");
  quick.Start();
  server_.Answer(std::vector<std::string>(40, "hang 20"));
  server_.Start();
  for (int i = 0; i < 20; ++i) SetUpUnit(absl::StrCat("cham-", i), "", Url(server_));
  SetUpUnit("nhanh", "", Url(quick));
  Tell();
  StartCourier({.webhook_loopback = LoopbackRule::kAllow, .webhook_timeout = absl::Seconds(15)});
  ASSERT_TRUE(Await([&] { return quick.Kept().size() == 1; }));
  EXPECT_LE(server_.Kept().size(), static_cast<size_t>(kPerWebhookMax));
  EXPECT_EQ(world_.Count("select count(*) from delivery_attempts where outcome = 'RETRY'"), 0);
}

TEST_F(WebhookTest, IsNotCalledAtAnAddressThatTheSettingsForbid) {
  SetUpUnit("chi-cuc", "", Url(server_));
  Tell();
  server_.Start();
  StartCourier({});
  ASSERT_TRUE(Await([&] { return Only().state == DeliveryState::kDead; }));
  EXPECT_THAT(server_.Kept(), IsEmpty());
}

// The last line of defence: where the address leads, at the moment of connecting.
TEST(TransferGuard, ConnectsToNothingThatMayNotBeSpokenTo) {
  ScriptedServer server("webhook_server.py");
  server.Start();
  const std::string port = absl::StrCat(":", server.port(), "/");
  const std::string urls[] = {
      "https://127.0.0.1" + port, "https://127.1" + port,      "https://2130706433" + port,
      "https://0x7f.1" + port,    "https://[::1]" + port,      "https://[::ffff:7f00:1]" + port,
      "https://localhost" + port, "https://0.0.0.0" + port,    "https://169.254.169.254/latest",
      "https://[fe80::1]/",       "https://224.0.0.1/",        "http://127.0.0.1" + port,
      "file:///etc/passwd",       "gopher://127.0.0.1" + port,
  };
  for (const std::string& url : urls) {
    for (const LoopbackRule rule : {LoopbackRule::kRefuse, LoopbackRule::kAllow}) {
      // Where the setting allows loopback, it does so for URLs that name it in plain words only.
      if (rule == LoopbackRule::kAllow && ParseWebhookUrl(url, rule).ok()) continue;
      Transfer transfer({.id = "7", .channel = Channel::kWebhook, .address = url},
                        {.webhook_loopback = rule, .webhook_timeout = absl::Seconds(2)});
      const SendResult result = transfer.Finish(curl_easy_perform(transfer.handle()));
      EXPECT_EQ(result.outcome, Outcome::kDead) << url << ": " << result.answer;
    }
  }
  EXPECT_THAT(server.Kept(), IsEmpty());
}

TEST(Outside, RefusesSettingsThatDoNotFitTogether) {
  struct Case {
    const char* claim;
    Outside outside;
    bool accepted;
  };
  const Case cases[] = {
      {"no mail server", {}, true},
      {"a mail server", {.smtp_url = "smtp://mail:25", .smtp_from = "a@x.vn"}, true},
      {"no sender", {.smtp_url = "smtp://mail:25"}, false},
      {"another scheme", {.smtp_url = "http://mail", .smtp_from = "a@x.vn"}, false},
      {"a password over a line that must be encrypted",
       {.smtp_url = "smtp://mail:587", .smtp_from = "a@x.vn", .smtp_user = "u"},
       true},
      {"a password over a line that may not be",
       {.smtp_url = "smtp://mail:587", .smtp_from = "a@x.vn", .smtp_user = "u", .starttls = "try"},
       false},
      {"a password over TLS from the start",
       {.smtp_url = "smtps://mail:465", .smtp_from = "a@x.vn", .smtp_user = "u", .starttls = "off"},
       true},
  };
  for (const Case& row : cases) {
    EXPECT_EQ(CheckOutside(row.outside).ok(), row.accepted) << row.claim;
  }
}

}  // namespace
}  // namespace dondoc::notification
