#include "libs/process/certificates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/testing/certificates.h"

namespace dondoc::process {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

// What an hour may be off: the test began before openssl looked at the clock.
constexpr absl::Duration kOff = absl::Hours(1);

class CertificatesTest : public ::testing::Test {
 protected:
  CertificatesTest() {
    EXPECT_THAT(files_.MakeCa("authority"), IsOk());
    EXPECT_THAT(files_.Make({.name = "near", .ca = "authority", .days = 3}), IsOk());
    EXPECT_THAT(files_.Make({.name = "past", .ca = "authority", .days = -1}), IsOk());
  }

  // In how long the first in a file ends.
  absl::Duration LeftIn(const std::string& path) {
    const absl::StatusOr<absl::Time> first = FirstExpiryIn(path);
    EXPECT_THAT(first, IsOk());
    return first.ok() ? *first - absl::Now() : absl::ZeroDuration();
  }

  static std::string SampleOf(const std::string& file) {
    return absl::StrCat("dondoc_tls_certificate_expires_timestamp_seconds{file=\"", file, "\"} ");
  }

  dondoc::testing::Certificates files_;
  metrics::Registry metrics_;
};

TEST_F(CertificatesTest, KnowWhenACertificateEnds) {
  EXPECT_LT(absl::AbsDuration(LeftIn(files_.certificate("near")) - absl::Hours(3 * 24)), kOff);
  EXPECT_LT(absl::AbsDuration(LeftIn(files_.certificate("past")) + absl::Hours(24)), kOff);
}

TEST_F(CertificatesTest, TellTheFirstThatEndsOfSeveralInAFile) {
  const std::string chain = files_.folder().File("chain.pem");
  std::ofstream(chain) << std::ifstream(files_.ca("authority")).rdbuf()
                       << std::ifstream(files_.certificate("near")).rdbuf();
  EXPECT_LT(absl::AbsDuration(LeftIn(chain) - absl::Hours(3 * 24)), kOff);
}

TEST_F(CertificatesTest, RefuseAFileWithoutACertificate) {
  EXPECT_THAT(FirstExpiryIn(files_.key("near")), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(FirstExpiryIn("/none"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(CertificatesTest, AreOnePerFileOfAServiceWithTls) {
  const CertificateGauges gauges({.certificate = files_.certificate("near"),
                                  .key = files_.key("near"),
                                  .ca = files_.ca("authority")},
                                 "", metrics_);
  for (const std::string& file : {files_.certificate("near"), files_.ca("authority")}) {
    EXPECT_THAT(metrics_.Text(), HasSubstr(SampleOf(file)));
  }
}

TEST_F(CertificatesTest, AreNotThereWithoutTls) {
  const CertificateGauges gauges({}, "", metrics_);
  EXPECT_THAT(metrics_.Text(), Not(HasSubstr("dondoc_tls")));
}

TEST_F(CertificatesTest, AreThereForFilesOfSomebodyElse) {
  const std::string absent = files_.folder().File("absent.pem");
  CertificateGauges gauges(
      {}, absl::StrCat(files_.certificate("near"), ", ", absent, ",", files_.ca("authority")),
      metrics_);
  EXPECT_THAT(metrics_.Text(), HasSubstr(SampleOf(files_.certificate("near"))));
  EXPECT_THAT(metrics_.Text(), HasSubstr(SampleOf(files_.ca("authority"))));
  EXPECT_THAT(metrics_.Text(), HasSubstr(absl::StrCat(SampleOf(absent), "0\n")))
      << "one that cannot be read is told as one that has ended";

  // Its owner has it made, and then again.
  ASSERT_THAT(files_.Make({.name = "absent", .ca = "authority", .days = 9}), IsOk());
  gauges.ReadWatched();
  EXPECT_THAT(metrics_.Text(), Not(HasSubstr(absl::StrCat(SampleOf(absent), "0\n"))));
}

}  // namespace
}  // namespace dondoc::process
