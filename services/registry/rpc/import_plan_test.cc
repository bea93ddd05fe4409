#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_replace.h"
#include "libs/base/ids.h"
#include "libs/base/status_matchers.h"
#include "services/registry/document/docx_fixture.h"
#include "services/registry/rpc/testing/registry_test_base.h"
#include "services/registry/rpc/testing/sample_plan.h"

namespace dondoc::registry {
namespace {

using dondoc::testing::IsOk;
using dondoc::testing::Refuses;
using dondoc::testing::StatusIs;
using ::testing::HasSubstr;
using testing::SamplePlan;
using testing::SamplePlanWithRows;
using testing::SampleRows;

using Stub = pb::RegistryService::Stub;

std::string PlanOf2023() {
  std::ifstream file(DEPLOY_FOLDER "/plans/cchc-2023/ke-hoach.txt", std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class ImportPlanTest : public testing::RegistryTestBase {
 protected:
  void AddUnits() {
    ASSERT_THAT(AddUnit("name: 'units/van-phong' display_name: 'Văn phòng' kind: UNIT_KIND_OFFICE "
                        "valid_from: '2015-01-01'"),
                IsOk());
    ASSERT_THAT(
        AddUnit("name: 'units/chi-cuc' display_name: 'Chi cục Tiêu chuẩn Đo lường Chất lượng' "
                "aliases: 'Chi cục Đo lường' kind: UNIT_KIND_SUB_DEPARTMENT "
                "valid_from: '2015-01-01'"),
        IsOk());
  }
  absl::StatusOr<pb::ImportPlanResponse> Import(const std::string& document,
                                                bool validate_only = false) {
    pb::ImportPlanRequest request;
    request.set_plan_id("p");
    request.set_document(document);
    request.set_validate_only(validate_only);
    return Call(&Stub::ImportPlan, request);
  }
};

TEST_F(ImportPlanTest, ThePlanOf2023IsPutInMotion) {
  AddUnits();
  const int64_t before = database_->LastSequence();
  const auto imported = Import(PlanOf2023());
  ASSERT_THAT(imported, IsOk());
  const pb::Plan& plan = imported->plan();
  EXPECT_EQ(plan.year(), 2023);
  EXPECT_EQ(plan.signed_date(), "2023-01-27");
  EXPECT_EQ(plan.document_number(), "");
  EXPECT_EQ(plan.document_number_text(), "Số: /KH-SKHCN");
  EXPECT_EQ(plan.declared_task_count(), 46);
  EXPECT_EQ(plan.task_count(), 46);
  EXPECT_EQ(plan.inspection_share(), "30");
  EXPECT_EQ(plan.sections_size(), 7);
  EXPECT_GT(plan.warnings_size(), 10);
  EXPECT_EQ(imported->unresolved_task_count(), 31);
  EXPECT_EQ(imported->assignment_count(), 20);

  std::map<std::string, int> events;
  for (const std::string& event : EventsAfter(before)) ++events[event.substr(0, event.find(' '))];
  EXPECT_EQ(events, (std::map<std::string, int>{{"plan.imported", 1},
                                                {"task.planned", 46},
                                                {"assignment.opened", 20},
                                                {"report.scheduled", 4}}));
}

// What was understood, as text, without what tells two documents apart: their bytes, and how many
// marks of bold type a conversion to text left behind.
std::string Understood(pb::ImportPlanResponse response) {
  response.mutable_plan()->clear_document_sha256();
  for (pb::PlanWarning& warning : *response.mutable_plan()->mutable_warnings()) {
    if (warning.code() != "CONVERSION_MARKS") continue;
    warning.clear_message_vi();
    warning.clear_message_en();
  }
  return response.DebugString();
}

TEST_F(ImportPlanTest, AWordDocumentGivesTheSamePlanAsItsText) {
  AddUnits();
  const auto by_text = Import(PlanOf2023());
  ASSERT_THAT(by_text, IsOk());
  const std::string docx = DocxOfPlan(PlanOf2023());
  pb::ImportPlanRequest request;
  request.set_request_id(NewUuid());
  request.set_plan_id("q");
  request.set_document(docx);
  const auto by_docx = Call(&Stub::ImportPlan, request);
  ASSERT_THAT(by_docx, IsOk());

  const auto as_p = [](const std::string& text) {
    return absl::StrReplaceAll(text, {{"plans/q", "plans/p"}});
  };
  EXPECT_EQ(as_p(Understood(*by_docx)), Understood(*by_text));
  EXPECT_GT(by_docx->plan().warnings_size(), 10);
  EXPECT_EQ(by_docx->plan().document_sha256(), absl::BytesToHexString(Sha256(docx)));
  for (int number = 1; number <= 46; ++number) {
    const auto task = Call(&Stub::GetTask, absl::StrCat("name: 'plans/q/tasks/", number, "'"));
    ASSERT_THAT(task, IsOk()) << number;
    EXPECT_EQ(as_p(task->task().DebugString()), Task(number).DebugString()) << number;
  }
  EXPECT_THAT(Call(&Stub::GetTask, "name: 'plans/q/tasks/47'"), Refuses("TASK_NOT_FOUND"));
}

TEST_F(ImportPlanTest, AWordDocumentThatWasCutOffIsRefused) {
  AddUnits();
  const int64_t before = database_->LastSequence();
  const std::string docx = DocxOfPlan(PlanOf2023());
  EXPECT_THAT(Import(docx.substr(0, docx.size() / 2)), Refuses("NOT_A_DOCX"));
  EXPECT_EQ(database_->LastSequence(), before);
}

TEST_F(ImportPlanTest, TargetsKeepTheirFiguresAndWhereTheyAreFrom) {
  AddUnits();
  const auto imported = Import(PlanOf2023());
  ASSERT_THAT(imported, IsOk());
  std::map<std::string, pb::Target> targets;
  for (const pb::Target& target : imported->plan().targets()) targets[target.name()] = target;
  EXPECT_EQ(targets.size(), static_cast<size_t>(imported->plan().targets_size()));
  const auto at = [&](const std::string& id) { return targets.at("plans/p/targets/" + id); };

  EXPECT_EQ(at("I.2.d").value(), "86");
  EXPECT_EQ(at("I.2.d").due_date(), "2023-12-31");
  EXPECT_EQ(at("I.2.dd").clause(), "I.2.đ");
  EXPECT_EQ(at("I.2.a-2").effective_from(), "2023-07-01");
  EXPECT_EQ(at("I.2.b-2").nested_in(), "plans/p/targets/I.2.b-1");
  EXPECT_EQ(at("I.3.a").kind(), pb::TARGET_KIND_BY_REFERENCE);
  EXPECT_EQ(at("I.4").kind(), pb::TARGET_KIND_QUALITATIVE);
  EXPECT_EQ(at("T15").comparator(), pb::COMPARATOR_GREATER);
  EXPECT_EQ(at("T15").clause(), "Phụ lục, nhiệm vụ 15");
  EXPECT_EQ(at("T19").due_date(), "2023-04-30");
  EXPECT_EQ(at("T9-2").comparator(), pb::COMPARATOR_AT_MOST);
  EXPECT_EQ(at("T9-2").value(), "40");
  EXPECT_EQ(at("T9-2").unit(), "phút/hồ sơ");
  for (const char* row : {"T21", "T22", "T28", "T38", "T39", "T40", "T44"}) {
    EXPECT_EQ(at(row).kind(), pb::TARGET_KIND_NOT_SET) << row;
    EXPECT_EQ(at(row).value(), "") << row;
  }
}

TEST_F(ImportPlanTest, RowsAreKeptVerbatimBesideWhatWasUnderstood) {
  AddUnits();
  ASSERT_THAT(Import(PlanOf2023()), IsOk());
  const pb::Task first = Task(1);
  ASSERT_EQ(first.phases_size(), 2);
  EXPECT_EQ(first.phases(0).due_date(), "2023-03-31");
  EXPECT_EQ(first.phases(1).due_date(), "2023-12-31");
  EXPECT_EQ(first.phases(0).assignment_count(), 1);
  EXPECT_EQ(first.leads(0).unit(), "units/van-phong");
  EXPECT_EQ(Task(7).phases(0).window_start(), "2023-07-01");
  EXPECT_EQ(Task(18).product_text(), "");
  EXPECT_EQ(Task(19).coordinators(0).kind(), pb::PARTY_KIND_EXTERNAL);
  EXPECT_TRUE(Task(22).no_coordinator());
  EXPECT_THAT(Task(22).product_text(), HasSubstr("số lượng cấp phó"));
  EXPECT_EQ(Task(29).leads_size(), 2);
  EXPECT_EQ(Task(29).leads(1).unit(), "units/chi-cuc");
  EXPECT_EQ(Task(32).lead_text(), "Các phòng, đơn vị có liên quan");
  EXPECT_TRUE(Task(34).conditional_product());
  EXPECT_EQ(Task(34).progress(), pb::PROGRESS_NOT_STARTED);
}

TEST_F(ImportPlanTest, ValidateOnlyFindsTheSameAndKeepsNothing) {
  AddUnits();
  const int64_t before = database_->LastSequence();
  const auto checked = Import(SamplePlan(), /*validate_only=*/true);
  ASSERT_THAT(checked, IsOk());
  EXPECT_EQ(checked->plan().task_count(), 5);
  EXPECT_EQ(database_->LastSequence(), before);
  EXPECT_THAT(Call(&Stub::GetPlan, "name: 'plans/p'"), Refuses("PLAN_NOT_FOUND"));
  const auto imported = Import(SamplePlan());
  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(imported->assignment_count(), checked->assignment_count());
}

TEST_F(ImportPlanTest, TheSignedDocumentIsKept) {
  AddUnits();
  const auto imported = Import(SamplePlan());
  ASSERT_THAT(imported, IsOk());
  std::string kept;
  ASSERT_THAT(database_->Read([&](store::Snapshot& snapshot) {
    kept = snapshot.sql()
               .Value<store::Bytes>("select bytes from documents where sha256 = :sha256",
                                    imported->plan().document_sha256())
               .value()
               .value;
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_EQ(kept, SamplePlan());
}

struct BadDocument {
  const char* what;
  std::string document;
  const char* reason;
};

TEST_F(ImportPlanTest, WhatIsNotUnderstoodIsRefusedAndChangesNothing) {
  AddUnits();
  const auto with = [](const std::string& from, const std::string& to) {
    return absl::StrReplaceAll(SamplePlan(), {{from, to}});
  };
  const std::vector<BadDocument> cases = {
      {"nothing", "", "PLAN_NO_HEAD"},
      {"TCVN3 bytes",
       "K\xD5 ho\xB9"
       "ch c\xB6i c\xB8"
       "ch",
       "NOT_UTF8"},
      {"TCVN3 taken for Latin-1", "Kế hoạch: Phßng C¶nh s¸t, Phßng C¶nh s¸t, Phßng C¶nh s¸t",
       "SUSPECTED_LEGACY_ENCODING"},
      {"31/02", with("Tháng 4/2023.", "Trước ngày 31/02/2023."), "DUE_TEXT_NOT_UNDERSTOOD"},
      {"quarter V", with("Quý III năm 2023.", "Quý V năm 2023."), "DUE_TEXT_NOT_UNDERSTOOD"},
      {"two rows of one number", SamplePlanWithRows(SampleRows() + SampleRows(), 10),
       "TASK_NUMBER_DUPLICATE"},
      {"another total", SamplePlanWithRows(SampleRows(), 6), "TASK_COUNT_MISMATCH"},
      {"an unknown unit", with("Chi cục Đo lường", "Chi cục Thú y"), "UNIT_UNKNOWN"},
      {"3 MiB", SamplePlan() + std::string(3 << 20, ' '), "PLAN_TOO_LARGE"},
      {"a zip file that is no document", "PK\x03\x04 nothing", "NOT_A_DOCX"},
  };
  const int64_t before = database_->LastSequence();
  for (const BadDocument& c : cases) {
    const auto refused = Import(c.document);
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument)) << c.what;
    EXPECT_THAT(refused, Refuses(c.reason)) << c.what << ": " << refused.status();
    EXPECT_FALSE(refused.status().message().empty()) << c.what;
  }
  EXPECT_EQ(database_->LastSequence(), before);
}

TEST_F(ImportPlanTest, DecomposedTextGivesTheSamePlan) {
  AddUnits();
  // "Văn phòng" with its marks apart, wherever it stands.
  const std::string document =
      absl::StrReplaceAll(SamplePlan(), {{"Văn phòng", "Va\u0306n pho\u0300ng"}});
  ASSERT_NE(document, SamplePlan());
  ASSERT_THAT(Import(document), IsOk());
  EXPECT_EQ(Task(1).lead_text(), "Văn phòng");
  EXPECT_EQ(Task(1).leads(0).unit(), "units/van-phong");
}

TEST_F(ImportPlanTest, ATakenPlanIdIsRefused) {
  AddUnits();
  ASSERT_THAT(Import(SamplePlan()), IsOk());
  EXPECT_THAT(Import(SamplePlan()), StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(Call(&Stub::ImportPlan, "plan_id: 'Kế hoạch'"), Refuses("RESOURCE_NAME_INVALID"));
}

TEST_F(ImportPlanTest, AMessageOf8MiBIsRefusedByTheServer) {
  EXPECT_THAT(Import(std::string(8 << 20, ' ')), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(database_->LastSequence(), 0);
}

TEST_F(ImportPlanTest, TheNumberIsEnteredOnce) {
  AddUnits();
  ASSERT_THAT(Import(SamplePlan()), IsOk());
  for (const char* bad : {"", "/KH-SMH", "15", "số 15/KH"}) {
    EXPECT_THAT(Call(&Stub::SetDocumentNumber,
                     absl::StrCat("name: 'plans/p' document_number: '", bad, "'")),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << bad;
  }
  const auto numbered =
      Call(&Stub::SetDocumentNumber, "name: 'plans/p' document_number: '15/KH-SMH' etag: '\"1\"'");
  ASSERT_THAT(numbered, IsOk());
  EXPECT_EQ(numbered->plan().document_number(), "15/KH-SMH");
  EXPECT_EQ(numbered->plan().etag(), "\"2\"");
  EXPECT_EQ(Call(&Stub::GetPlan, "name: 'plans/p'")->plan().SerializeAsString(),
            numbered->plan().SerializeAsString());
  EXPECT_THAT(Call(&Stub::SetDocumentNumber, "name: 'plans/p' document_number: '16/KH-SMH'"),
              Refuses("DOCUMENT_NUMBER_PRESENT"));
  EXPECT_EQ(Call(&Stub::ListPlans, "")->plans_size(), 1);
}

}  // namespace
}  // namespace dondoc::registry
