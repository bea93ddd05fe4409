#include "libs/identity/fetched_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "libs/identity/test_issuer.h"
#include "libs/testing/certificates.h"
#include "libs/testing/child_process.h"
#include "libs/testing/temp_dir.h"

namespace dondoc::identity {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::TempDir;
using testing::JwkSet;
using testing::TestKey;

// An issuer whose answer the test writes, and a clock that it sets.
class FetchedKeysTest : public ::testing::Test {
 protected:
  // Does what the refresher does once.
  void Look() {
    if (keys_.FetchIsDue()) keys_.FetchNow();
  }
  void Pass(absl::Duration time) { clock_.Set(clock_.Now() + time); }

  const std::string first_ = TestKey::Ed25519().Jwk("first");
  const std::string second_ = TestKey::Ed25519().Jwk("second");
  FixedClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  absl::StatusOr<std::string> answer_ = JwkSet(first_);
  int fetches_ = 0;
  FetchedKeys keys_{"https://id.example/keys",
                    [this](const std::string&) {
                      ++fetches_;
                      return answer_;
                    },
                    clock_};
};

TEST_F(FetchedKeysTest, AreAskedForOnceInTenMinutes) {
  EXPECT_FALSE(keys_.Find("first"));
  Look();
  EXPECT_TRUE(keys_.Find("first"));
  Pass(FetchedKeys::kFresh - absl::Seconds(1));
  Look();
  EXPECT_EQ(fetches_, 1);
  Pass(absl::Seconds(1));
  Look();
  EXPECT_EQ(fetches_, 2);
}

TEST_F(FetchedKeysTest, AreAskedForAgainWhenAKeyIsUnknownButOnceAMinute) {
  Look();
  answer_ = JwkSet(absl::StrCat(first_, ",", second_));
  EXPECT_FALSE(keys_.Find("second"));
  Look();
  EXPECT_EQ(fetches_, 1);
  Pass(FetchedKeys::kBetweenFetches);
  Look();
  EXPECT_TRUE(keys_.Find("second"));
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(keys_.Find(absl::StrCat("invented-", i)));
    Look();
  }
  EXPECT_EQ(fetches_, 2);
}

TEST_F(FetchedKeysTest, ForgetAKeyThatTheIssuerTookBack) {
  Look();
  answer_ = JwkSet(second_);
  Pass(FetchedKeys::kFresh);
  Look();
  EXPECT_FALSE(keys_.Find("first"));
  EXPECT_TRUE(keys_.Find("second"));
}

TEST_F(FetchedKeysTest, StayUsableForADayWhenTheIssuerIsDown) {
  Look();
  for (const absl::StatusOr<std::string>& bad :
       {absl::StatusOr<std::string>(absl::UnavailableError("down")),
        absl::StatusOr<std::string>("<html>maintenance</html>")}) {
    answer_ = bad;
    Pass(FetchedKeys::kFresh);
    Look();
    EXPECT_TRUE(keys_.Find("first"));
  }
  Pass(FetchedKeys::kUsable - 2 * FetchedKeys::kFresh - absl::Seconds(1));
  EXPECT_TRUE(keys_.Find("first"));
  Pass(absl::Seconds(1));
  EXPECT_FALSE(keys_.Find("first"));
  answer_ = JwkSet(first_);
  Look();
  EXPECT_TRUE(keys_.Find("first"));
}

TEST(KeyRefresher, FetchesInAThreadOfItsOwn) {
  const SystemClock clock;
  const TempDir folder;
  std::ofstream(folder.File("keys.json")) << JwkSet(TestKey::Ed25519().Jwk("a"));
  FetchedKeys keys("file:" + folder.File("keys.json"), FetchByCurl(""), clock);
  const KeyRefresher refresher(keys);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!keys.Find("a") && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_TRUE(keys.Find("a"));
}

TEST(FetchByCurl, BelievesAServerOnlyWithACertificateOfItsAuthority) {
  ::dondoc::testing::Certificates certificates;
  ASSERT_THAT(certificates.MakeCa("city"), IsOk());
  ASSERT_THAT(certificates.MakeCa("stranger"), IsOk());
  ASSERT_THAT(certificates.Make({.name = "issuer", .ca = "city"}), IsOk());
  const TempDir folder;
  std::ofstream(folder.File("keys.json")) << JwkSet(TestKey::Ed25519().Jwk("a"));
  std::ofstream(folder.File("big.json")) << std::string(KeySet::kBytesMax + 1, ' ');
  const int port = ::dondoc::testing::FreePort();
  // Serves the files of the folder it is started in.
  const std::string serve = absl::StrCat(
      "cd ", folder.File("."), " && exec openssl s_server -WWW -accept 127.0.0.1:", port, " -key ",
      certificates.key("issuer"), " -cert ", certificates.certificate("issuer"));
  const auto server = ::dondoc::testing::ChildProcess::Start(
      {.command = {"sh", "-c", serve}, .port = port, .log_path = folder.File("log")});
  ASSERT_THAT(server, IsOk());

  const Fetch fetch = FetchByCurl(certificates.ca("city"));
  const std::string url = absl::StrCat("https://127.0.0.1:", port);
  const auto text = fetch(url + "/keys.json");
  ASSERT_THAT(text, IsOk());
  EXPECT_TRUE(KeySet::Parse(*text));
  EXPECT_FALSE(fetch(url + "/big.json").ok());
  EXPECT_FALSE(FetchByCurl(certificates.ca("stranger"))(url + "/keys.json").ok());
  EXPECT_FALSE(FetchByCurl("")(url + "/keys.json").ok());
}

TEST(FetchByCurl, TakesHttpsAndFilesOnly) {
  const Fetch fetch = FetchByCurl("");
  const TempDir folder;
  std::ofstream(folder.File("big")) << std::string(KeySet::kBytesMax + 100, ' ');
  const auto big = fetch("file:" + folder.File("big"));
  ASSERT_THAT(big, IsOk());
  EXPECT_FALSE(KeySet::Parse(*big));
  EXPECT_FALSE(fetch("file:" + folder.File("none")).ok());
  for (const char* location : {"http://127.0.0.1:9/keys", "ftp://127.0.0.1:9/keys", "gopher://x"}) {
    EXPECT_THAT(fetch(location).status().message(), ::testing::HasSubstr("rotocol")) << location;
  }
  // Nobody listens there; the protocol is right.
  EXPECT_EQ(fetch("https://127.0.0.1:9/keys").status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace dondoc::identity
