#pragma once

#include <iterator>

#include "dondoc/registry/v1/plan.pb.h"
#include "dondoc/registry/v1/task.pb.h"
#include "dondoc/registry/v1/unit.pb.h"
#include "services/cli/render/format.h"

// The registry's enums in words, one per number of the enum; the asserts keep the tables whole.
namespace dondoc::cli {

inline constexpr Word kProgressWords[] = {
    {"·", "Không rõ", Style::kFaint},
    {"○", "Chưa thực hiện", Style::kFaint},
    {"◐", "Đang thực hiện"},
    {"◕", "Chờ xác nhận", Style::kNotice},
    {"●", "Hoàn thành", Style::kGood},
    {"‖", "Tạm hoãn", Style::kWarning},
    {"∅", "Không phát sinh", Style::kGood},
};
static_assert(std::size(kProgressWords) == registry::v1::Progress_ARRAYSIZE);

inline constexpr Word kTimelinessWords[] = {
    {"·", "Không rõ", Style::kFaint},
    {"○", "Chưa đến kỳ", Style::kFaint},
    {"●", "Trong hạn"},
    {"▲", "Sắp đến hạn", Style::kWarning},
    {"✗", "Quá hạn", Style::kBad},
    {"✓", "Xong trước hạn", Style::kGood},
    {"✓", "Xong đúng hạn", Style::kGood},
    {"!", "Xong quá hạn", Style::kWarning},
};
static_assert(std::size(kTimelinessWords) == registry::v1::Timeliness_ARRAYSIZE);

inline constexpr Word kUnitKindWords[] = {
    {"", "Không rõ"},  {"", "Sở"},      {"", "Văn phòng"},        {"", "Phòng"},
    {"", "Thanh tra"}, {"", "Chi cục"}, {"", "Đơn vị sự nghiệp"}, {"", "Bên ngoài", Style::kFaint},
};
static_assert(std::size(kUnitKindWords) == registry::v1::UnitKind_ARRAYSIZE);

inline constexpr Word kSeverityWords[] = {
    {"·", "Không rõ", Style::kFaint},
    {"·", "Ghi nhận", Style::kFaint},
    {"▲", "Cần xem", Style::kWarning},
    {"✗", "Mâu thuẫn", Style::kBad},
};
static_assert(std::size(kSeverityWords) == registry::v1::WarningSeverity_ARRAYSIZE);

// "86" reads "≥ 86".
inline constexpr Word kComparatorWords[] = {{"", "?"}, {"≥", ""}, {">", ""},
                                            {"≤", ""}, {"<", ""}, {"=", ""}};
static_assert(std::size(kComparatorWords) == registry::v1::Comparator_ARRAYSIZE);

inline constexpr Word kTargetKindWords[] = {
    {"", "Không rõ"},
    {"", "Có số"},
    {"", "Theo văn bản khác", Style::kNotice},
    {"", "Định tính", Style::kFaint},
    {"", "Chưa giao chỉ tiêu", Style::kWarning},
};
static_assert(std::size(kTargetKindWords) == registry::v1::TargetKind_ARRAYSIZE);

inline constexpr Word kOutcomeWords[] = {
    {"", "Không rõ"}, {"", "Có sản phẩm"}, {"", "Không phát sinh"}, {"", "Đã trình cấp trên"}};
static_assert(std::size(kOutcomeWords) == registry::v1::Outcome_ARRAYSIZE);

}  // namespace dondoc::cli
