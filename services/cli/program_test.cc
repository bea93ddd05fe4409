#include "services/cli/program.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "dondoc/registry/v1/events.pb.h"
#include "dondoc/registry/v1/registry_service.grpc.pb.h"
#include "libs/base/ids.h"
#include "libs/base/refusal.h"
#include "libs/rpc/metadata.h"
#include "libs/rpc/status.h"

// The whole program against a server in this process that behaves as a network behaves: it goes
// away, refuses, answers in pages and keeps silent. What a registry does is tested with the
// registry.
namespace dondoc::cli {
namespace {

namespace pb = registry::v1;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr int kTaskCount = 46;
constexpr int kTasksOnAPage = 20;

class ScriptedRegistry final : public pb::RegistryService::CallbackService {
 public:
  // Answers UNAVAILABLE `away` times, then adds.
  grpc::ServerUnaryReactor* AddUnit(grpc::CallbackServerContext* context,
                                    const pb::AddUnitRequest* request,
                                    pb::AddUnitResponse* response) override {
    const std::lock_guard lock(mutex);
    request_ids.push_back(request->request_id());
    const auto actor = context->client_metadata().find("dondoc-actor");
    actors.emplace_back(actor == context->client_metadata().end()
                            ? ""
                            : rpc::FromMetadata({actor->second.data(), actor->second.size()}));
    *response->mutable_unit() = request->unit();
    return Finish(context, away-- > 0 ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "restarting")
                                      : grpc::Status::OK);
  }

  grpc::ServerUnaryReactor* GetUnit(grpc::CallbackServerContext* context,
                                    const pb::GetUnitRequest* request,
                                    pb::GetUnitResponse*) override {
    return Finish(context, rpc::ToGrpc(Refuse(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND",
                                              {.vi = "Không có đơn vị.", .en = "no such unit"},
                                              {{"unit", request->name()}})));
  }

  grpc::ServerUnaryReactor* DissolveUnit(grpc::CallbackServerContext* context,
                                         const pb::DissolveUnitRequest*,
                                         pb::DissolveUnitResponse*) override {
    return Finish(context, rpc::ToGrpc(Refuse(
                               absl::StatusCode::kFailedPrecondition, "UNIT_HAS_OPEN_ASSIGNMENTS",
                               {.vi = "Đơn vị còn việc.", .en = "open assignments"})));
  }

  // Never answers.
  grpc::ServerUnaryReactor* GetPlan(grpc::CallbackServerContext*, const pb::GetPlanRequest*,
                                    pb::GetPlanResponse*) override {
    class Silent final : public grpc::ServerUnaryReactor {
      void OnCancel() override { Finish(grpc::Status::CANCELLED); }
      void OnDone() override { delete this; }
    };
    return new Silent;
  }

  grpc::ServerUnaryReactor* ListPlans(grpc::CallbackServerContext* context,
                                      const pb::ListPlansRequest*,
                                      pb::ListPlansResponse*) override {
    return Finish(context, grpc::Status(grpc::StatusCode::INTERNAL, "Lỗi nội bộ."));
  }

  grpc::ServerUnaryReactor* ListUnits(grpc::CallbackServerContext* context,
                                      const pb::ListUnitsRequest*,
                                      pb::ListUnitsResponse* response) override {
    *response->mutable_units() = {units.begin(), units.end()};
    return Finish(context, grpc::Status::OK);
  }

  grpc::ServerUnaryReactor* ListTasks(grpc::CallbackServerContext* context,
                                      const pb::ListTasksRequest* request,
                                      pb::ListTasksResponse* response) override {
    const int first = request->page_token().empty() ? 1 : std::stoi(request->page_token());
    for (int number = first; number < first + kTasksOnAPage && number <= kTaskCount; ++number) {
      pb::Task& task = *response->add_tasks();
      task.set_name(absl::StrCat(request->parent(), "/tasks/", number));
      task.set_number(number);
      task.set_content_text("Tiếp tục triển khai \"một cửa\"");
      pb::Phase& phase = *task.add_phases();
      phase.set_due_date("2023-12-31");
    }
    const int next = first + kTasksOnAPage;
    if (next <= kTaskCount) response->set_next_page_token(absl::StrCat(next));
    return Finish(context, grpc::Status::OK);
  }

