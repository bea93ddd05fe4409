#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "libs/calendar/holidays.h"
#include "services/inspection/domain/schedule.h"
#include "services/inspection/domain/units.h"

// An illustrative department and the calendar of 2023, for tests.
namespace dondoc::inspection::testing {

inline constexpr absl::CivilDay kFounded(2016, 1, 1);

// Nine units count: the Office, the inspectorate, three divisions, a sub-department with a division
// inside it, and two public service units.
inline std::vector<Unit> DepartmentUnits() {
  const auto unit = [](absl::string_view id, absl::string_view display_name, UnitKind kind,
                       absl::string_view parent) {
    return Unit{.name = absl::StrCat("units/", id),
                .display_name = std::string(display_name),
                .kind = kind,
                .parent = parent.empty() ? "" : absl::StrCat("units/", parent),
                .valid_from = kFounded};
  };
  return {unit("so", "Sở", UnitKind::kDepartment, ""),
          unit("van-phong", "Văn phòng", UnitKind::kOffice, "so"),
          unit("thanh-tra", "Thanh tra", UnitKind::kInspectorate, "so"),
          unit("ke-hoach", "Phòng Kế hoạch", UnitKind::kDivision, "so"),
          unit("khoa-hoc", "Phòng Khoa học", UnitKind::kDivision, "so"),
          unit("cong-nghe", "Phòng Công nghệ", UnitKind::kDivision, "so"),
          unit("chi-cuc", "Chi cục", UnitKind::kSubDepartment, "so"),
          unit("nghiep-vu", "Phòng Nghiệp vụ", UnitKind::kDivision, "chi-cuc"),
          unit("ung-dung", "Trung tâm Ứng dụng", UnitKind::kPublicServiceUnit, "so"),
          unit("thong-tin", "Trung tâm Thông tin", UnitKind::kPublicServiceUnit, "so"),
          unit("so-noi-vu", "Sở Nội vụ", UnitKind::kExternal, "")};
}

// `count` units directly under no department, units/u0 and so on.
inline std::vector<Unit> FlatUnits(int count) {
  std::vector<Unit> units;
  for (int i = 0; i < count; ++i) {
    units.push_back({.name = absl::StrCat("units/u", i),
                     .display_name = absl::StrCat("Phòng ", i),
                     .kind = UnitKind::kDivision,
                     .valid_from = kFounded});
  }
  return units;
}

inline Inspector Person(absl::string_view id, absl::string_view unit,
                        std::set<absl::CivilDay> unavailable = {}) {
  return {.id = std::string(id),
          .display_name = absl::StrCat("Ông/Bà ", id),
          .unit = absl::StrCat("units/", unit),
          .unavailable = std::move(unavailable)};
}

// Two of the Office, two of the inspectorate.
inline std::vector<Inspector> FourInspectors() {
  return {Person("an", "van-phong"), Person("binh", "van-phong"), Person("chi", "thanh-tra"),
          Person("dung", "thanh-tra")};
}

inline calendar::Holidays Holidays2023() {
  calendar::Holidays holidays;
  const absl::Status added = holidays.AddNotice(R"(year 2023
source test
holiday 2023-01-01 Tết Dương lịch
compensatory 2023-01-02 Nghỉ bù
holiday 2023-01-20..2023-01-26 Tết Nguyên đán
holiday 2023-04-29..2023-05-03 Giỗ Tổ, 30/4 và 01/5
holiday 2023-09-01..2023-09-04 Quốc khánh
)");
  if (!added.ok()) std::abort();
  return holidays;
}

}  // namespace dondoc::inspection::testing
