#pragma once

#include <array>
#include <optional>

#include "absl/strings/string_view.h"

namespace dondoc::identity {

enum class Role {
  kOffice,     // Văn phòng: keeps the plan, the units and the deadlines
  kDirector,   // Ban Giám đốc: approves and accepts
  kUnitHead,   // thủ trưởng phòng, đơn vị
  kUnitStaff,  // chuyên viên: reports and hands in for the unit
  kInspector,  // thành viên đoàn kiểm tra
  kAuditor,    // reads everything, changes nothing
  kSystem,     // another system of the city
  kOperator,   // keeps the installation running, on the admin port; knows no plan
};

inline constexpr std::array kRoles = {Role::kOffice,    Role::kDirector,  Role::kUnitHead,
                                      Role::kUnitStaff, Role::kInspector, Role::kAuditor,
                                      Role::kSystem,    Role::kOperator};

// As the table of methods and a grant write it: "office", "unit_head".
absl::string_view RoleName(Role role);
std::optional<Role> RoleNamed(absl::string_view name);

// For people: "Văn phòng".
absl::string_view RoleTitle(Role role);

}  // namespace dondoc::identity
