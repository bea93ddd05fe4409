#include "services/registry/domain/plan/plan_fixture.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/registry/domain/plan/read_plan.h"

namespace dondoc::registry::plan {
namespace {

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::ostringstream contents;
  contents << file.rdbuf();
  return contents.str();
}

}  // namespace

const std::string& PlanOf2023() {
  static const std::string kText =
      Contents(std::string(DEPLOY_FOLDER) + "/plans/cchc-2023/ke-hoach.txt");
  return kText;
}

const calendar::Holidays& HolidaysOf2023() {
  static const calendar::Holidays kHolidays = [] {
    calendar::Holidays holidays;
    const std::string notice = Contents(std::string(DEPLOY_FOLDER) + "/calendar/2023.txt");
    EXPECT_TRUE(holidays.AddNotice(notice).ok());
    return holidays;
  }();
  return kHolidays;
}

const PlanDocument& DocumentOf2023() {
  static const PlanDocument kDocument = [] {
    absl::StatusOr<PlanDocument> document = ReadPlan(PlanOf2023(), {.holidays = &HolidaysOf2023()});
    if (!document.ok()) throw std::runtime_error(std::string(document.status().message()));
    return *std::move(document);
  }();
  return kDocument;
}

std::string Replaced(const std::string& text, absl::string_view from, absl::string_view to) {
  const size_t at = text.find(std::string(from));
  if (at == std::string::npos || text.find(std::string(from), at + 1) != std::string::npos) {
    throw std::runtime_error(absl::StrCat("not exactly once in the text: ", from));
  }
  return absl::StrCat(text.substr(0, at), to, text.substr(at + from.size()));
}

std::string LineWith(const std::string& text, absl::string_view opening) {
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (absl::StartsWith(line, opening)) return std::string(line);
  }
  throw std::runtime_error(absl::StrCat("no line begins with: ", opening));
}

const PlanTask& TaskOf(const PlanDocument& document, int number) {
  return document.tasks.at(static_cast<size_t>(number) - 1);
}

}  // namespace dondoc::registry::plan
