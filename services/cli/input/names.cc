#include "services/cli/input/names.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "libs/base/refusal.h"

namespace dondoc::cli {
namespace {

constexpr size_t kIdBytesMax = 63;

bool IsSlug(absl::string_view id) {
  return std::all_of(id.begin(), id.end(), [](unsigned char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
  });
}

// A positive number without leading zeros.
bool IsNumber(absl::string_view id) {
  int value = 0;
  return absl::SimpleAtoi(id, &value) && value > 0 && absl::StrCat(value) == id;
}

// Ids that carry capitals and dots: "I.2.dd", "2023-Q1", a UUID.
bool IsToken(absl::string_view id) {
  return std::all_of(id.begin(), id.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_';
  });
}

struct Segment {
  absl::string_view collection;
  bool (*is_id)(absl::string_view id);
};

// The form of one kind of name.
struct Shape {
  absl::string_view what_vi;
  absl::string_view what_en;
  absl::string_view example;
  std::vector<Segment> segments;
};

absl::Status NotUnderstood(const Shape& shape, const Argument& argument) {
  return Refuse(absl::StatusCode::kInvalidArgument, "NAME_NOT_UNDERSTOOD",
                {.vi = absl::StrCat("Không hiểu ", argument.field, " \"", argument.text,
                                    "\": ", shape.what_vi, " viết như ", shape.example, "."),
                 .en = absl::StrCat(argument.field, " is no ", shape.what_en, "; write it like ",
                                    shape.example)},
                {{"field", std::string(argument.field)}, {"value", std::string(argument.text)}});
}

// The ids in a full name, or nothing when its collections are others.
std::vector<std::string> IdsOfFullName(const Shape& shape, absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '/');
  if (parts.size() != 2 * shape.segments.size()) return {};
  std::vector<std::string> ids;
  for (size_t i = 0; i < shape.segments.size(); ++i) {
    if (parts[2 * i] != shape.segments[i].collection) return {};
    ids.push_back(parts[2 * i + 1]);
  }
  return ids;
}

// The ids in a short name; the plan may be left out when --plan says it.
std::vector<std::string> IdsOfShortName(const Shape& shape, const Argument& argument) {
  std::string text(argument.text);
  if (shape.segments.back().collection == "assignments") {
    const size_t at = text.rfind('@');
    if (at == std::string::npos) return {};
    text[at] = '/';
  }
  std::vector<std::string> ids = absl::StrSplit(text, '/');
  if (ids.size() + 1 == shape.segments.size() && !argument.plan.empty() &&
      shape.segments.front().collection == "plans") {
    ids.insert(ids.begin(), std::string(absl::StripPrefix(argument.plan, "plans/")));
  }
  return ids;
}

absl::StatusOr<std::string> ReadName(const Shape& shape, const Argument& argument) {
  const bool is_full =
      absl::StartsWith(argument.text, absl::StrCat(shape.segments.front().collection, "/"));
  const std::vector<std::string> ids =
      is_full ? IdsOfFullName(shape, argument.text) : IdsOfShortName(shape, argument);
  if (ids.size() != shape.segments.size()) return NotUnderstood(shape, argument);
  std::string name;
  for (size_t i = 0; i < ids.size(); ++i) {
    if (ids[i].empty() || ids[i].size() > kIdBytesMax || !shape.segments[i].is_id(ids[i])) {
      return NotUnderstood(shape, argument);
    }
    absl::StrAppend(&name, i == 0 ? "" : "/", shape.segments[i].collection, "/", ids[i]);
  }
  return name;
}

}  // namespace

absl::StatusOr<std::string> PlanName(const Argument& argument) {
  static const Shape kShape{.what_vi = "kế hoạch",
                            .what_en = "plan",
                            .example = "cchc-2023",
                            .segments = {{"plans", IsSlug}}};
  return ReadName(kShape, argument);
}

