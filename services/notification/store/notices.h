#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/identity/grants.h"
#include "libs/store/sql.h"
#include "services/notification/domain/notice.h"
#include "services/notification/store/inbox.h"

namespace dondoc::notification {

// The id of the newest notice; 0 when there is none.
int64_t LastNoticeId(store::Sql& sql);

// False when this step of the deadline has become a notice before: it is told once, also when the
// hour of the rules was changed on the day itself.
bool InsertNotice(store::Sql& sql, const Notice& notice);
// Changes its state, its acknowledgement and its version; the rest of a notice never changes.
void UpdateNotice(store::Sql& sql, const Notice& notice);
std::optional<Notice> FindNotice(store::Sql& sql, int64_t id);

// Which notices a list shows; what is empty or 0 does not restrict it.
struct NoticeFilter {
  std::string recipient = {};
  std::string subject = {};
  int64_t state = 0;
  int64_t kind = 0;
  bool unacknowledged_only = false;
};
// Those within reach with an id below `before`, the newest first.
std::vector<Notice> NoticesBefore(store::Sql& sql, const NoticeFilter& filter, int64_t before,
                                  int64_t limit,
                                  const identity::Reach& reach = identity::Reach::Everything());

// Those of an inbox with an id above `after` that were not skipped, the oldest first.
std::vector<Notice> NoticesAfter(store::Sql& sql, const Inbox& inbox, int64_t after, int64_t limit);

struct NoticeCount {
  DeadlineKind deadline_kind;
  NoticeKind kind;
  NoticeState state;
  int64_t count;
};
std::vector<NoticeCount> TallyNotices(store::Sql& sql, const Inbox& inbox);

// Everything one recipient is told in one run.
struct Digest {
  int64_t id = 0;
  std::string recipient = {};
  absl::Time created_at = {};
  // Its notices lie between these two ids, both inclusive.
  int64_t first_notice = 0;
  int64_t last_notice = 0;
  int64_t notice_count = 0;
};

std::optional<Digest> FindDigest(store::Sql& sql, int64_t id);
std::optional<Digest> FindOpenDigest(store::Sql& sql, const std::string& recipient);
// The open ones, the oldest first.
std::vector<Digest> OpenDigests(store::Sql& sql, int64_t limit);
bool HasOpenDigest(store::Sql& sql);
// Stores it open and sets its id.
void InsertDigest(store::Sql& sql, Digest& digest);
// Which notices are in it.
void UpdateDigest(store::Sql& sql, const Digest& digest);
void CloseDigest(store::Sql& sql, const Digest& digest, absl::Time now);

// The notices of a digest in the order of their ids.
std::vector<Notice> NoticesIn(store::Sql& sql, const Digest& digest, int64_t limit);
// The ids of the first `limit` of them.
std::vector<int64_t> NoticeIdsIn(store::Sql& sql, const Digest& digest, int64_t limit);
// Those of them that are still on their way.
std::vector<Notice> NoticesOnTheWayIn(store::Sql& sql, const Digest& digest);

}  // namespace dondoc::notification
