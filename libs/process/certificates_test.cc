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

class CertificateGauges : public ::testing::Test {
 protected:
  CertificateGauges() {
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

  dondoc::testing::Certificates files_;
  metrics::Registry metrics_;
};

TEST_F(CertificateGauges, KnowWhenACertificateEnds) {
  EXPECT_LT(absl::AbsDuration(LeftIn(files_.certificate("near")) - absl::Hours(3 * 24)), kOff);
  EXPECT_LT(absl::AbsDuration(LeftIn(files_.certificate("past")) + absl::Hours(24)), kOff);
}

TEST_F(CertificateGauges, TellTheFirstThatEndsOfSeveralInAFile) {
  const std::string chain = files_.folder().File("chain.pem");
  std::ofstream(chain) << std::ifstream(files_.ca("authority")).rdbuf()
                       << std::ifstream(files_.certificate("near")).rdbuf();
  EXPECT_LT(absl::AbsDuration(LeftIn(chain) - absl::Hours(3 * 24)), kOff);
}

TEST_F(CertificateGauges, RefuseAFileWithoutACertificate) {
  EXPECT_THAT(FirstExpiryIn(files_.key("near")), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(FirstExpiryIn("/none"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(CertificateGauges, AreOnePerFileOfAServiceWithTls) {
  AddCertificateGauges({.certificate = files_.certificate("near"),
                        .key = files_.key("near"),
                        .ca = files_.ca("authority")},
                       metrics_);
  const std::string text = metrics_.Text();
  for (const std::string& file : {files_.certificate("near"), files_.ca("authority")}) {
    EXPECT_THAT(text,
                HasSubstr(absl::StrCat("dondoc_tls_certificate_expires_timestamp_seconds{file=\"",
                                       file, "\"} ")));
  }
}

TEST_F(CertificateGauges, AreNotThereWithoutTls) {
  AddCertificateGauges({}, metrics_);
  EXPECT_THAT(metrics_.Text(), Not(HasSubstr("dondoc_tls")));
}

}  // namespace
}  // namespace dondoc::process
