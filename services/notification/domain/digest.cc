#include "services/notification/domain/digest.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace dondoc::notification {
namespace {

// What a person sees of a notice on the day it is told: a reminder that comes late may tell of work
// that is overdue by now.
NoticeKind KindAsTold(const Telling& telling) {
  if (telling.kind == NoticeKind::kCheckIn) return NoticeKind::kCheckIn;
  const int64_t left = telling.due - telling.told_on;
  if (left > 0) return NoticeKind::kBeforeDue;
  return left == 0 ? NoticeKind::kDue : NoticeKind::kOverdue;
}

// Sorts by what needs attention first.
std::pair<int, int64_t> UrgencyOf(const Telling& telling) {
  const int64_t left = telling.due - telling.told_on;
  return {telling.kind == NoticeKind::kCheckIn ? 1 : 0, left};
}

struct Group {
  std::vector<const DigestItem*> items;

  const DigestItem& first() const { return *items.front(); }
};

std::vector<Group> GroupByWork(const std::vector<DigestItem>& items) {
  std::map<std::string, Group> by_name;
  for (const DigestItem& item : items) by_name[GroupOf(item.matter)].items.push_back(&item);
  std::vector<Group> groups;
  const auto more_urgent = [](const DigestItem* a, const DigestItem* b) {
    return UrgencyOf(a->telling) < UrgencyOf(b->telling);
  };
  for (auto& [name, group] : by_name) {
    std::stable_sort(group.items.begin(), group.items.end(), more_urgent);
    groups.push_back(std::move(group));
  }
  std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return UrgencyOf(a.first().telling) < UrgencyOf(b.first().telling);
  });
  return groups;
}

// "1 quá hạn, 2 sắp đến hạn": each group counts once, as what is most urgent in it.
std::string Tally(const std::vector<Group>& groups) {
  std::map<NoticeKind, int> counts;
  for (const Group& group : groups) ++counts[KindAsTold(group.first().telling)];
  static constexpr std::pair<NoticeKind, const char*> kWords[] = {
      {NoticeKind::kOverdue, "quá hạn"},
      {NoticeKind::kDue, "đến hạn hôm nay"},
      {NoticeKind::kBeforeDue, "sắp đến hạn"},
      {NoticeKind::kCheckIn, "cần báo cáo tiến độ"}};
  std::vector<std::string> parts;
  for (const auto& [kind, words] : kWords) {
    if (counts[kind] > 0) parts.push_back(absl::StrCat(counts[kind], " ", words));
  }
  return absl::StrJoin(parts, ", ");
}

using Language = std::string Sentence::*;

std::string ListOf(const std::vector<Group>& groups, Language language) {
  std::string text;
  int number = 0;
  for (const Group& group : groups) {
    if (static_cast<size_t>(number) == kDigestGroupsMax) break;
    absl::StrAppend(&text, ++number, ". ", Heading(group.first().matter).*language, "\n");
    for (const DigestItem* item : group.items) {
      absl::StrAppend(&text, "   - ", ShortText(item->matter, item->telling).*language, "\n");
    }
  }
  return text;
}

// Notices that the list does not show.
int64_t HiddenIn(const std::vector<Group>& groups) {
  int64_t hidden = 0;
  for (size_t i = kDigestGroupsMax; i < groups.size(); ++i) {
    hidden += static_cast<int64_t>(groups[i].items.size());
  }
  return hidden;
}

}  // namespace

DigestText WriteDigest(const std::string& recipient_name, const std::vector<DigestItem>& items,
                       int64_t unlisted) {
  const std::vector<Group> groups = GroupByWork(items);
  const int64_t hidden = unlisted + HiddenIn(groups);
  const std::string more = unlisted > 0 ? "+" : "";
  DigestText digest;
  digest.subject =
      absl::StrCat("[Đôn đốc] ", groups.size(), more, " việc cần chú ý: ", Tally(groups));
  absl::StrAppend(&digest.body, "Kính gửi ", recipient_name, ",\n\n", groups.size(), more,
                  " việc cần chú ý:\n\n", ListOf(groups, &Sentence::vi));
  if (hidden > 0) {
    absl::StrAppend(&digest.body, "… và ", hidden, " thông báo khác trong hộp thông báo.\n");
  }
  absl::StrAppend(&digest.body, "\n---\n\nDear ", recipient_name, ",\n\n", groups.size(), more,
                  groups.size() == 1 && more.empty() ? " item needs" : " items need",
                  " your attention:\n\n", ListOf(groups, &Sentence::en));
  if (hidden > 0) {
    absl::StrAppend(&digest.body, "… and ", hidden, " more notices in the inbox.\n");
  }
  return digest;
}

}  // namespace dondoc::notification
