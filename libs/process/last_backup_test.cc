#include "libs/process/last_backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "libs/testing/temp_dir.h"

namespace dondoc::process {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kMetric[] = "dondoc_backup_last_success_timestamp_seconds";

class LastBackup : public ::testing::Test {
 protected:
  LastBackup() { AddLastBackupGauge(file_, metrics_); }

  // What Prometheus is told once a backup has left this.
  std::string ToldOf(const std::string& content) {
    std::ofstream(file_) << content;
    return metrics_.Text();
  }
  static std::string Sample(const std::string& value) {
    return std::string("\n") + kMetric + " " + value + "\n";
  }

  testing::TempDir folder_;
  const std::string file_ = folder_.File("last-backup");
  metrics::Registry metrics_;
};

TEST_F(LastBackup, IsNoneBeforeTheFirst) { EXPECT_THAT(metrics_.Text(), HasSubstr(Sample("0"))); }

TEST_F(LastBackup, IsToldAnewAfterEach) {
  EXPECT_THAT(ToldOf("1700000000\n"), HasSubstr(Sample("1700000000")));
  EXPECT_THAT(ToldOf("1700000900\n"), HasSubstr(Sample("1700000900")));
}

TEST_F(LastBackup, IsNoneWhereTheFileTellsNoTime) {
  for (const char* content : {"", "\n", "yesterday\n", "-1700000000\n", "17e8\n",
                              "99999999999999999999\n", "1700000000 and more\n"}) {
    EXPECT_THAT(ToldOf(content), HasSubstr(Sample("0"))) << content;
  }
}

TEST(LastBackupElsewhere, IsNotTold) {
  metrics::Registry metrics;
  AddLastBackupGauge("", metrics);
  EXPECT_THAT(metrics.Text(), Not(HasSubstr(kMetric)));
}

}  // namespace
}  // namespace dondoc::process