absl::StatusOr<std::string> TaskName(const Argument& argument) {
  static const Shape kShape{.what_vi = "nhiệm vụ",
                            .what_en = "task",
                            .example = "cchc-2023/29",
                            .segments = {{"plans", IsSlug}, {"tasks", IsNumber}}};
  return ReadName(kShape, argument);
}

absl::StatusOr<std::string> PhaseName(const Argument& argument) {
  static const Shape kShape{
      .what_vi = "bước thực hiện",
      .what_en = "phase",
      .example = "cchc-2023/1/2",
      .segments = {{"plans", IsSlug}, {"tasks", IsNumber}, {"phases", IsNumber}}};
  return ReadName(kShape, argument);
}

absl::StatusOr<std::string> AssignmentName(const Argument& argument) {
  static const Shape kShape{
      .what_vi = "phân công",
      .what_en = "assignment",
      .example = "cchc-2023/1/2@van-phong",
      .segments = {
          {"plans", IsSlug}, {"tasks", IsNumber}, {"phases", IsNumber}, {"assignments", IsSlug}}};
  return ReadName(kShape, argument);
}

absl::StatusOr<std::string> ReportName(const Argument& argument) {
  static const Shape kShape{.what_vi = "báo cáo định kỳ",
                            .what_en = "periodic report",
                            .example = "cchc-2023/2023-Q1",
                            .segments = {{"plans", IsSlug}, {"reports", IsToken}}};
  return ReadName(kShape, argument);
}

absl::StatusOr<std::string> UnitName(const Argument& argument) {
  static const Shape kShape{.what_vi = "đơn vị",
                            .what_en = "unit",
                            .example = "van-phong",
                            .segments = {{"units", IsSlug}}};
  return ReadName(kShape, argument);
}

absl::StatusOr<std::string> IndicatorName(const Argument& argument) {
  static const Shape kShape{.what_vi = "chỉ số",
                            .what_en = "indicator",
                            .example = "hai-long-tthc",
                            .segments = {{"indicators", IsSlug}}};
  return ReadName(kShape, argument);
}

absl::StatusOr<std::string> TargetName(const Argument& argument) {
  static const Shape kShape{.what_vi = "chỉ tiêu",
                            .what_en = "target",
                            .example = "hai-long-tthc/I.2.d",
                            .segments = {{"indicators", IsSlug}, {"targets", IsToken}}};
  return ReadName(kShape, argument);
}

absl::StatusOr<std::string> ProgrammeName(const Argument& argument) {
  static const Shape kShape{.what_vi = "chương trình kiểm tra",
                            .what_en = "inspection programme",
                            .example = "2023",
                            .segments = {{"programmes", IsNumber}}};
  return ReadName(kShape, argument);
}

absl::StatusOr<std::string> InspectionName(const Argument& argument) {
  static const Shape kShape{.what_vi = "cuộc kiểm tra",
                            .what_en = "inspection",
                            .example = "2023/1",
                            .segments = {{"programmes", IsNumber}, {"inspections", IsNumber}}};
  return ReadName(kShape, argument);
}

absl::StatusOr<std::string> NoticeName(const Argument& argument) {
  static const Shape kShape{.what_vi = "thông báo",
                            .what_en = "notice",
                            .example = "notices/… (dondoc notice list)",
                            .segments = {{"notices", IsToken}}};
  return ReadName(kShape, argument);
}

absl::StatusOr<std::string> DeliveryName(const Argument& argument) {
  static const Shape kShape{.what_vi = "lần gửi",
                            .what_en = "delivery",
                            .example = "deliveries/… (dondoc notice deliveries)",
                            .segments = {{"deliveries", IsToken}}};
  return ReadName(kShape, argument);
}

absl::StatusOr<std::string> UnitNameOrNone(const Argument& argument) {
  if (argument.text.empty()) return std::string();
  return UnitName(argument);
}

}  // namespace dondoc::cli
