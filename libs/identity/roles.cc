#include "libs/identity/roles.h"

namespace dondoc::identity {

absl::string_view RoleName(Role role) {
  switch (role) {
    case Role::kOffice:
      return "office";
    case Role::kDirector:
      return "director";
    case Role::kUnitHead:
      return "unit_head";
    case Role::kUnitStaff:
      return "unit_staff";
    case Role::kInspector:
      return "inspector";
    case Role::kAuditor:
      return "auditor";
    case Role::kSystem:
      return "system";
    case Role::kOperator:
      return "operator";
  }
  return "";
}

absl::string_view RoleTitle(Role role) {
  switch (role) {
    case Role::kOffice:
      return "Văn phòng";
    case Role::kDirector:
      return "Ban Giám đốc";
    case Role::kUnitHead:
      return "Thủ trưởng đơn vị";
    case Role::kUnitStaff:
      return "Chuyên viên đơn vị";
    case Role::kInspector:
      return "Đoàn kiểm tra";
    case Role::kAuditor:
      return "Giám sát";
    case Role::kSystem:
      return "Hệ thống khác";
    case Role::kOperator:
      return "Vận hành";
  }
  return "";
}

std::optional<Role> RoleNamed(absl::string_view name) {
  for (const Role role : kRoles) {
    if (RoleName(role) == name) return role;
  }
  return std::nullopt;
}

}  // namespace dondoc::identity
