#include "libs/log/log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "libs/base/trace.h"
#include "libs/log/audit.h"

namespace dondoc::log {
namespace {

// A pipe that the log writes to.
class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe2(fds_, O_CLOEXEC), 0); }
  ~Pipe() {
    CloseReader();
    close(fds_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int writer() const { return fds_[1]; }
  void CloseReader() {
    if (fds_[0] >= 0) close(fds_[0]);
    fds_[0] = -1;
  }

  // Leaves no room in the pipe, so that the next writer must wait for a reader.
  void Fill() const {
    const int flags = fcntl(fds_[1], F_GETFL);
    fcntl(fds_[1], F_SETFL, flags | O_NONBLOCK);
    const std::string block(4096, '\n');
    while (write(fds_[1], block.data(), block.size()) > 0) {
    }
    fcntl(fds_[1], F_SETFL, flags);
  }

  // What is in the pipe now.
  std::string Read() const {
    fcntl(fds_[0], F_SETFL, O_NONBLOCK);
    std::string text;
    char buffer[4096];
    for (ssize_t n = 0; (n = read(fds_[0], buffer, sizeof buffer)) > 0;) {
      text.append(buffer, static_cast<size_t>(n));
    }
    return text;
  }

  // Reads until `text` has come by; "" when it does not come in 20 seconds.
  std::string ReadUntil(absl::string_view text) const {
    std::string seen;
    const absl::Time deadline = absl::Now() + absl::Seconds(20);
    while (absl::Now() < deadline) {
      seen += Read();
      if (absl::StrContains(seen, text)) return seen;
      absl::SleepFor(absl::Milliseconds(1));
    }
    return "";
  }

 private:
  int fds_[2] = {-1, -1};
};

std::vector<std::string> LinesOf(const std::string& text) {
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

TEST(TheLog, NamesTheTraceThatAThreadWorksFor) {
  Pipe pipe;
  Init({.service = "kpi", .fd = pipe.writer()});
  {
    const TraceScope trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    Info("inside");
  }
  {
    const TraceScope trace("no traceparent");
    Info("beside");
  }
  Info("outside");
  Shutdown();
  const std::string lines = pipe.Read();
  EXPECT_TRUE(absl::StrContains(lines, "inside trace_id=4bf92f3577b34da6a3ce929d0e0e4736\n"))
      << lines;
  EXPECT_TRUE(absl::StrContains(lines, " kpi beside\n")) << lines;
  EXPECT_TRUE(absl::StrContains(lines, " kpi outside\n")) << lines;
}

TEST(TheLog, WritesWhatIsQueuedBeforeItStops) {
  const Pipe pipe;
  Init({.service = "registry", .fd = pipe.writer()});
  for (int i = 0; i < 100; ++i) Info("test.line", {{"i", i}});
  Shutdown(absl::Seconds(20));
  const std::vector<std::string> lines = LinesOf(pipe.Read());
  ASSERT_EQ(lines.size(), 100u);
  EXPECT_TRUE(absl::EndsWith(lines.front(), " info registry test.line i=0")) << lines.front();
  EXPECT_TRUE(absl::EndsWith(lines.back(), " i=99"));
}

TEST(TheLog, WritesOnlyFromItsLevelOn) {
  const Pipe pipe;
  Init({.service = "registry", .level = Level::kWarning, .fd = pipe.writer()});
  Debug("test.debug");
  Info("test.info");
  Warning("test.warning");
  Error("test.error");
  Shutdown(absl::Seconds(20));
  const std::vector<std::string> lines = LinesOf(pipe.Read());
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_TRUE(absl::StrContains(lines[0], " warning registry test.warning"));
  EXPECT_TRUE(absl::StrContains(lines[1], " error registry test.error"));
}

TEST(TheLog, ShowsASimulatedClockInEachLine) {
  const Pipe pipe;
  const SimulatedClock clock({.real_start = absl::Now(),
                              .simulated_start = StartOf(absl::CivilDay(2023, 1, 1)),
                              .rate = 2,
                              .simulated_end = StartOf(absl::CivilDay(2024, 1, 1))});
  Init({.service = "kpi", .format = Format::kJson, .clock = &clock, .fd = pipe.writer()});
  Info("test.line");
  Shutdown(absl::Seconds(20));
  const std::string line = pipe.Read();
  EXPECT_TRUE(absl::StrContains(line, R"("clock":"simulated x2","simulated_time":"2023-01-01T00:)"))
      << line;
}

TEST(TheLog, KeepsLinesOfManyThreadsWhole) {
  const Pipe pipe;
  constexpr int kThreads = 4;
  constexpr int kLines = 100;
  Init({.service = "registry", .format = Format::kJson, .fd = pipe.writer()});
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < kLines; ++i) Info("test.line", {{"thread", t}, {"i", i}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  Shutdown(absl::Seconds(20));
  const std::vector<std::string> lines = LinesOf(pipe.Read());
  EXPECT_EQ(lines.size(), size_t{kThreads} * kLines);
  for (const std::string& line : lines) {
    EXPECT_TRUE(absl::StartsWith(line, R"({"time":")") && absl::EndsWith(line, "}")) << line;
  }
}

// A pipe holds 64 KiB; nobody reads here, so everything after that must be lost and nothing may
// wait.
TEST(TheLog, NeverWaitsForAStuckReaderAndCountsWhatItLoses) {
  const Pipe pipe;
  pipe.Fill();
  Init({.service = "registry", .fd = pipe.writer(), .queue_lines = 64});
  for (int i = 0; i < 1'000; ++i) Info("test.line", {{"i", i}});
  // One line is on its way, 64 wait.
  const uint64_t dropped = Dropped();
  EXPECT_GE(dropped, 1'000u - 65u);

  // When the reader is back, the log says how much is missing and goes on.
  const std::string seen = pipe.ReadUntil("log.lines_lost");
  EXPECT_TRUE(absl::StrContains(seen, "warning registry log.lines_lost count="));
  Info("test.after");
  EXPECT_NE(pipe.ReadUntil("test.after"), "");
  EXPECT_GE(Dropped(), dropped);
  Shutdown(absl::Seconds(20));
}

TEST(TheLog, WritesRecordsWhateverItsLevel) {
  const Pipe pipe;
  Init({.service = "registry", .level = Level::kError, .fd = pipe.writer()});
  Warning("test.warning");
  Audit("audit", {{"caller", "person:an"}});
  Shutdown(absl::Seconds(20));
  const std::vector<std::string> lines = LinesOf(pipe.Read());
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_TRUE(absl::EndsWith(lines[0], " info registry audit caller=person:an")) << lines[0];
}

// Nobody reads until a thread waits with a record, and another floods the log meanwhile.
TEST(TheLog, LosesNoRecordUnderAFloodOfOtherLines) {
  constexpr int kQueued = static_cast<int>(kAuditQueueLines);
  constexpr int kRecords = 2 * kQueued;
  const Pipe pipe;
  pipe.Fill();
  Init({.service = "registry", .fd = pipe.writer(), .queue_lines = 64});
  std::atomic<int> recorded = 0;
  std::thread audited([&] {
    for (int i = 0; i < kRecords; ++i) {
      Audit("audit", {{"i", i}});
      ++recorded;
    }
  });
  for (int i = 0; i < 2'000; ++i) Info("test.line", {{"i", i}});
  EXPECT_GT(Dropped(), 0u);
  EXPECT_LE(recorded, kQueued + 1) << "a record that has no room must wait";
  std::string seen = pipe.ReadUntil(absl::StrCat(" audit i=", kRecords - 1, "\n"));
  audited.join();
  Shutdown(absl::Seconds(20));
  std::vector<std::string> records;
  for (const std::string& line : LinesOf(seen)) {
    if (absl::StrContains(line, " registry audit i=")) records.push_back(line);
  }
  ASSERT_EQ(records.size(), size_t{kRecords});
  for (int i = 0; i < kRecords; ++i) {
    EXPECT_TRUE(absl::EndsWith(records[static_cast<size_t>(i)], absl::StrCat(" i=", i)));
  }
}

TEST(TheLog, LetsAThreadThatWaitsWithARecordGoOnWhenItStops) {
  const Pipe pipe;
  pipe.Fill();
  Init({.service = "registry", .fd = pipe.writer()});
  std::thread audited([] {
    for (size_t i = 0; i < 2 * kAuditQueueLines; ++i) Audit("audit", {{"i", i}});
  });
  const absl::Time start = absl::Now();
  Shutdown(absl::Milliseconds(100));
  audited.join();
  EXPECT_LT(absl::Now() - start, absl::Seconds(10));
}

TEST(TheLog, StopsInTimeAlthoughItsReaderIsStuck) {
  const Pipe pipe;
  pipe.Fill();
  Init({.service = "registry", .fd = pipe.writer(), .queue_lines = 64});
  for (int i = 0; i < 100; ++i) Info("test.line", {{"i", i}});
  const absl::Time start = absl::Now();
  Shutdown(absl::Milliseconds(100));
  EXPECT_LT(absl::Now() - start, absl::Seconds(10));
}

TEST(TheLog, SurvivesAClosedReader) {
  Pipe pipe;
  Init({.service = "registry", .fd = pipe.writer()});
  pipe.CloseReader();
  Info("test.line");
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (Dropped() == 0 && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_EQ(Dropped(), 1u);
  Shutdown();
}

TEST(TheLog, GoesNowhereBeforeInitAndAfterShutdown) {
  const Pipe pipe;
  Error("test.before");
  Init({.service = "registry", .fd = pipe.writer()});
  Shutdown();
  Error("test.after");
  EXPECT_EQ(pipe.Read(), "");
  EXPECT_EQ(Dropped(), 0u);
}

TEST(Names, OfLevelsAndFormatsReadBack) {
  EXPECT_EQ(LevelNames(), (std::vector<std::string>{"debug", "info", "warning", "error"}));
  for (const std::string& name : LevelNames()) EXPECT_EQ(LevelName(*LevelNamed(name)), name);
  EXPECT_EQ(LevelNamed("trace"), std::nullopt);
  EXPECT_EQ(FormatNamed("json"), Format::kJson);
  EXPECT_EQ(FormatNamed("text"), Format::kText);
  EXPECT_EQ(FormatNamed("xml"), std::nullopt);
}

}  // namespace
}  // namespace dondoc::log
