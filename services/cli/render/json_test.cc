#include "services/cli/render/json.h"

#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/wrappers.pb.h>

#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"

namespace dondoc::cli {
namespace {

using ::dondoc::testing::IsOk;
using ::testing::HasSubstr;

TEST(ToJsonLine, IsOneLineAndKeepsLettersAsTheyAre) {
  google::protobuf::Struct document;
  (*document.mutable_fields())["ten"].set_string_value("Văn phòng");
  EXPECT_EQ(ToJsonLine(document).value(), "{\"ten\":\"Văn phòng\"}");
}

TEST(ToJson, PrintsFieldsThatHoldTheirDefault) {
  google::protobuf::NullValue null{};
  google::protobuf::Value value;
  value.set_null_value(null);
  ASSERT_THAT(ToJson(value), IsOk());
  EXPECT_THAT(ToJson(value).value(), HasSubstr("null"));
}

TEST(RefusalToJson, CarriesCodeReasonSentenceAndDetails) {
  const absl::Status refusal =
      Refuse(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND",
             {.vi = "Không có đơn vị abc.", .en = "no unit abc"}, {{"field", "unit"}});
  const std::string json = RefusalToJson(refusal);
  EXPECT_THAT(json, HasSubstr("\"code\": \"NOT_FOUND\""));
  EXPECT_THAT(json, HasSubstr("\"reason\": \"UNIT_NOT_FOUND\""));
  EXPECT_THAT(json, HasSubstr("Không có đơn vị abc. (no unit abc)"));
  EXPECT_THAT(json, HasSubstr("\"field\": \"unit\""));
}

}  // namespace
}  // namespace dondoc::cli
