#pragma once

#include <iterator>

#include "dondoc/inspection/v1/programme.pb.h"
#include "services/cli/render/format.h"

// The enums of the inspection service in words; see registry_words.h.
namespace dondoc::cli {

inline constexpr Word kProgrammeStateWords[] = {
    {"·", "Không rõ"}, {"○", "Đề xuất", Style::kNotice}, {"●", "Đã phê duyệt", Style::kGood}};
static_assert(std::size(kProgrammeStateWords) == inspection::v1::ProgrammeState_ARRAYSIZE);

inline constexpr Word kInspectionKindWords[] = {
    {"", "Không rõ"}, {"", "Định kỳ"}, {"", "Đột xuất", Style::kNotice}};
static_assert(std::size(kInspectionKindWords) == inspection::v1::InspectionKind_ARRAYSIZE);

inline constexpr Word kInspectionStateWords[] = {
    {"·", "Không rõ", Style::kFaint},      {"○", "Đã lên lịch"},
    {"◔", "Đã thông báo", Style::kNotice}, {"◑", "Đã kiểm tra", Style::kNotice},
    {"◕", "Đã kết luận", Style::kGood},    {"●", "Đã khắc phục", Style::kGood},
    {"–", "Đã hủy", Style::kFaint},
};
static_assert(std::size(kInspectionStateWords) == inspection::v1::InspectionState_ARRAYSIZE);

inline constexpr Word kSelectionReasonWords[] = {
    {"", "Không rõ"},
    {"", "Bắt buộc"},
    {"", "Chưa từng kiểm tra"},
    {"", "Lâu chưa kiểm tra"},
    {"", "Có việc trễ"},
    {"", "Bốc thăm"},
    {"", "Còn phát hiện chưa khắc phục"},
};
static_assert(std::size(kSelectionReasonWords) == inspection::v1::SelectionReason_ARRAYSIZE);

}  // namespace dondoc::cli