  // Sends two changes, then goes away; it ends after the fourth.
  grpc::ServerWriteReactor<pb::WatchChangesResponse>* WatchChanges(
      grpc::CallbackServerContext*, const pb::WatchChangesRequest* request) override {
    class Feed final : public grpc::ServerWriteReactor<pb::WatchChangesResponse> {
     public:
      explicit Feed(int64_t from) : next_(from < 1 ? 1 : from), last_(next_ + 1) { Next(); }

     private:
      void Next() {
        if (next_ > 4) return Finish(grpc::Status::OK);
        if (next_ > last_) return Finish({grpc::StatusCode::UNAVAILABLE, "restarting"});
        common::v1::Change& change = *response_.mutable_change();
        change.set_sequence(next_++);
        change.set_type("dondoc.registry.unit.added");
        change.set_name("units/thanh-tra");
        pb::UnitChanged payload;
        payload.mutable_unit()->set_display_name("Thanh tra Sở");
        change.mutable_payload()->PackFrom(payload);
        StartWrite(&response_);
      }
      void OnWriteDone(bool ok) override {
        if (ok) {
          Next();
        } else {
          Finish(grpc::Status::CANCELLED);
        }
      }
      void OnDone() override { delete this; }

      int64_t next_;
      const int64_t last_;
      pb::WatchChangesResponse response_;
    };
    const std::lock_guard lock(mutex);
    watched_from.push_back(request->from_sequence());
    return new Feed(request->from_sequence());
  }

  std::mutex mutex;
  int away = 0;
  std::vector<std::string> request_ids;
  std::vector<std::string> actors;
  std::vector<int64_t> watched_from;
  std::vector<pb::Unit> units;

 private:
  static grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context,
                                          const grpc::Status& status) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(status);
    return reactor;
  }
};

struct Result {
  int exit = -1;
  std::string out;
  std::string err;
};

class Program : public ::testing::Test {
 protected:
  Program() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&registry_);
    server_ = builder.BuildAndStart();
    environment_["DONDOC_REGISTRY"] = absl::StrCat("127.0.0.1:", port_);
    environment_["DONDOC_ACTOR"] = "thu-nghiem";
  }
  ~Program() override { server_->Shutdown(std::chrono::system_clock::now()); }

  Result Run(const std::string& line) { return RunWords(absl::StrSplit(line, ' ')); }

  Result RunWords(const std::vector<std::string>& arguments) {
    std::ostringstream out;
    std::ostringstream err;
    Result result;
    result.exit = RunProgram(
        arguments,
        [this](absl::string_view name) {
          const auto found = environment_.find(name);
          return found == environment_.end() ? "" : found->second;
        },
        Console{.out = out, .err = err});
    result.out = out.str();
    result.err = err.str();
    return result;
  }

  std::string WriteFile(const std::string& name, const std::string& text) {
    const std::string path = ::testing::TempDir() + "/" + name;
    std::ofstream(path) << text;
    return path;
  }

  ScriptedRegistry registry_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::map<std::string, std::string, std::less<>> environment_;
};

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

TEST_F(Program, HelpIsThereForEveryCommandAndExitsWithZero) {
  for (const char* line : {"--help", "task --help", "task submit --help", "watch -h"}) {
    const Result result = Run(line);
    EXPECT_EQ(result.exit, 0) << line;
    EXPECT_THAT(result.out, HasSubstr("Cách dùng (usage)")) << line;
  }
  EXPECT_THAT(Run("--help").out, HasSubstr("Mã thoát (exit codes)"));
}

// ---- unit import
// ---------------------------------------------------------------------------------

constexpr char kUnits[] =
    "# minh hoạ\n"
    "id,name,kind,parent,valid_from,aliases\n"
    "so,Sở,department,,01/01/2016,\n"
    "van-phong,Văn phòng,office,so,2016-01-01,Văn phòng Sở|VP Sở\n";

TEST_F(Program, UnitImportSendsEveryRowOnceAndPassesOverWhatIsThere) {
  const std::string path = WriteFile("units.csv", kUnits);
  EXPECT_THAT(Run("unit import " + path).out, HasSubstr("Đã thêm 2 đơn vị, 0 đã có"));
  EXPECT_THAT(registry_.request_ids, SizeIs(2));

  pb::Unit& office = registry_.units.emplace_back();
  office.set_name("units/van-phong");
  office.set_display_name("Văn phòng");
  office.set_kind(pb::UNIT_KIND_OFFICE);
  office.set_parent("units/so");
  office.set_valid_from("2016-01-01");
  office.set_etag("\"3\"");
  office.add_aliases("Văn phòng Sở");
  office.add_aliases("VP Sở");
  EXPECT_THAT(Run("unit import " + path).out, HasSubstr("Đã thêm 1 đơn vị, 1 đã có"));
  EXPECT_THAT(registry_.request_ids, SizeIs(3));
}

