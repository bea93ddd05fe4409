#include "libs/cache/cache.h"

#include <gtest/gtest.h>
#include <hiredis/hiredis.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "libs/metrics/metrics.h"
#include "libs/testing/servers.h"

// Everything here runs against a real redis-server that is hurt in the middle.
namespace dondoc::cache {
namespace {

using dondoc::testing::ChildProcess;
using dondoc::testing::FreePort;
using dondoc::testing::TempDir;

constexpr absl::Duration kTtl = absl::Minutes(5);

// An administrator with redis-cli: plants values behind the cache's back.
class Administrator {
 public:
  explicit Administrator(int port)
      : context_(redisConnectWithTimeout("127.0.0.1", port, timeval{.tv_sec = 20, .tv_usec = 0})) {
    EXPECT_EQ(context_->err, 0) << context_->errstr;
  }
  ~Administrator() { redisFree(context_); }
  Administrator(const Administrator&) = delete;
  Administrator& operator=(const Administrator&) = delete;

  // The text of the reply; "" for none.
  std::string Do(const std::vector<std::string>& command) {
    const Reply reply = Run(command);
    return reply->str == nullptr ? "" : std::string(reply->str, reply->len);
  }

  int64_t Number(const std::vector<std::string>& command) { return Run(command)->integer; }

 private:
  Reply Run(const std::vector<std::string>& command) {
    std::vector<const char*> arguments;
    std::vector<size_t> sizes;
    for (const std::string& argument : command) {
      arguments.push_back(argument.data());
      sizes.push_back(argument.size());
    }
    Reply reply(static_cast<redisReply*>(redisCommandArgv(
        context_, static_cast<int>(arguments.size()), arguments.data(), sizes.data())));
    if (reply == nullptr) throw std::runtime_error(context_->errstr);
    return reply;
  }

  redisContext* context_;
};

class CacheTest : public ::testing::Test {
 protected:
  void StartRedis(std::vector<std::string> arguments = {}) {
    redis_ = dondoc::testing::StartRedis(folder_, {.arguments = std::move(arguments)}).value();
  }

  Options ToRedis() {
    // Generous timeouts: a busy machine must not fail a test that is about something else.
    return {.server = {.port = redis_->port(),
                       .connect_timeout = absl::Seconds(10),
                       .command_timeout = absl::Seconds(10)},
            .metrics = &metrics_,
            .now = [this] { return now_; },
            .steady_now = [this] { return steady_now_; }};
  }

  int64_t Counted(absl::string_view operation, absl::string_view outcome) {
    const std::string head = absl::StrCat("dondoc_cache_operations_total{operation=\"", operation,
                                          "\",outcome=\"", outcome, "\"} ");
    const std::string text = metrics_.Text();
    const size_t found = text.find(head);
    return found == std::string::npos ? -1 : std::stoll(text.substr(found + head.size()));
  }

