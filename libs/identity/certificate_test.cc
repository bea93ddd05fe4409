#include "libs/identity/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/base/status_matchers.h"

namespace dondoc::identity {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::StatusIs;

TEST(CommonName, IsReadFromBothFormsAndNeverGuessed) {
  const struct {
    std::string subject;
    std::string name;
  } rows[] = {
      {"/C=VN/O=UBND/CN=lgsp.cantho", "lgsp.cantho"},
      {"CN=lgsp-01,O=UBND,C=VN", "lgsp-01"},
      {"/CN=a", "a"},
      {"/2.5.4.3=a", "a"},
      {"/O=Sở KH&CN/CN=a", "a"},
      {"/emailAddress=x@y.vn/CN=a", "a"},
      {"", ""},
      {"a", ""},
      {"/O=UBND", ""},
      {"/CN=", ""},
      {"/CN=a/CN=b", ""},
      {"/CN=a/2.5.4.3=b", ""},
      {"CN=a,CN=b", ""},
      {"/CN=a b", ""},
      {"/CN=A", ""},
      {"/CN=đ", ""},
      {"CN=a\\,CN=b", ""},
      {"CN=\"a\"", ""},
      {"CN=a+UID=1", ""},
      {"/O=x/CN", ""},
      {"/O=a/b/CN=c", ""},
      {"/ CN=a", ""},
      {"//CN=a", ""},
      {"/CN=" + std::string(64, 'a'), ""},
      {"/CN=a/O=" + std::string(2000, 'x'), ""},
      {std::string("/CN=a\0b", 7), ""},
      {"/CN=a\n", ""},
      {"/CN=../etc", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(CommonNameOf(row.subject), row.name) << row.subject;
}

TEST(SystemOf, BelievesTheEdgeAlone) {
  std::string cause;
  const auto tell = [&](absl::string_view told) { cause = std::string(told); };
  const auto good = SystemOf({.peer = "edge", .subjects = {"/O=UBND/CN=lgsp"}}, "edge", tell);
  ASSERT_THAT(good, IsOk());
  EXPECT_EQ(*good, "system:lgsp");
  EXPECT_EQ(*SystemOf({.peer = "edge", .subjects = {"\"/CN=lgsp\""}}, "edge", tell), "system:lgsp");

  const struct {
    ForwardedCertificate certificate;
    std::string edge;
    std::string cause;
  } rows[] = {
      {{.peer = "edge", .subjects = {}}, "edge", "no_certificate"},
      {{.peer = "", .subjects = {"/CN=lgsp"}}, "edge", "not_from_the_edge"},
      {{.peer = "kpi", .subjects = {"/CN=lgsp"}}, "edge", "not_from_the_edge"},
      {{.peer = "", .subjects = {"/CN=lgsp"}}, "", "not_from_the_edge"},
      {{.peer = "edge", .subjects = {"/CN=lgsp", "/CN=other"}}, "edge", "two_certificates"},
      {{.peer = "edge", .subjects = {"/O=UBND"}}, "edge", "subject_unreadable"},
      {{.peer = "edge", .subjects = {"\""}}, "edge", "subject_unreadable"},
      {{.peer = "edge", .subjects = {"/CN=edge"}}, "edge", "edge_is_no_caller"},
  };
  for (const auto& row : rows) {
    const auto refused = SystemOf(row.certificate, row.edge, tell);
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kUnauthenticated)) << row.cause;
    EXPECT_THAT(refused, Refuses("CERTIFICATE_REFUSED")) << row.cause;
    EXPECT_EQ(cause, row.cause);
  }
}

TEST(SystemOfPeer, BelievesTheConnectionAloneWhereThereIsNoEdge) {
  std::string cause;
  const auto tell = [&](absl::string_view told) { cause = std::string(told); };
  EXPECT_EQ(*SystemOfPeer({.peer = "lgsp", .subjects = {}}, tell), "system:lgsp");
  EXPECT_EQ(*SystemOfPeer({.peer = "", .subjects = {}}, tell), "");
  EXPECT_EQ(cause, "");
  EXPECT_THAT(SystemOfPeer({.peer = "lgsp", .subjects = {"/CN=other"}}, tell),
              Refuses("CERTIFICATE_REFUSED"));
  EXPECT_EQ(cause, "not_from_the_edge");
  EXPECT_THAT(SystemOfPeer({.peer = "LGSP, O=x", .subjects = {}}, tell),
              Refuses("CERTIFICATE_REFUSED"));
  EXPECT_EQ(cause, "subject_unreadable");
}

}  // namespace
}  // namespace dondoc::identity
