#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "libs/testing/temp_dir.h"
#include "services/registry/document/docx_fixture.h"
#include "tests/system/acts.h"
#include "tests/system/city.h"

namespace dondoc::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

// The rows of the appendix as they stand in the document, by number. Two rows (22 and 32) are cut
// by a page break there; only their first half is here.
std::map<int, std::vector<std::string>> PrintedRows() {
  std::map<int, std::vector<std::string>> rows;
  const std::string document = ContentsOf(InRepository("deploy/plans/cchc-2023/ke-hoach.txt"));
  for (const absl::string_view line : absl::StrSplit(document, '\n')) {
    const std::vector<std::string> cells = absl::StrSplit(line, '\t');
    int number = 0;
    if (cells.size() == 6 && absl::SimpleAtoi(cells[0], &number)) rows[number] = cells;
  }
  return rows;
}

template <typename Message>
Message FromJson(const std::string& json) {
  Message message;
  const auto read = google::protobuf::util::JsonStringToMessage(json, &message);
  EXPECT_TRUE(read.ok()) << read.ToString() << "\n" << json.substr(0, 500);
  return message;
}

class CommandLine : public ::testing::Test {
 protected:
  CommandLine() {
    city_.AddUnits();
    const std::string imported =
        city_.Cli({"plan", "import", InRepository("deploy/plans/cchc-2023/ke-hoach.txt"), "--id",
                   "cchc-2023"});
    EXPECT_THAT(imported, HasSubstr("46"));
  }

  struct Outcome {
    int code = -1;
    std::string output;
  };
  Outcome Run(const std::vector<std::string>& words) {
    Outcome outcome;
    outcome.output = city_.Cli(words, &outcome.code);
    return outcome;
  }

  City city_;
};

TEST_F(CommandLine, TellsThePlanAsItWasSigned) {
  const Outcome list = Run({"task", "list", "--plan", "cchc-2023", "--json"});
  EXPECT_EQ(list.code, 0);
  const auto tasks = FromJson<registry_pb::ListTasksResponse>(list.output);
  ASSERT_THAT(tasks.tasks(), SizeIs(46));
  const std::map<int, std::vector<std::string>> printed = PrintedRows();
  ASSERT_THAT(printed, SizeIs(46));
  for (const registry_pb::Task& task : tasks.tasks()) {
    if (task.number() == 22 || task.number() == 32) continue;
    const std::vector<std::string>& cells = printed.at(task.number());
    EXPECT_EQ(task.content_text(), cells[1]) << task.number();
    EXPECT_EQ(task.product_text(), cells[2]) << task.number();
    EXPECT_EQ(task.lead_text(), cells[3]) << task.number();
    EXPECT_EQ(task.coordinator_text(), cells[4]) << task.number();
    EXPECT_EQ(task.time_text(), cells[5]) << task.number();
  }
  EXPECT_THAT(tasks.tasks(21).product_text(), HasSubstr("số lượng cấp phó")) << "joined";
  EXPECT_THAT(tasks.tasks(31).lead_text(), HasSubstr("quan")) << "joined";

  struct Dates {
    int task;
    int phases;
    const char* first_day;
    const char* due;
  };
  for (const Dates& row : std::vector<Dates>{{1, 2, "2023-01-01", "2023-03-31"},
                                             {3, 1, "2023-01-01", "2023-12-31"},
                                             {4, 1, "2023-10-01", "2023-12-31"},
                                             {7, 1, "2023-07-01", "2023-12-31"},
                                             {11, 1, "2023-07-01", "2023-07-31"},
                                             {16, 1, "2023-07-01", "2023-09-30"},
                                             {19, 1, "2023-04-01", "2023-04-30"},
                                             {44, 1, "2023-01-01", "2023-12-31"}}) {
    const registry_pb::Task& task = tasks.tasks(row.task - 1);
    ASSERT_THAT(task.phases(), SizeIs(row.phases)) << row.task;
    EXPECT_EQ(task.phases(0).window_start(), row.first_day) << row.task;
    EXPECT_EQ(task.phases(0).due_date(), row.due) << row.task;
  }
  EXPECT_EQ(tasks.tasks(0).phases(0).label(), "Ban hành kế hoạch");
  EXPECT_EQ(tasks.tasks(0).phases(1).label(), "Thực hiện");
  EXPECT_EQ(tasks.tasks(0).phases(1).due_date(), "2023-12-31");
}

