#pragma once

#include <iterator>

#include "dondoc/registry/v1/grant.pb.h"
#include "services/cli/render/format.h"
#include "services/cli/render/table.h"

// Roles and grants, as whoami and grant list show them.
namespace dondoc::cli {

inline constexpr Word kRoleWords[] = {
    {"", "Không rõ", Style::kFaint}, {"", "Văn phòng"},   {"", "Ban Giám đốc"},
    {"", "Thủ trưởng đơn vị"},       {"", "Chuyên viên"}, {"", "Đoàn kiểm tra"},
    {"", "Giám sát (chỉ đọc)"},      {"", "Hệ thống"},
};
static_assert(std::size(kRoleWords) == registry::v1::Role_ARRAYSIZE);

// A table of grants; prints it.
void PrintGrants(const Console& console,
                 const google::protobuf::RepeatedPtrField<registry::v1::Grant>& grants);

}  // namespace dondoc::cli
