#pragma once

#include <iterator>

#include "dondoc/notification/v1/notice.pb.h"
#include "services/cli/render/format.h"

// The enums of the notification service in words; see registry_words.h.
namespace dondoc::cli {

inline constexpr Word kDeadlineKindWords[] = {
    {"", "Không rõ"}, {"", "Nhiệm vụ"},  {"", "Báo cáo định kỳ"},
    {"", "Kiểm tra"}, {"", "Khắc phục"}, {"", "Hỏi tiến độ"},
};
static_assert(std::size(kDeadlineKindWords) == notification::v1::DeadlineKind_ARRAYSIZE);

inline constexpr Word kNoticeKindWords[] = {
    {"·", "Không rõ", Style::kFaint},          {"▲", "Sắp đến hạn", Style::kWarning},
    {"!", "Đến hạn hôm nay", Style::kWarning}, {"✗", "Quá hạn", Style::kBad},
    {"?", "Hỏi tiến độ", Style::kNotice},
};
static_assert(std::size(kNoticeKindWords) == notification::v1::NoticeKind_ARRAYSIZE);

inline constexpr Word kNoticeStateWords[] = {
    {"·", "Chưa đến lúc", Style::kFaint},
    {"◐", "Đang gửi", Style::kNotice},
    {"✓", "Đã gửi", Style::kGood},
    {"–", "Không gửi", Style::kFaint},
};
static_assert(std::size(kNoticeStateWords) == notification::v1::NoticeState_ARRAYSIZE);

inline constexpr Word kChannelWords[] = {
    {"", "Không rõ"}, {"", "Hộp thư"}, {"", "E-mail"}, {"", "Webhook"}};
static_assert(std::size(kChannelWords) == notification::v1::Channel_ARRAYSIZE);

inline constexpr Word kDeliveryStateWords[] = {
    {"·", "Không rõ", Style::kFaint}, {"○", "Chờ gửi"},         {"↻", "Gửi lại", Style::kWarning},
    {"✓", "Đã gửi", Style::kGood},    {"✗", "Bỏ", Style::kBad},
};
static_assert(std::size(kDeliveryStateWords) == notification::v1::DeliveryState_ARRAYSIZE);

}  // namespace dondoc::cli