struct ImportCase {
  const char* rows;
  const char* complaint;
};

// Names the case in ctest's list; otherwise its bytes would, which differ in every build.
void PrintTo(const ImportCase& c, std::ostream* out) {
  // ctest cannot run a case whose name holds quotes.
  for (const char* at = c.complaint; *at != '\0'; ++at) *out << (*at == '"' ? '\'' : *at);
}

class BadImports : public Program, public ::testing::WithParamInterface<ImportCase> {};

TEST_P(BadImports, NameTheRowAndSendNothing) {
  const std::string path = WriteFile(
      "bad.csv", absl::StrCat("id,name,kind,parent,valid_from\nso,Sở,department,,2016-01-01\n",
                              GetParam().rows));
  const Result result = Run("unit import " + path);
  EXPECT_EQ(result.exit, 2) << result.err;
  EXPECT_THAT(result.err, HasSubstr(GetParam().complaint));
  EXPECT_THAT(result.err, HasSubstr("Dòng 3"));
  EXPECT_THAT(registry_.request_ids, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Program, BadImports,
    ::testing::Values(ImportCase{"Van Phong,VP,office,so,2016-01-01\n", "cột \"id\""},
                      ImportCase{"vp,VP,phong,so,2016-01-01\n", "public-service-unit"},
                      ImportCase{"vp,VP,office,ubnd,2016-01-01\n", "\"ubnd\""},
                      ImportCase{"vp,VP,office,so,01/2016\n", "cột \"valid_from\""},
                      ImportCase{"so,Sở,department,,2016-01-01\n", "đã có ở dòng 2"},
                      ImportCase{"vp,VP,office\n", "3 ô"}));

// ---- completion
// ----------------------------------------------------------------------------------

// What bash prints after it read the completion script and ran `command`.
std::string Bash(const std::string& script, const std::string& command) {
  const std::string path = ::testing::TempDir() + "/dondoc_completion.bash";
  std::ofstream(path) << script;
  const std::string line = absl::StrCat("bash -c 'source ", path, " 2>/dev/null; ", command, "'");
  std::string printed;
  FILE* bash = popen(line.c_str(), "r");
  char buffer[256];
  while (bash != nullptr && fgets(buffer, sizeof buffer, bash) != nullptr) printed += buffer;
  if (bash != nullptr) pclose(bash);
  return printed;
}

TEST_F(Program, CompletionOffersCommandsOptionsWordsAndFiles) {
  const std::string script = Run("completion bash").out;
  EXPECT_THAT(Bash(script, "_dondoc_offer \"\" dondoc"), HasSubstr("plan unit task"));
  EXPECT_THAT(Bash(script, "_dondoc_offer task task"), HasSubstr("assignments"));
  EXPECT_EQ(Bash(script, "_dondoc_path --json task list --plan x"), "task list\n");
  EXPECT_THAT(Bash(script, "_dondoc_offer \"task list\" list"),
              AllOf(HasSubstr("--section"), HasSubstr("--json")));
  EXPECT_THAT(Bash(script, "_dondoc_offer \"unit add\" --kind"), HasSubstr("sub-department"));
  EXPECT_THAT(Bash(script, "_dondoc_offer \"watch\" watch"), HasSubstr("notification"));
  EXPECT_THAT(Bash(script, "_dondoc_offer \"plan import\" import"), HasSubstr("@files"));
  EXPECT_THAT(Bash(script, "_dondoc_offer \"task list\" --config"), HasSubstr("@files"));
}

TEST_F(Program, CompletionInBashFillsInTheWord) {
  const std::string script = Run("completion bash").out;
  EXPECT_EQ(Bash(script,
                 "COMP_WORDS=(dondoc task assi); COMP_CWORD=2; _dondoc; echo \"${COMPREPLY[*]}\""),
            "assignments assign\n");
}

TEST_F(Program, CompletionForZshDeclaresItsCommand) {
  EXPECT_THAT(Run("completion zsh").out,
              AllOf(StartsWith("#compdef dondoc\n"), HasSubstr("compdef _dondoc dondoc")));
}

}  // namespace
}  // namespace dondoc::cli
