#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/testing/child_process.h"
#include "tests/system/city.h"
#include "tests/system/founders.h"
#include "tests/system/log_check.h"
#include "tests/system/mount.h"

namespace dondoc::testing {
namespace {

constexpr unsigned kSeed = 20'230'131;
constexpr int kKills = 25;
constexpr int kCuts = 20;
constexpr int kImageMegabytes = 128;
// sysexits.h EX_SOFTWARE: after a failed fsync nobody knows what is on disk.
constexpr int kExitDiskNotTrusted = 70;

// Units are founded without a pause while the registry ends in every way but an orderly one.
class TheRegistry : public ::testing::Test {
 protected:
  TheRegistry() : random_(kSeed) { RecordProperty("seed", absl::StrCat(kSeed)); }

  void AwaitSomeMoment() { absl::SleepFor(absl::Milliseconds(20 + random_() % 180)); }

  void ExpectSound() {
    city_.Kill("registry", SIGTERM);
    ExpectSoundDatabase(city_.DatabaseOf("registry"));
  }

  City city_;
  std::mt19937 random_;
};

TEST_F(TheRegistry, KilledAtAnyMomentKeepsEveryAcknowledgedWrite) {
  Founders founders(city_);
  for (int kill = 1; kill <= kKills; ++kill) {
    AwaitSomeMoment();
    city_.Kill("registry");
    // Nobody will be told more of this run.
    const std::set<std::string> acknowledged = founders.acknowledged();
    city_.Start("registry");
    ExpectUnits(city_, acknowledged);
  }
  founders.ExpectAllOnce();
  EXPECT_GT(founders.acknowledged().size(), kKills);
  ExpectSound();
}

// The registry's database stands on a disk of its own, a file. What is copied of that file while
// the registry stands still is what would be left of the disk if the power went at that moment:
// what is only in the memory of the machine is not in it.
class APowerCut : public TheRegistry {
 protected:
  void SetUp() override {
    const absl::Status made = MakeImage(Disk(0), kImageMegabytes);
    if (!made.ok()) GTEST_SKIP() << made.message();
    auto mounted = Mount::Image(Disk(0), city_.File("disk"));
    if (!mounted.ok()) GTEST_SKIP() << mounted.status().message();
    mount_ = *std::move(mounted);
    city_.Kill("registry");
    city_.SetDatabase("registry", city_.File("disk/registry.db"));
    city_.Start("registry");
  }

  std::string Disk(int cut) const { return city_.File(absl::StrCat("disk-", cut)); }

  void CutPower(int cut) {
    const std::string unsynced = city_.File("disk/unsynced");
    std::ofstream(unsynced) << "written and not flushed";
    city_.Signal("registry", SIGSTOP);
    std::filesystem::copy_file(Disk(cut - 1), Disk(cut));
    city_.Kill("registry");
    mount_.reset();
    std::filesystem::remove(Disk(cut - 1));
    auto mounted = Mount::Image(Disk(cut), city_.File("disk"));
    ASSERT_THAT(mounted, IsOk());
    mount_ = *std::move(mounted);
    EXPECT_EQ(ContentsOf(unsynced), "") << "this is no power cut";
    std::filesystem::remove(unsynced);
  }

  std::unique_ptr<Mount> mount_;
};

TEST_F(APowerCut, AtAnyMomentKeepsEveryAcknowledgedWrite) {
  Founders founders(city_);
  for (int cut = 1; cut <= kCuts; ++cut) {
    AwaitSomeMoment();
    ASSERT_NO_FATAL_FAILURE(CutPower(cut));
    const std::set<std::string> acknowledged = founders.acknowledged();
    city_.Start("registry");
    ExpectUnits(city_, acknowledged);
  }
  founders.ExpectAllOnce();
  EXPECT_GT(founders.acknowledged().size(), kCuts);
  ExpectSound();
}

// A flush of the registry that fails, by what strace puts in the place of its answer.
struct FailingFlush {
  std::string name;
  // Which one of a thread, counted from 1, among those that strace looks at.
  int number = 1;
  // Only the flushes of the database file itself: what a checkpoint does.
  bool of_checkpoint = false;
};

std::ostream& operator<<(std::ostream& out, const FailingFlush& flush) { return out << flush.name; }

class AFailedFlush : public TheRegistry, public ::testing::WithParamInterface<FailingFlush> {
 protected:
  std::vector<std::string> Strace() const {
    const std::string calls = "fsync,fdatasync";
    std::vector<std::string> command = {
        "strace", "-f",
        "-e",     "trace=" + calls,
        "-e",     absl::StrCat("inject=", calls, ":error=EIO:when=", GetParam().number)};
    if (GetParam().of_checkpoint) command.insert(command.end(), {"-P", Database()});
    command.insert(command.end(), {"-p", absl::StrCat(city_.PidOf("registry"))});
    return command;
  }

  std::string Database() const { return std::filesystem::canonical(city_.DatabaseOf("registry")); }
};

TEST_P(AFailedFlush, EndsTheRegistryWhichKeepsEveryAcknowledgedWrite) {
  Founders founders(city_);
  const std::string trace = city_.File("strace");
  const auto strace = ChildProcess::Start({.command = Strace(), .log_path = trace});
  ASSERT_THAT(strace, IsOk());
  // It says so on its log, or ends: because it may not, or because the registry has met its end by
  // now.
  const auto attached = [&] { return absl::StrContains(ContentsOf(trace), "attached"); };
  ASSERT_TRUE(Eventually([&] { return attached() || !(*strace)->Running(); }));
  if (!attached()) GTEST_SKIP() << ContentsOf(trace);
  EXPECT_EQ(city_.AwaitEnd("registry"), kExitDiskNotTrusted) << city_.LogOf("registry");
  const std::set<std::string> acknowledged = founders.acknowledged();
  city_.Start("registry");
  ExpectUnits(city_, acknowledged);
  EXPECT_THAT(city_.LogOf("registry"), ::testing::HasSubstr("the disk is not trusted any more"));
  founders.ExpectAllOnce();
  ExpectSound();
}

INSTANTIATE_TEST_SUITE_P(Of, AFailedFlush,
                         ::testing::Values(FailingFlush{"the_first", 1},
                                           FailingFlush{"the_second", 2},
                                           FailingFlush{"the_seventh", 7},
                                           FailingFlush{"a_checkpoint", 1, true}),
                         [](const auto& flush) { return flush.param.name; });

}  // namespace
}  // namespace dondoc::testing
