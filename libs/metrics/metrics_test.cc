#include "libs/metrics/metrics.h"

#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "libs/testing/child_process.h"

namespace dondoc::metrics {
namespace {

using dondoc::testing::IsOk;
using dondoc::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

// The answer to GET, "" when there is none.
std::string Get(const std::string& url) {
  std::string body;
  CURL* curl = curl_easy_init();
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 20L);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(
      curl, CURLOPT_WRITEFUNCTION, +[](char* data, size_t size, size_t count, std::string* out) {
        out->append(data, size * count);
        return size * count;
      });
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_cleanup(curl);
  return code == CURLE_OK ? body : "";
}

TEST(ARegistry, WritesEachKindOfMetric) {
  Registry registry;
  registry.AddCounter({.name = "dondoc_relay_published_total", .help = "Events published."})
      .Increment(3);
  registry.AddGauge({.name = "dondoc_relay_waiting", .help = "Events not yet published."}).Set(7);
  registry
      .AddHistogram({.name = "dondoc_store_commit_seconds", .help = "Time of one commit."},
                    {0.1, 1})
      .Observe(0.5);
  registry.AddGaugeFunction({.name = "dondoc_log_lines_lost", .help = "Lines lost."},
                            [] { return 2.0; });
  const std::string text = registry.Text();
  EXPECT_THAT(text, HasSubstr("# TYPE dondoc_relay_published_total counter\n"
                              "dondoc_relay_published_total 3\n"));
  EXPECT_THAT(text, HasSubstr("# HELP dondoc_relay_waiting Events not yet published.\n"));
  EXPECT_THAT(text, HasSubstr("dondoc_relay_waiting 7\n"));
  EXPECT_THAT(text, HasSubstr("dondoc_store_commit_seconds_bucket{le=\"0.1\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("dondoc_store_commit_seconds_bucket{le=\"1\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("dondoc_store_commit_seconds_count 1\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE dondoc_log_lines_lost gauge\ndondoc_log_lines_lost 2\n"));
}

TEST(AFamily, HasOneChildForEachSetOfLabels) {
  Registry registry;
  Family<Counter>& calls = registry.AddCounters(
      {.name = "dondoc_rpc_calls_total", .help = "Calls.", .labels = {"method", "code"}});
  calls.With({"GetTask", "OK"}).Increment();
  calls.With({"GetTask", "OK"}).Increment();
  calls.With({"GetTask", "NOT_FOUND"}).Increment();
  EXPECT_EQ(&calls.With({"GetTask", "OK"}), &calls.With({"GetTask", "OK"}));
  EXPECT_EQ(calls.With({"GetTask", "OK"}).Value(), 2);
  EXPECT_THAT(registry.Text(),
              HasSubstr("dondoc_rpc_calls_total{code=\"NOT_FOUND\",method=\"GetTask\"} 1\n"));
}

TEST(AFamily, CountsFromManyThreads) {
  Registry registry;
  Family<Histogram>& times = registry.AddHistograms(
      {.name = "dondoc_rpc_call_seconds", .help = "Time of a call.", .labels = {"method"}});
  Family<Gauge>& open =
      registry.AddGauges({.name = "dondoc_rpc_open", .help = "Open calls.", .labels = {"method"}});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1'000; ++i) {
        times.With({absl::StrCat("Method", i % 10)}).Observe(0.001);
        open.With({"GetTask"}).Increment();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(open.With({"GetTask"}).Value(), 4'000);
  EXPECT_EQ(times.With({"Method3"}).Collect().histogram.sample_count, 400u);
}

TEST(AFamily, DoesNotGrowWithoutEnd) {
  Registry registry;
  Family<Counter>& calls =
      registry.AddCounters({.name = "dondoc_calls_total", .help = "Calls.", .labels = {"caller"}});
  for (int i = 0; i < 5'000; ++i) calls.With({absl::StrCat("caller-", i)}).Increment();
  EXPECT_EQ(calls.With({"other"}).Value(), 4'000);
  EXPECT_EQ(calls.With({"caller-7"}).Value(), 1) << "an early child stays what it is";
  EXPECT_THAT(registry.Text(), Not(HasSubstr("caller-1001\"")));
}

TEST(RegistryDeathTest, RefusesNamesAgainstTheConventions) {
  Registry registry;
  registry.AddGauge({.name = "dondoc_twice", .help = "x"});
  EXPECT_DEATH(registry.AddGauge({.name = "dondoc_twice", .help = "x"}), "");
  EXPECT_DEATH(registry.AddCounter({.name = "dondoc_calls", .help = "x"}), "");
  EXPECT_DEATH(registry.AddGauge({.name = "dondoc_open_total", .help = "x"}), "");
  EXPECT_DEATH(registry.AddCounter({.name = "calls_total", .help = "x"}), "");
  EXPECT_DEATH(registry.AddCounter({.name = "dondoc_bad-name_total", .help = "x"}), "");
  EXPECT_DEATH(registry.AddCounter({.name = "dondoc_calls_total", .help = ""}), "");
  EXPECT_DEATH(
      registry.AddCounters({.name = "dondoc_calls_total", .help = "x", .labels = {"bad-label"}}),
      "");
  EXPECT_DEATH(registry.AddCounter({.name = "dondoc_calls_total", .help = "x", .labels = {"a"}}),
               "");
}

TEST(AnExposer, AnswersOnAFreePort) {
  Registry registry;
  registry.AddCounter({.name = "dondoc_calls_total", .help = "Calls."}).Increment();
  registry.AddGaugeFunction({.name = "dondoc_lost", .help = "Lost."}, [] { return 5.0; });
  const auto exposer = Exposer::Start("127.0.0.1:0", registry);
  ASSERT_THAT(exposer, IsOk());
  EXPECT_GT((*exposer)->port(), 0);
  const std::string text = Get(absl::StrCat("http://127.0.0.1:", (*exposer)->port(), "/metrics"));
  EXPECT_THAT(text, HasSubstr("dondoc_calls_total 1\n"));
  EXPECT_THAT(text, HasSubstr("dondoc_lost 5\n"));
}

TEST(AnExposer, IsGoneAfterItsDestruction) {
  Registry registry;
  auto exposer = Exposer::Start("127.0.0.1:0", registry);
  ASSERT_THAT(exposer, IsOk());
  const int port = (*exposer)->port();
  EXPECT_TRUE(dondoc::testing::Answers(port));
  exposer->reset();
  EXPECT_FALSE(dondoc::testing::Answers(port));
}

TEST(AnExposer, SaysThatItsAddressIsTaken) {
  Registry registry;
  const auto first = Exposer::Start("127.0.0.1:0", registry);
  ASSERT_THAT(first, IsOk());
  const std::string taken = absl::StrCat("127.0.0.1:", (*first)->port());
  EXPECT_THAT(Exposer::Start(taken, registry), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(Exposer::Start("nonsense", registry), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace dondoc::metrics
