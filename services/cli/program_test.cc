#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>

#include "absl/strings/match.h"
#include "libs/base/ids.h"
#include "libs/base/trace.h"
#include "services/cli/program_fixture.h"

namespace dondoc::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

namespace pb = registry::v1;
using testing::kTaskCount;
using testing::Program;
using testing::Result;

constexpr char kAddUnit[] =
    "unit add thanh-tra --name Thanh --kind inspectorate --valid-from 1/1/2016";

// ---- Transport
// -----------------------------------------------------------------------------------

TEST_F(Program, TriesAWriteAgainWithTheSameRequestId) {
  registry_.away = 2;
  EXPECT_EQ(Run(kAddUnit).exit, 0);
  ASSERT_THAT(registry_.request_ids, SizeIs(3));
  EXPECT_TRUE(IsUuid(registry_.request_ids[0]));
  EXPECT_EQ(registry_.request_ids[1], registry_.request_ids[0]);
  EXPECT_EQ(registry_.request_ids[2], registry_.request_ids[0]);
}

TEST_F(Program, GivesUpAfterThreeTriesAndSaysWhere) {
  registry_.away = 100;
  const Result result = Run(kAddUnit);
  EXPECT_EQ(result.exit, 4);
  EXPECT_THAT(registry_.request_ids, SizeIs(3));
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("SERVICE_UNREACHABLE"), HasSubstr(absl::StrCat("127.0.0.1:", port_)),
                    HasSubstr("dondoc status")));
}

TEST_F(Program, TwoWritesHaveTwoRequestIds) {
  Run(kAddUnit);
  Run(kAddUnit);
  ASSERT_THAT(registry_.request_ids, SizeIs(2));
  EXPECT_NE(registry_.request_ids[0], registry_.request_ids[1]);
}

TEST_F(Program, SendsTheRequestIdItWasGiven) {
  const std::string id = NewUuid();
  EXPECT_EQ(Run(absl::StrCat(kAddUnit, " --request-id ", id)).exit, 0);
  EXPECT_THAT(registry_.request_ids, ElementsAre(id));
}

TEST_F(Program, SaysWhoActs) {
  Run(kAddUnit);
  environment_["DONDOC_ACTOR"] = "Văn phòng Sở";
  Run(kAddUnit);
  EXPECT_THAT(registry_.actors, ElementsAre("thu-nghiem", "Văn phòng Sở"));
}

TEST_F(Program, ASilentServiceIsLeftAtTheDeadline) {
  const Result result = Run("plan show cchc-2023 --timeout 200ms");
  EXPECT_EQ(result.exit, 4);
  EXPECT_THAT(result.err, AllOf(HasSubstr("NO_ANSWER_IN_TIME"), HasSubstr("200ms")));
}

TEST_F(Program, AnUnreachableServiceIsNamedWithItsAddress) {
  server_->Shutdown();
  const Result result = Run("unit list");
  EXPECT_EQ(result.exit, 4);
  EXPECT_THAT(result.err, AllOf(HasSubstr("registry"), HasSubstr(absl::StrCat(port_))));
  EXPECT_EQ(result.out, "");
}

TEST_F(Program, AWatchGoesOnWhereItWasCutOff) {
  const Result result = Run("watch registry --json");
  EXPECT_EQ(result.exit, 0);
  EXPECT_THAT(registry_.watched_from, ElementsAre(0, 3));
  const std::vector<std::string> lines = absl::StrSplit(result.out, '\n', absl::SkipEmpty());
  ASSERT_THAT(lines, SizeIs(4));
  EXPECT_THAT(lines[3], AllOf(HasSubstr("\"sequence\":\"4\""), HasSubstr("Thanh tra Sở")));
}

TEST_F(Program, AWatchEndsAfterSoManyChanges) {
  const Result result = Run("watch registry --from 2 --limit 1");
  EXPECT_EQ(result.exit, 0);
  EXPECT_THAT(registry_.watched_from, ElementsAre(2));
  EXPECT_THAT(result.out, AllOf(HasSubstr("registry.unit.added"), HasSubstr("thanh-tra")));
}

// ---- Refusals
// ------------------------------------------------------------------------------------

TEST_F(Program, ARefusalIsToldWithItsReasonItsDetailsAndAHint) {
  const Result result = Run("unit show khong-co");
  EXPECT_EQ(result.exit, 3);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err,
              AllOf(StartsWith("✗ Không có đơn vị. (no such unit)\n"), HasSubstr("UNIT_NOT_FOUND"),
                    HasSubstr("units/khong-co"), HasSubstr("dondoc unit list")));
}

TEST_F(Program, ARefusalForMachinesIsJson) {
  const Result result = Run("unit show khong-co --json");
  EXPECT_EQ(result.exit, 3);
  EXPECT_THAT(result.err, AllOf(StartsWith("{"), HasSubstr("\"reason\": \"UNIT_NOT_FOUND\""),
                                HasSubstr("\"unit\": \"units/khong-co\"")));
}

TEST_F(Program, ARefusalNamesTheTraceThatTheCallWasPartOf) {
  const Result begun = Run("unit show khong-co");
  ASSERT_THAT(registry_.traceparents, SizeIs(1));
  const std::string trace_id(TraceIdOf(registry_.traceparents[0]));
  EXPECT_THAT(trace_id, SizeIs(32));
  EXPECT_THAT(begun.err, HasSubstr(absl::StrCat("dấu vết (trace)  ", trace_id)));

  const std::string given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const Result continued = Run(absl::StrCat("unit show khong-co --json --traceparent ", given));
  EXPECT_EQ(TraceIdOf(registry_.traceparents[1]), TraceIdOf(given));
  EXPECT_NE(registry_.traceparents[1], given) << "under a span of its own";
  EXPECT_THAT(continued.err, HasSubstr("\"trace_id\": \"4bf92f3577b34da6a3ce929d0e0e4736\""));

  environment_["TRACEPARENT"] = given;
  Run("unit show khong-co");
  EXPECT_EQ(TraceIdOf(registry_.traceparents[2]), TraceIdOf(given));
  environment_["TRACEPARENT"] = "what some other tool left there";
  EXPECT_EQ(Run("unit show khong-co").exit, 3);
  EXPECT_THAT(std::string(TraceIdOf(registry_.traceparents[3])), SizeIs(32));
}

