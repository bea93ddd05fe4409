#pragma once

#include <iterator>

#include "dondoc/kpi/v1/indicator.pb.h"
#include "services/cli/render/format.h"

// The enums of the kpi service in words; see registry_words.h.
namespace dondoc::cli {

inline constexpr Word kVerdictWords[] = {
    {"·", "Không rõ", Style::kFaint},
    {"✓", "Đạt", Style::kGood},
    {"✗", "Không đạt", Style::kBad},
    {"↗", "Đúng tiến độ", Style::kGood},
    {"▲", "Chậm tiến độ", Style::kWarning},
    {"○", "Chưa có số liệu", Style::kFaint},
    {"∅", "Không phát sinh", Style::kFaint},
    {"◌", "Chưa đến kỳ", Style::kFaint},
    {"?", "Chưa giao chỉ tiêu", Style::kNotice},
};
static_assert(std::size(kVerdictWords) == kpi::v1::Verdict_ARRAYSIZE);

inline constexpr Word kKpiComparatorWords[] = {{"", "?"}, {"≥", ""}, {">", ""},
                                               {"≤", ""}, {"<", ""}, {"=", ""}};
static_assert(std::size(kKpiComparatorWords) == kpi::v1::Comparator_ARRAYSIZE);

inline constexpr Word kAggregationWords[] = {
    {"", "Không rõ"}, {"", "Tỷ lệ"}, {"", "Lớn nhất"}, {"", "Tổng"}};
static_assert(std::size(kAggregationWords) == kpi::v1::Aggregation_ARRAYSIZE);

}  // namespace dondoc::cli
