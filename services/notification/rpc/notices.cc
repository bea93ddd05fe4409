#include "services/notification/rpc/notices.h"

#include <limits>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/base/status_macros.h"
#include "libs/rpc/feed.h"
#include "libs/rpc/page.h"
#include "services/notification/domain/errors.h"
#include "services/notification/domain/names.h"
#include "services/notification/store/deadlines.h"
#include "services/notification/store/notices.h"
#include "services/notification/store/preferences.h"
#include "services/notification/timers/ledger.h"

namespace dondoc::notification {
namespace {

absl::Status CheckRecipient(const std::string& recipient) {
  return recipient.empty() ? absl::OkStatus() : CheckUnitName("recipient", recipient);
}

absl::StatusOr<NoticeFilter> FilterOf(const pb::ListNoticesRequest& request) {
  RETURN_IF_ERROR(CheckRecipient(request.recipient()));
  if (!pb::NoticeState_IsValid(request.state())) {
    return error::EnumUnknown("state", request.state());
  }
  if (!pb::NoticeKind_IsValid(request.kind())) return error::EnumUnknown("kind", request.kind());
  return NoticeFilter{.recipient = request.recipient(),
                      .subject = request.subject(),
                      .state = request.state(),
                      .kind = request.kind(),
                      .unacknowledged_only = request.unacknowledged_only()};
}

// Names are counted up, so one beyond reach is as unknown as one that is not there: else anybody
// could ask number by number whom the notices are for.
absl::StatusOr<Notice> NoticeNamed(store::Sql& sql, const std::string& name,
                                   const identity::Reach& reach) {
  int64_t id = 0;
  absl::string_view digits = name;
  if (!absl::ConsumePrefix(&digits, "notices/") || !absl::SimpleAtoi(digits, &id)) {
    return error::NoticeUnknown(name);
  }
  std::optional<Notice> notice = FindNotice(sql, id);
  // "notices/007" is no name.
  if (!notice || NoticeName(notice->id) != name || !reach.Contains(notice->recipient)) {
    return error::NoticeUnknown(name);
  }
  return *std::move(notice);
}

// Remembers at the deadline which kind its recipient has seen, unless the deadline has moved since.
void AcknowledgeDeadline(store::Sql& sql, const Notice& notice) {
  std::optional<TrackedDeadline> deadline = FindDeadline(sql, notice.deadline);
  if (!deadline || deadline->revision != notice.revision) return;
  if (notice.kind == NoticeKind::kCheckIn) return;
  if (deadline->acknowledged && *deadline->acknowledged >= notice.kind) return;
  deadline->acknowledged = notice.kind;
  UpdateDeadline(sql, *deadline);
}

std::string KeyText(const UpcomingKey& key) {
  return absl::StrCat(absl::ToUnixMicros(key.next_at), " ", key.recipient, " ", key.id);
}

// The key in a page token, which was checked to be one of ours.
UpcomingKey KeyOf(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ' ');
  UpcomingKey key;
  int64_t micros = 0;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &micros) ||
      !absl::SimpleAtoi(parts[2], &key.id)) {
    return key;
  }
  key.next_at = absl::FromUnixMicros(micros);
  key.recipient = parts[1];
  return key;
}

// The next notice of a deadline as it will be when its time comes. Nothing when the rules have just
// changed and the timers have not looked again yet.
std::optional<pb::Notice> UpcomingNotice(RuleBook& rules, const TrackedDeadline& deadline) {
  const auto step = NextStep(rules.For(deadline.plan), deadline.deadline, deadline.told_to);
  if (!step) return std::nullopt;
  const Notice notice{.kind = step->kind,
                      .days_left = step->days_left,
                      .recipient = deadline.recipient,
                      .matter = deadline.matter(),
                      .due = deadline.deadline.due,
                      .planned_at = step->fire_at,
                      .told_at = step->fire_at};
  pb::Notice message = ToProto(notice);
  message.clear_create_time();
  message.clear_state();
  return message;
}

}  // namespace

absl::StatusOr<pb::ListNoticesResponse> ListNotices(const rpc::Call& call,
                                                    store::Snapshot& snapshot,
                                                    const pb::ListNoticesRequest& request) {
  ASSIGN_OR_RETURN(const NoticeFilter filter, FilterOf(request));
  const std::string filter_text =
      absl::StrCat(filter.recipient, " ", filter.subject, " ", filter.state, " ", filter.kind, " ",
                   filter.unacknowledged_only);
  ASSIGN_OR_RETURN(const rpc::Page page,
                   rpc::ReadPage(request.page_size(), request.page_token(), filter_text));
  int64_t before = std::numeric_limits<int64_t>::max();
  if (!page.after.empty() && !absl::SimpleAtoi(page.after, &before)) before = 0;

  pb::ListNoticesResponse response;
  const auto notices = NoticesBefore(snapshot.sql(), filter, before, page.size + 1, call.reach());
  for (const Notice& notice : notices) {
    if (response.notices_size() == page.size) {
      response.set_next_page_token(rpc::NextPageToken(absl::StrCat(before), filter_text));
      break;
    }
    *response.add_notices() = ToProto(notice);
    before = notice.id;
  }
  return response;
}