// The same document, as it comes from Word.
TEST_F(CommandLine, TakesThePlanAsAWordDocument) {
  const TempDir folder;
  const std::string path = folder.File("ke-hoach.docx");
  std::ofstream(path, std::ios::binary)
      << registry::DocxOfPlan(ContentsOf(InRepository("deploy/plans/cchc-2023/ke-hoach.txt")));
  const Outcome imported = Run({"plan", "import", path, "--id", "tu-word"});
  ASSERT_EQ(imported.code, 0) << imported.output;
  EXPECT_THAT(imported.output, HasSubstr("46"));
  const auto tasks_of = [this](const std::string& plan) {
    return absl::StrReplaceAll(Run({"task", "list", "--plan", plan, "--json"}).output,
                               {{"plans/tu-word", "plans/cchc-2023"}});
  };
  EXPECT_EQ(tasks_of("tu-word"), tasks_of("cchc-2023"));
  EXPECT_THAT(Run({"plan", "warnings", "tu-word"}).output, HasSubstr("TARGET_CONFLICT"));
}

TEST_F(CommandLine, ShowsWhatToLookAtInThePlan) {
  const Outcome warnings = Run({"plan", "warnings", "cchc-2023"});
  EXPECT_EQ(warnings.code, 0);
  EXPECT_THAT(warnings.output, HasSubstr("TARGET_CONFLICT"));
  const Outcome json = Run({"plan", "warnings", "cchc-2023", "--json"});
  EXPECT_EQ(json.code, 0);
  FromJson<google::protobuf::Struct>(json.output);
  const Outcome list = Run({"task", "list", "--plan", "cchc-2023", "--section", "VI"});
  EXPECT_THAT(list.output, HasSubstr("Cải cách tài chính công"));
  EXPECT_THAT(list.output, HasSubstr("8 nhiệm vụ"));
}

TEST_F(CommandLine, SaysWhatWasWrongAndTellsTheShell) {
  struct Row {
    std::vector<std::string> words;
    int code;
    const char* said;
  };
  const std::string work = "cchc-2023/1/1@van-phong";
  for (const Row& row : std::vector<Row>{
           {{"tsk", "list"}, 2, "task"},
           {{"task", "show", "cchc-2023/99"}, 3, "TASK_NOT_FOUND"},
           {{"task", "report", work, "--percent", "101"}, 2, "percent"},
           {{"task", "accept", work}, 1, "NOTHING_SUBMITTED"},
           {{"task", "submit", work, "--evidence", "15/KH-SKHCN; 31/02/2023"}, 2, "31/02/2023"},
           {{"unit", "show", "khong-co"}, 3, "UNIT_NOT_FOUND"},
           {{"plan", "import", "/khong/co/tep.txt", "--id", "a"}, 2, "/khong/co/tep.txt"},
           {{"task", "list"}, 2, "--plan"},
       }) {
    const Outcome outcome = Run(row.words);
    EXPECT_EQ(outcome.code, row.code) << row.words[0] << " " << row.words[1] << outcome.output;
    EXPECT_THAT(outcome.output, HasSubstr(row.said)) << row.words[0] << " " << row.words[1];
  }
  const Outcome json = Run({"task", "show", "cchc-2023/99", "--json"});
  const auto error = FromJson<google::protobuf::Struct>(json.output).fields().at("error");
  EXPECT_EQ(error.struct_value().fields().at("reason").string_value(), "TASK_NOT_FOUND");
}

TEST_F(CommandLine, TellsWhichServiceIsAway) {
  const Outcome well = Run({"status"});
  EXPECT_EQ(well.code, 0) << well.output;
  EXPECT_THAT(well.output, Not(HasSubstr("✗")));
  city_.Kill("kpi");
  const Outcome ill = Run({"status", "--json"});
  EXPECT_EQ(ill.code, 4);
  EXPECT_THAT(ill.output, HasSubstr("\"kpi\""));
  EXPECT_EQ(Run({"kpi", "list"}).code, 4);
  EXPECT_EQ(Run({"plan", "list"}).code, 0) << "the registry does not need it";
}

}  // namespace
}  // namespace dondoc::testing
