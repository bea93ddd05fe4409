#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "services/cli/program_fixture.h"

// That the client goes by the time of the services and not by its own.
namespace dondoc::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Program;
using testing::Result;

TEST_F(Program, AValueIsOfTheYearThatItIsForTheService) {
  Run("kpi show hai-long");
  Run("kpi show hai-long --period 2021");
  EXPECT_THAT(kpi_.asked_periods, ElementsAre("2023", "2021"));
}

TEST_F(Program, StatusSaysWhichClockRunsAndWhatTimeItIsThere) {
  EXPECT_THAT(Run("status").out, HasSubstr("mô phỏng x24 31/12/2023 23:0"));
  google::protobuf::Struct document;
  const Result json = Run("status --json");
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json.out, &document).ok()) << json.out;
  const auto& services = document.fields().at("services").list_value();
  ASSERT_EQ(services.values_size(), 4);
  for (const auto& service : services.values()) {
    const auto& fields = service.struct_value().fields();
    EXPECT_EQ(fields.at("simulation").string_value(), "simulated x24");
    EXPECT_EQ(fields.at("date").string_value(), "2023-12-31");
  }
}

}  // namespace
}  // namespace dondoc::cli