  const TempDir folder_;
  metrics::Registry metrics_;
  std::unique_ptr<ChildProcess> redis_;
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  SteadyTime steady_now_{std::chrono::seconds(1'000)};
};

TEST_F(CacheTest, GivesBackWhatWasStored) {
  StartRedis();
  Cache cache(ToRedis());
  const std::string payload("\0 85.99 \xFF\r\n", 11);
  EXPECT_EQ(cache.Ping(), Outcome::kOk);
  EXPECT_EQ(cache.Get("a").outcome, Outcome::kMiss);
  EXPECT_EQ(cache.Set({.key = "a", .payload = payload, .source_version = 7}, kTtl), Outcome::kOk);
  const Lookup found = cache.Get("a");
  ASSERT_TRUE(found.hit());
  EXPECT_EQ(found.payload, payload);
  EXPECT_EQ(found.source_version, 7u);
  EXPECT_EQ(cache.Delete({"a", "b"}), Outcome::kOk);
  EXPECT_EQ(cache.Get("a").outcome, Outcome::kMiss);
  EXPECT_EQ(Counted("get", "ok"), 1);
  EXPECT_EQ(Counted("get", "miss"), 2);
  EXPECT_EQ(Counted("set", "ok"), 1);
  EXPECT_EQ(Counted("delete", "ok"), 1);
}

TEST_F(CacheTest, GivesManyAtOnceInTheirOrder) {
  StartRedis();
  Cache cache(ToRedis());
  std::vector<Item> items;
  std::vector<std::string> keys;
  for (int i = 0; i < 1'000; ++i) {
    keys.push_back(absl::StrCat("key-", i));
    if (i % 3 != 0) items.push_back({keys.back(), absl::StrCat("value-", i), 1});
  }
  ASSERT_EQ(cache.MultiSet(items, kTtl), Outcome::kOk);
  const std::vector<Lookup> found = cache.MultiGet(keys);
  ASSERT_EQ(found.size(), keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    EXPECT_EQ(found[i].hit(), i % 3 != 0) << i;
    EXPECT_EQ(found[i].payload, i % 3 != 0 ? absl::StrCat("value-", i) : "") << i;
  }
  EXPECT_TRUE(cache.MultiGet({}).empty());
  EXPECT_EQ(cache.MultiSet({}, kTtl), Outcome::kOk);
  EXPECT_EQ(cache.Delete(keys), Outcome::kOk);
  EXPECT_EQ(cache.Get("key-1").outcome, Outcome::kMiss);
}

TEST_F(CacheTest, ForgetsWhatHasExpired) {
  StartRedis();
  Cache cache(ToRedis());
  ASSERT_EQ(cache.Set({.key = "a", .payload = "1", .source_version = 1}, kTtl), Outcome::kOk);
  now_ += kTtl * 0.79;
  EXPECT_TRUE(cache.Get("a").hit());
  now_ += kTtl * 0.42;
  EXPECT_EQ(cache.Get("a").outcome, Outcome::kMiss);
  // Redis would forget it by itself, too.
  const int64_t left_ms = Administrator(redis_->port()).Number({"PTTL", "a"});
  EXPECT_GT(left_ms, absl::ToInt64Milliseconds(kTtl * 0.5));
  EXPECT_LE(left_ms, absl::ToInt64Milliseconds(kTtl * 1.2));
}

TEST_F(CacheTest, SpreadsTheLivesOfValues) {
  StartRedis();
  Cache cache(ToRedis());
  std::vector<Item> items;
  std::vector<std::string> keys;
  for (int i = 0; i < 200; ++i) {
    keys.push_back(absl::StrCat(i));
    items.push_back({keys.back(), "x", 1});
  }
  ASSERT_EQ(cache.MultiSet(items, kTtl), Outcome::kOk);
  now_ += kTtl;
  int alive = 0;
  for (const Lookup& lookup : cache.MultiGet(keys)) alive += lookup.hit() ? 1 : 0;
  EXPECT_GT(alive, 20);
  EXPECT_LT(alive, 180);
}

TEST_F(CacheTest, TakesAPlantedValueForAMiss) {
  StartRedis();
  Cache cache(ToRedis());
  Administrator administrator(redis_->port());
  ASSERT_EQ(cache.Set({.key = "a", .payload = "A", .source_version = 1}, kTtl), Outcome::kOk);
  const std::string of_a = administrator.Do({"GET", "a"});
  ASSERT_FALSE(of_a.empty());

  administrator.Do({"SET", "b", of_a});  // another key's value
  EXPECT_EQ(cache.Get("b").outcome, Outcome::kCorrupt);
  administrator.Do({"SET", "a", "86"});
  EXPECT_EQ(cache.Get("a").outcome, Outcome::kCorrupt);
  administrator.Do({"SET", "a", of_a.substr(0, of_a.size() - 1)});
  EXPECT_EQ(cache.Get("a").outcome, Outcome::kCorrupt);
  administrator.Do({"SET", "a", ""});
  EXPECT_EQ(cache.Get("a").outcome, Outcome::kCorrupt);
  EXPECT_EQ(Counted("get", "corrupt"), 4);
  administrator.Do({"DEL", "a"});
  administrator.Do({"LPUSH", "a", "1"});
  EXPECT_EQ(cache.Get("a").outcome, Outcome::kMiss);

  EXPECT_EQ(cache.Set({.key = "a", .payload = "A", .source_version = 2}, kTtl), Outcome::kOk);
  EXPECT_EQ(cache.Get("a").payload, "A");
}

TEST_F(CacheTest, RefusesPayloadsPastTheLimit) {
  StartRedis();
  Options options = ToRedis();
  Cache generous(options);
  options.payload_bytes_max = 10;
  options.metrics = nullptr;
  Cache strict(options);
  EXPECT_EQ(strict.MultiSet({{"a", "12345678901", 1}, {"b", "1234567890", 1}}, kTtl),
            Outcome::kError);
  EXPECT_EQ(strict.Get("a").outcome, Outcome::kMiss);
  EXPECT_TRUE(strict.Get("b").hit());
  ASSERT_EQ(generous.Set({.key = "a", .payload = "12345678901", .source_version = 1}, kTtl),
            Outcome::kOk);
  EXPECT_EQ(strict.Get("a").outcome, Outcome::kCorrupt);
}

TEST_F(CacheTest, SurvivesAFlush) {
  StartRedis();
  Cache cache(ToRedis());
  ASSERT_EQ(cache.Set({.key = "a", .payload = "A", .source_version = 1}, kTtl), Outcome::kOk);
  Administrator(redis_->port()).Do({"FLUSHALL"});
  EXPECT_EQ(cache.Get("a").outcome, Outcome::kMiss);
  EXPECT_EQ(cache.Set({.key = "a", .payload = "A", .source_version = 1}, kTtl), Outcome::kOk);
  EXPECT_TRUE(cache.Get("a").hit());
}

// The process would end here by SIGPIPE if nobody had ignored it.
TEST_F(CacheTest, SurvivesTheDeathOfRedisInTheMiddle) {
  StartRedis();
  Cache cache(ToRedis());
  ASSERT_EQ(cache.Set({.key = "a", .payload = "A", .source_version = 1}, kTtl), Outcome::kOk);
  ASSERT_THAT(redis_->Kill(SIGKILL), dondoc::testing::IsOk());
  EXPECT_EQ(cache.Get("a").outcome, Outcome::kError);
  EXPECT_EQ(cache.Set({.key = "a", .payload = "A", .source_version = 1}, kTtl), Outcome::kError);
  EXPECT_EQ(cache.Ping(), Outcome::kError);
  EXPECT_EQ(cache.Delete({"a"}), Outcome::kError);
  ASSERT_THAT(redis_->Restart(), dondoc::testing::IsOk());
  EXPECT_EQ(cache.Get("a").outcome, Outcome::kMiss);
  EXPECT_EQ(cache.Set({.key = "a", .payload = "A", .source_version = 1}, kTtl), Outcome::kOk);
  EXPECT_TRUE(cache.Get("a").hit());
}

TEST_F(CacheTest, StopsTryingAfterFiveErrorsUntilFiveSecondsHavePassed) {
  StartRedis();
  Cache cache(ToRedis());
  ASSERT_THAT(redis_->Kill(SIGKILL), dondoc::testing::IsOk());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(cache.Get("a").outcome, Outcome::kError) << i;
  ASSERT_THAT(redis_->Restart(), dondoc::testing::IsOk());
  EXPECT_EQ(cache.Get("a").outcome, Outcome::kSkipped);
  EXPECT_EQ(cache.Set({.key = "a", .payload = "A", .source_version = 1}, kTtl), Outcome::kSkipped);
  steady_now_ += std::chrono::seconds(5);
  EXPECT_EQ(cache.Get("a").outcome, Outcome::kMiss);
  EXPECT_EQ(cache.Get("a").outcome, Outcome::kMiss);
  EXPECT_EQ(Counted("get", "error"), 5);
  EXPECT_EQ(Counted("get", "skipped"), 1);
}

// A restart breaks all idle connections at once; only the first use of one may notice.
TEST_F(CacheTest, LosesOneOperationAndNotOnePerConnectionWhenRedisRestarts) {
  StartRedis();
  Cache cache(ToRedis());
  std::vector<std::thread> threads;
  std::atomic<int> ready = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      ++ready;
      while (ready < 8) std::this_thread::yield();
      for (int i = 0; i < 50; ++i) cache.Ping();
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_THAT(redis_->Restart(), dondoc::testing::IsOk());
  EXPECT_EQ(cache.Ping(), Outcome::kError);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(cache.Ping(), Outcome::kOk) << i;
}

// hiredis would hand out the late reply about "a" as the answer about "b".
TEST_F(CacheTest, NeverTakesALateReplyForTheNextOne) {
  StartRedis();
  Options options = ToRedis();
  options.server.command_timeout = absl::Milliseconds(50);
  options.breaker.errors_in_a_row = 1'000;
  Cache cache(options);
  Cache patient([&] {
    Options same = ToRedis();
    same.metrics = nullptr;
    return same;
  }());
  ASSERT_EQ(patient.MultiSet({{"a", "A-data", 1}, {"b", "B-data", 1}}, kTtl), Outcome::kOk);
  Lookup found;
  for (int i = 0; i < 1'000 && !found.hit(); ++i) found = cache.Get("a");
  ASSERT_TRUE(found.hit());
  redis_->Signal(SIGSTOP);
  EXPECT_EQ(cache.Get("a").outcome, Outcome::kError);
  redis_->Signal(SIGCONT);
  found = cache.Get("b");
  for (int i = 0; i < 1'000 && !found.hit(); ++i) found = cache.Get("b");
  ASSERT_TRUE(found.hit());
  EXPECT_EQ(found.payload, "B-data");
  EXPECT_EQ(Counted("get", "corrupt"), 0) << "the frame is the second guard, not the first";
}

TEST_F(CacheTest, AnswersWithinItsTimeoutsWhenRedisHangs) {
  StartRedis();
  Options options = ToRedis();
  options.server.connect_timeout = absl::Milliseconds(50);
  options.server.command_timeout = absl::Milliseconds(50);
  Cache cache(options);
  redis_->Signal(SIGSTOP);
  const absl::Time start = absl::Now();
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(cache.Get("a").hit());
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(cache.Get("a").outcome, Outcome::kSkipped);
  // 5 timeouts of 50 ms; the rest allows for a busy machine.
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  redis_->Signal(SIGCONT);
}

TEST_F(CacheTest, KeepsReadingWhenRedisIsFull) {
  StartRedis({"--maxmemory-policy", "noeviction"});
  Cache cache(ToRedis());
  Administrator administrator(redis_->port());
  ASSERT_EQ(cache.Set({.key = "a", .payload = "A", .source_version = 1}, kTtl), Outcome::kOk);
  ASSERT_EQ(administrator.Do({"CONFIG", "SET", "maxmemory", "1"}), "OK");
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(cache.Set({.key = "b", .payload = "B", .source_version = 1}, kTtl), Outcome::kError);
    EXPECT_TRUE(cache.Get("a").hit()) << "a full Redis must not open the breaker";
  }
}

TEST_F(CacheTest, LogsInAsAUserOfTheAcl) {
  StartRedis();
  Administrator administrator(redis_->port());
  ASSERT_EQ(administrator.Do({"ACL", "SETUSER", "kpi", "on", ">secret", "~dondoc:kpi:*", "-@all",
                              "+mget", "+set", "+del", "+ping"}),
            "OK");
  ASSERT_EQ(administrator.Do({"ACL", "SETUSER", "default", "off"}), "OK");
  Options options = ToRedis();
  options.metrics = nullptr;
  options.server.user = "kpi";
  options.server.password = "secret";
  Cache cache(options);
  EXPECT_EQ(cache.Set({.key = "dondoc:kpi:a", .payload = "A", .source_version = 1}, kTtl),
            Outcome::kOk);
  EXPECT_TRUE(cache.Get("dondoc:kpi:a").hit());
  EXPECT_EQ(cache.Set({.key = "other:a", .payload = "A", .source_version = 1}, kTtl),
            Outcome::kError);
  EXPECT_EQ(cache.Get("other:a").outcome, Outcome::kError);
  EXPECT_EQ(cache.Ping(), Outcome::kOk);

  options.server.password = "wrong";
  Cache stranger(options);
  EXPECT_EQ(stranger.Ping(), Outcome::kError);
  options.server.password = "";
  Cache anonymous(options);
  EXPECT_EQ(anonymous.Ping(), Outcome::kError);
}

TEST_F(CacheTest, ServesManyThreads) {
  StartRedis();
  Options options = ToRedis();
  options.connections_max = 3;
  Cache cache(options);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const std::string key = absl::StrCat("key-", t, "-", i % 10);
        cache.Set({.key = key, .payload = key, .source_version = 1}, kTtl);
        if (cache.Get(key).payload != key) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(Counted("get", "ok"), 1'600);
}

TEST(ACacheWithoutRedis, IsAnError) {
  Cache cache({.server = {.port = FreePort()}});
  EXPECT_EQ(cache.Get("a").outcome, Outcome::kError);
  Cache nowhere({.server = {.host = "no such host"}});
  EXPECT_EQ(nowhere.Get("a").outcome, Outcome::kError);
}

}  // namespace
}  // namespace dondoc::cache
