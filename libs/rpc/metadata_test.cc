#include "libs/rpc/metadata.h"

#include <gtest/gtest.h>

namespace dondoc::rpc {
namespace {

TEST(ToMetadata, LeavesPlainNamesAsTheyAre) {
  EXPECT_EQ(ToMetadata("units/van-phong"), "units/van-phong");
  EXPECT_EQ(ToMetadata("Ban Giam doc"), "Ban Giam doc");
}

TEST(ToMetadata, WritesEveryOtherByteInHexadecimal) {
  EXPECT_EQ(ToMetadata("Sở"), "S%E1%BB%9F");
  EXPECT_EQ(ToMetadata("100%\n"), "100%25%0A");
}

TEST(FromMetadata, AnswersWhatWasSent) {
  for (const char* text : {"units/van-phong", "Văn phòng Sở", "100%", "%41"}) {
    EXPECT_EQ(FromMetadata(ToMetadata(text)), text);
  }
}

TEST(FromMetadata, LeavesWhatIsNotOfThisForm) {
  EXPECT_EQ(FromMetadata("100%"), "100%");
  EXPECT_EQ(FromMetadata("%zz"), "%zz");
  EXPECT_EQ(FromMetadata(""), "");
}

TEST(FromMetadata, LetsNoDirtyTextThrough) {
  EXPECT_EQ(FromMetadata("a%FF"), "a%FF");        // no UTF-8
  EXPECT_EQ(FromMetadata("a%1B[2J"), "a%1B[2J");  // would steer a terminal
}

}  // namespace
}  // namespace dondoc::rpc
