#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "tests/system/acts.h"
#include "tests/system/city.h"

namespace dondoc::testing {
namespace {

using ::testing::HasSubstr;

constexpr unsigned kSeed = 20'231'231;
constexpr uintmax_t kPage = 4096;
constexpr int kDamages = 40;

// What one call answers, "" where it is refused because of the damage.
template <typename Stub, typename Request, typename Response>
std::string Answer(City& city,
                   grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                   const Request& request) {
  const absl::StatusOr<Response> response = city.Call(method, request);
  if (response.ok()) return response->DebugString();
  const bool refused_for_damage =
      absl::IsDataLoss(response.status()) || absl::IsInternal(response.status());
  return refused_for_damage ? "" : response.status().ToString();
}

// The registry of a plan under way, whose database file somebody damages while it is down.
class ADamagedDatabase : public ::testing::Test {
 protected:
  ADamagedDatabase() {
    city_.AddUnits();
    city_.ImportPlan();
    city_.ResolveGroups();
    for (const int task : {1, 2, 3}) SettleResult(city_, {.task = task});
    sound_ = Answers();
    city_.Kill("registry", SIGTERM);
    std::filesystem::copy_file(File(), File() + ".sound");
  }

  std::string File() const { return city_.File("registry.db"); }

  // Everything that the registry knows of its plan, by the question.
  std::map<std::string, std::string> Answers() {
    std::map<std::string, std::string> answers;
    registry_pb::ListUnitsRequest units;
    units.set_page_size(1'000);
    answers["units"] = Answer(city_, &Registry::ListUnits, units);
    registry_pb::GetPlanRequest plan;
    plan.set_name("plans/cchc-2023");
    answers["plan"] = Answer(city_, &Registry::GetPlan, plan);
    for (int task = 1; task <= 46; ++task) {
      registry_pb::GetTaskRequest get;
      get.set_name(absl::StrCat("plans/cchc-2023/tasks/", task));
      answers[get.name()] = Answer(city_, &Registry::GetTask, get);
      answers[NameOf({.task = task})] = AnswerAbout({.task = task});
    }
    return answers;
  }

  std::string AnswerAbout(const Work& work) {
    registry_pb::GetAssignmentRequest request;
    request.set_name(NameOf(work));
    return Answer(city_, &Registry::GetAssignment, request);
  }

  // Puts the sound database back; returns where it may be damaged.
  void Restore() {
    for (const char* beside : {"-wal", "-shm"}) std::filesystem::remove(File() + beside);
    std::filesystem::copy_file(File() + ".sound", File(),
                               std::filesystem::copy_options::overwrite_existing);
  }

  void ZeroPage(uintmax_t page) {
    std::fstream file(File(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(page * kPage));
    file.write(std::string(kPage, '\0').data(), kPage);
  }

  // Starts the registry on what stands there. Each answer has to be the right one, or none; a
  // registry that does not start has to say in its last words what to do.
  void ExpectNothingWrong(const std::string& damage) {
    const absl::Status started = city_.TryStart("registry");
    if (!started.ok()) {
      ++refused_;
      EXPECT_THAT(std::string(started.message()), HasSubstr("registry.db")) << damage;
      EXPECT_THAT(std::string(started.message()), HasSubstr("sao lưu")) << damage;
      return;
    }
    for (const auto& [question, answer] : Answers()) {
      if (answer.empty() && !sound_[question].empty()) ++unanswered_;
      EXPECT_TRUE(answer.empty() || answer == sound_[question]) << damage << ", " << question;
    }
    city_.Kill("registry");
  }

  City city_;
  std::map<std::string, std::string> sound_;
  int refused_ = 0;
  int unanswered_ = 0;
};

TEST_F(ADamagedDatabase, WithAZeroedPageGivesNoWrongAnswer) {
  const uintmax_t pages = std::filesystem::file_size(File()) / kPage;
  std::mt19937 random(kSeed);
  for (int i = 0; i < kDamages; ++i) {
    const uintmax_t page = i == 0 ? 0 : random() % pages;
    Restore();
    ZeroPage(page);
    ExpectNothingWrong(absl::StrCat("page ", page, " of ", pages));
  }
  EXPECT_GT(refused_ + unanswered_, 0) << "nothing was damaged that matters";
  RecordProperty("refused", refused_);
  RecordProperty("unanswered", unanswered_);
}

TEST_F(ADamagedDatabase, ThatWasCutOffGivesNoWrongAnswer) {
  const uintmax_t size = std::filesystem::file_size(File());
  // In the last page there may be nothing that anybody asks for.
  for (const uintmax_t kept : {size - 100, size - kPage, size / 2, uintmax_t{5000}}) {
    Restore();
    std::filesystem::resize_file(File(), kept);
    ExpectNothingWrong(absl::StrCat(kept, " of ", size, " bytes"));
  }
  EXPECT_GE(refused_, 3) << "the file says itself how long it is";
}

}  // namespace
}  // namespace dondoc::testing