absl::StatusOr<pb::AcknowledgeNoticeResponse> AcknowledgeNotice(
    const rpc::Call& call, store::Transaction& transaction,
    const pb::AcknowledgeNoticeRequest& request) {
  ASSIGN_OR_RETURN(Notice notice, NoticeNamed(transaction.sql(), request.name(), call.reach()));
  if (notice.state == NoticeState::kSkipped) {
    return error::NoticeSkipped(request.name(), notice.skip_reason);
  }
  if (!notice.acknowledged_at) {
    notice.acknowledged_at = transaction.now();
    notice.acknowledged_by = call.actor;
    ++notice.version;
    UpdateNotice(transaction.sql(), notice);
    AcknowledgeDeadline(transaction.sql(), notice);
    EmitNotice(transaction, notice, "acknowledged");
  }
  pb::AcknowledgeNoticeResponse response;
  *response.mutable_notice() = ToProto(notice);
  return response;
}

absl::StatusOr<pb::CountNoticesResponse> CountNotices(const rpc::Call& call,
                                                      store::Snapshot& snapshot,
                                                      const pb::CountNoticesRequest& request) {
  RETURN_IF_ERROR(CheckRecipient(request.recipient()));
  pb::CountNoticesResponse response;
  const Inbox inbox{.recipient = request.recipient(), .reach = call.reach()};
  for (const NoticeCount& count : TallyNotices(snapshot.sql(), inbox)) {
    pb::NoticeCount* line = response.add_counts();
    line->set_deadline_kind(ToProto(count.deadline_kind));
    line->set_kind(ToProto(count.kind));
    line->set_state(ToProto(count.state));
    line->set_count(count.count);
  }
  return response;
}

absl::StatusOr<pb::ListUpcomingResponse> ListUpcoming(const rpc::Call& call,
                                                      store::Snapshot& snapshot,
                                                      const pb::ListUpcomingRequest& request) {
  RETURN_IF_ERROR(CheckRecipient(request.recipient()));
  ASSIGN_OR_RETURN(const rpc::Page page,
                   rpc::ReadPage(request.page_size(), request.page_token(), request.recipient()));
  // What is due this moment is being told, not upcoming.
  const UpcomingKey now{.next_at = snapshot.now() + absl::Microseconds(1)};
  const UpcomingKey after = page.after.empty() ? now : KeyOf(page.after);

  pb::ListUpcomingResponse response;
  RuleBook rules(snapshot.sql());
  const Inbox inbox{.recipient = request.recipient(), .reach = call.reach()};
  const auto deadlines = UpcomingDeadlines(snapshot.sql(), after, inbox, page.size + 1);
  UpcomingKey last;
  for (const TrackedDeadline& deadline : deadlines) {
    if (last.id != 0 && &deadline == &deadlines[static_cast<size_t>(page.size)]) {
      response.set_next_page_token(rpc::NextPageToken(KeyText(last), request.recipient()));
      break;
    }
    if (auto notice = UpcomingNotice(rules, deadline)) *response.add_notices() = *notice;
    last = {.next_at = *deadline.next_at, .recipient = deadline.recipient, .id = deadline.id};
  }
  return response;
}

InboxCursor OpenInbox(const pb::WatchInboxRequest& request) {
  InboxCursor cursor{.recipient = request.recipient()};
  cursor.refusal = CheckRecipient(request.recipient());
  if (!request.after().empty() &&
      (!absl::SimpleAtoi(request.after(), &cursor.after) || cursor.after < 0)) {
    cursor.refusal.Update(error::CursorInvalid(request.after()));
  }
  return cursor;
}

absl::Status ReadInbox(const rpc::Call& call, store::Snapshot& snapshot, InboxCursor& cursor,
                       std::vector<pb::WatchInboxResponse>& out) {
  RETURN_IF_ERROR(cursor.refusal);
  if (!cursor.recipient.empty()) {
    RETURN_IF_ERROR(identity::CheckUnit(call.reach(), cursor.recipient));
  }
  for (const Notice& notice :
       NoticesAfter(snapshot.sql(), {.recipient = cursor.recipient, .reach = call.reach()},
                    cursor.after, rpc::Feeds::kFeedBatch)) {
    *out.emplace_back().mutable_notice() = ToProto(notice);
    cursor.after = notice.id;
  }
  return absl::OkStatus();
}

}  // namespace dondoc::notification