struct ExitCase {
  const char* line;
  int exit;
  // Something that the complaint says.
  const char* complaint;
};

void PrintTo(const ExitCase& c, std::ostream* out) { *out << c.line; }

class ProgramExits : public Program, public ::testing::WithParamInterface<ExitCase> {};

TEST_P(ProgramExits, WithTheCodeThatHelpPromises) {
  const Result result = Run(GetParam().line);
  EXPECT_EQ(result.exit, GetParam().exit) << result.err;
  EXPECT_THAT(result.err, HasSubstr(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Program, ProgramExits,
    ::testing::Values(
        ExitCase{"unit list", 0, ""},  //
        ExitCase{"unit dissolve so --date 1/6/2023", 1, "--successor"},
        ExitCase{"unit show", 2, "UNIT"},  //
        ExitCase{"unit show Văn_phòng", 2, "van-phong"},
        ExitCase{"unit lst", 2, "dondoc unit list"},  //
        ExitCase{"unti list", 2, "dondoc unit"},      //
        ExitCase{"unit list --jsno", 2, "--json"},    //
        ExitCase{"unit", 2, "list"},                  //
        ExitCase{"task list", 2, "--plan"},           //
        ExitCase{"task show x/29/1", 2, "cchc-2023/29"},
        ExitCase{"unit add a --name A --kind phong --valid-from 1/1/2016", 2, "sub-department"},
        ExitCase{"unit add a --name A --kind office --valid-from 31/2/2016", 2, "30/06/2023"},
        ExitCase{"unit add a --name A --kind office", 2, "--valid-from"},
        ExitCase{"unit list --registry nowhere", 2, "127.0.0.1:7401"},
        ExitCase{"unit list --timeout never", 2, "--timeout"},
        ExitCase{"unit list --traceparent 00-1-2-01", 2, "--traceparent"},
        ExitCase{"plan import /none --id x", 2, "/none"},  //
        ExitCase{"plan number 1/KH", 2, "--plan"},         //
        ExitCase{"watch nothing", 2, "registry"},          //
        ExitCase{"unit show khong-co", 3, "UNIT_NOT_FOUND"},
        ExitCase{"kpi list --kpi 127.0.0.1:1", 4, "127.0.0.1:1"},
        ExitCase{"plan list", 5, "Lỗi nội bộ"}));

// ---- Output
// --------------------------------------------------------------------------------------

TEST_F(Program, AListFollowsAllPagesAndPrintsOneResponse) {
  const Result result = Run("task list --plan cchc-2023 --json");
  ASSERT_EQ(result.exit, 0) << result.err;
  pb::ListTasksResponse response;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(result.out, &response).ok());
  ASSERT_EQ(response.tasks_size(), kTaskCount);
  EXPECT_EQ(response.tasks(45).name(), "plans/cchc-2023/tasks/46");
  EXPECT_EQ(response.tasks(45).content_text(), "Tiếp tục triển khai \"một cửa\"");
  EXPECT_EQ(response.tasks(45).phases(0).due_date(), "2023-12-31");
  EXPECT_EQ(response.next_page_token(), "");
}

TEST_F(Program, JsonHasCamelCaseNamesAndFieldsThatHoldTheirDefault) {
  registry_.units.emplace_back().set_name("units/so");
  const Result result = Run("--json unit list");
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("\"displayName\": \"\""), HasSubstr("\"illustrative\": false"),
                    HasSubstr("\"nextPageToken\": \"\"")));
}

TEST_F(Program, UnitsAreATreeWithoutColourInAPipe) {
  for (const auto& [id, parent] :
       {std::pair{"so", ""}, std::pair{"van-phong", "so"}, std::pair{"thanh-tra", "so"}}) {
    pb::Unit& unit = registry_.units.emplace_back();
    unit.set_name(absl::StrCat("units/", id));
    unit.set_display_name(absl::StrCat("Tên ", id));
    if (*parent != '\0') unit.set_parent(absl::StrCat("units/", parent));
  }
  const Result result = Run("unit list");
  EXPECT_THAT(result.out, AllOf(HasSubstr("\nTên so"), HasSubstr("\n├─ Tên van-phong"),
                                HasSubstr("\n└─ Tên thanh-tra"), Not(HasSubstr("\x1b"))));
}

TEST_F(Program, AWordThatNobodyKnowsIsNamedBeforeWhatIsMissing) {
  EXPECT_THAT(Run("unit dissolve so --dat 01/06/2023").err,
              AllOf(HasSubstr("\"--dat\""), HasSubstr("thử: dondoc unit dissolve --date")));
  EXPECT_THAT(Run("unit dissolve so").err, HasSubstr("Thiếu --date"));
}

TEST_F(Program, HelpIsThereForEveryCommandAndExitsWithZero) {
  for (const char* line : {"--help", "task --help", "task submit --help", "watch -h"}) {
    const Result result = Run(line);
    EXPECT_EQ(result.exit, 0) << line;
    EXPECT_THAT(result.out, HasSubstr("Cách dùng (usage)")) << line;
  }
  EXPECT_THAT(Run("--help").out, HasSubstr("Mã thoát (exit codes)"));
}

}  // namespace
}  // namespace dondoc::cli
