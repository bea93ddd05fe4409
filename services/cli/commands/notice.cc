#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dondoc/notification/v1/notification_service.grpc.pb.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/client.h"
#include "services/cli/commands/commands.h"
#include "services/cli/commands/notification_words.h"
#include "services/cli/commands/unit_names.h"
#include "services/cli/render/json.h"

namespace dondoc::cli {
namespace {

namespace pb = notification::v1;
using Stub = pb::NotificationService::Stub;

Client<pb::NotificationService> Notification(Session& session) {
  return Client<pb::NotificationService>(session.notification());
}

// "còn 7 ngày", "hôm nay", "quá 4 ngày".
std::string DaysLeft(int days) {
  if (days > 0) return absl::StrCat("còn ", days, " ngày");
  if (days == 0) return "hôm nay";
  return absl::StrCat("quá ", -days, " ngày");
}

Cell StateOf(const pb::Notice& notice) {
  if (!notice.acknowledged_by().empty()) return Cell("✓ Đã xem", Style::kGood);
  return InWords(kNoticeStateWords, notice.state());
}

// ---- list, upcoming, count
// -----------------------------------------------------------------------

struct ListOptions {
  std::string recipient;
  std::string subject;
  pb::NoticeState state = pb::NOTICE_STATE_UNSPECIFIED;
  pb::NoticeKind kind = pb::NOTICE_KIND_UNSPECIFIED;
  bool unacknowledged = false;
};

absl::Status ListNotices(Session& session, const ListOptions& options) {
  pb::ListNoticesRequest request;
  ASSIGN_OR_RETURN(*request.mutable_recipient(),
                   UnitNameOrNone({.field = "--recipient", .text = options.recipient}));
  request.set_state(options.state);
  request.set_kind(options.kind);
  request.set_unacknowledged_only(options.unacknowledged);
  request.set_subject(options.subject);
  ASSIGN_OR_RETURN(const pb::ListNoticesResponse response,
                   Notification(session).ListAll(&Stub::ListNotices, request));
  if (session.json()) return session.PrintJson(response);
  if (response.notices().empty()) {
    session.PrintNote({.vi = "Không có thông báo nào như vậy", .en = "no such notice"});
    return absl::OkStatus();
  }
  const UnitNames units = UnitNames::Load(session);
  Table table({{.title = "Số"},
               {.title = "Lúc", .optional = true},
               {.title = "Gửi", .width_min = 12, .lines_max = 2},
               {.title = "Loại", .width_min = 10, .lines_max = 2},
               {.title = "Nội dung", .width_min = 24, .lines_max = 3},
               {.title = "Trạng thái", .width_min = 9, .lines_max = 2}});
  for (const pb::Notice& notice : response.notices()) {
    table.Add({ShortName(notice.name()), ShowInstant(notice.create_time()),
               units.Of(notice.recipient()), InWords(kNoticeKindWords, notice.kind()),
               notice.text_vi(), StateOf(notice)});
  }
  table.Print(session.console());
  return absl::OkStatus();
}

struct RecipientOptions {
  std::string recipient;
};

absl::Status ListUpcoming(Session& session, const RecipientOptions& options) {
  pb::ListUpcomingRequest request;
  ASSIGN_OR_RETURN(*request.mutable_recipient(),
                   UnitNameOrNone({.field = "--recipient", .text = options.recipient}));
  ASSIGN_OR_RETURN(const pb::ListUpcomingResponse response,
                   Notification(session).ListAll(&Stub::ListUpcoming, request));
  if (session.json()) return session.PrintJson(response);
  if (response.notices().empty()) {
    session.PrintNote({.vi = "Không còn thông báo nào sắp đến", .en = "nothing is to come"});
    return absl::OkStatus();
  }
  const UnitNames units = UnitNames::Load(session);
  Table table({{.title = "Sẽ báo lúc"},
               {.title = "Gửi", .width_min = 12, .lines_max = 2},
               {.title = "Loại", .width_min = 10, .lines_max = 2},
               {.title = "Hạn"},
               {.title = "Khi đó"},
               {.title = "Việc", .width_min = 18, .lines_max = 2}});
  for (const pb::Notice& notice : response.notices()) {
    table.Add({ShowInstant(notice.due_time()), units.Of(notice.recipient()),
               InWords(kNoticeKindWords, notice.kind()), ShowDate(notice.due_date()),
               DaysLeft(notice.days_left()), ShortName(notice.subject())});
  }
  table.Print(session.console());
  return absl::OkStatus();
}

absl::Status CountNotices(Session& session, const RecipientOptions& options) {
  pb::CountNoticesRequest request;
  ASSIGN_OR_RETURN(*request.mutable_recipient(),
                   UnitNameOrNone({.field = "--recipient", .text = options.recipient}));
  ASSIGN_OR_RETURN(const pb::CountNoticesResponse response,
                   Notification(session).Call(&Stub::CountNotices, request));
  if (session.json()) return session.PrintJson(response);
  Table table({{.title = "Về"},
               {.title = "Loại"},
               {.title = "Trạng thái"},
               {.title = "Số", .align = Align::kRight}});
  int64_t total = 0;
  for (const pb::NoticeCount& count : response.counts()) {
    total += count.count();
    table.Add({InWords(kDeadlineKindWords, count.deadline_kind()),
               InWords(kNoticeKindWords, count.kind()), InWords(kNoticeStateWords, count.state()),
               absl::StrCat(count.count())});
  }
  table.Add({Cell("Tất cả", Style::kStrong), "", "", absl::StrCat(total)});
  table.Print(session.console());
  return absl::OkStatus();
}

// ---- watch, ack
// ----------------------------------------------------------------------------------

struct WatchOptions {
  std::string recipient;
  std::string after;
  int64_t limit = 0;
};

void PrintArrival(const Session& session, const UnitNames& units, const pb::Notice& notice) {
  const Console& console = session.console();
  const Cell kind = InWords(kNoticeKindWords, notice.kind());
  console.out << Paint(console.out_colour, Style::kFaint, ShowInstant(notice.create_time())) << "  "
              << Paint(console.out_colour, kind.spans().front().style, kind.text()) << "  "
              << Visible(units.Of(notice.recipient())) << ": " << Visible(notice.text_vi()) << "  "
              << Paint(console.out_colour, Style::kFaint,
                       absl::StrCat("[", ShortName(notice.name()), "]"))
              << std::endl;
}

absl::Status WatchInbox(Session& session, const WatchOptions& options) {
  pb::WatchInboxRequest request;
  ASSIGN_OR_RETURN(*request.mutable_recipient(),
                   UnitNameOrNone({.field = "--recipient", .text = options.recipient}));
  if (!options.after.empty()) {
    ASSIGN_OR_RETURN(const std::string after,
                     NoticeName({.field = "--after", .text = options.after}));
    request.set_after(ShortName(after));
  }
  const UnitNames units = session.json() ? UnitNames() : UnitNames::Load(session);
  int64_t seen = 0;
  absl::Status printed;
  const auto take = [&](const pb::WatchInboxResponse& response) {
    request.set_after(ShortName(response.notice().name()));
    if (session.json()) {
      const absl::StatusOr<std::string> json = ToJsonLine(response);
      printed = json.status();
      if (json.ok()) session.console().out << *json << std::endl;
    } else {
      PrintArrival(session, units, response.notice());
    }
    return printed.ok() && ++seen != options.limit;
  };
  const absl::Status ended =
      Notification(session).Follow<pb::WatchInboxRequest, pb::WatchInboxResponse>(
          &Stub::WatchInbox, [&] { return request; }, take);
  return ended.ok() ? printed : ended;
}

struct AckOptions {
  std::string notice;
};

absl::Status AcknowledgeNotice(Session& session, const AckOptions& options) {
  pb::AcknowledgeNoticeRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(),
                   NoticeName({.field = "NOTICE", .text = options.notice}));
  ASSIGN_OR_RETURN(const pb::AcknowledgeNoticeResponse response,
                   Notification(session).Call(&Stub::AcknowledgeNotice, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone(
      {.vi = absl::StrCat("Đã ghi nhận thông báo ", ShortName(response.notice().name()), ": ",
                          response.notice().text_vi()),
       .en = "acknowledged"});
  return absl::OkStatus();
}

void AddRecipient(CLI::App& cli, std::string& recipient) {
  cli.add_option("--recipient", recipient, Help("Chỉ của đơn vị nhận", "only of this recipient"));
}

void DeclareList(CLI::App& cli, ListOptions& options) {
  AddRecipient(cli, options.recipient);
  AddChoice(cli, "--state", options.state, Help("Chỉ trạng thái", "only in this state"));
  AddChoice(cli, "--kind", options.kind, Help("Chỉ loại", "only of this kind"));
  cli.add_flag("--unacknowledged", options.unacknowledged,
               Help("Chỉ thông báo chưa ai xem", "that nobody has acknowledged"));
  cli.add_option("--subject", options.subject,
                 Help("Chỉ về một việc, tên đầy đủ", "full resource name of what is due"));
}

}  // namespace

void AddNoticeCommands(Tree& tree) {
  CLI::App& notice = tree.Noun("notice", {.vi = "Thông báo và đôn đốc", .en = "notices"});
  tree.Verb<ListOptions>(notice, "list",
                         {.vi = "Các thông báo, mới nhất trước", .en = "newest first"}, DeclareList,
                         ListNotices);
  AddExample(tree.Verb<WatchOptions>(
                 notice, "watch", {.vi = "Theo dõi thông báo khi đến", .en = "as they come"},
                 [](CLI::App& cli, WatchOptions& options) {
                   AddRecipient(cli, options.recipient);
                   cli.add_option("--after", options.after,
                                  Help("Sau thông báo số", "resume after this notice"));
                   cli.add_option("--limit", options.limit,
                                  Help("Dừng sau số thông báo này", "end after so many"));
                 },
                 WatchInbox),
             "dondoc notice watch --recipient van-phong --after 17");
  tree.Verb<AckOptions>(
      notice, "ack", {.vi = "Ghi nhận đã xem", .en = "acknowledge"},
      [](CLI::App& cli, AckOptions& options) {
        cli.add_option("notice", options.notice, Help("Số thông báo", "the notice"))->required();
      },
      AcknowledgeNotice);
  tree.Verb<RecipientOptions>(
      notice, "upcoming", {.vi = "Thông báo sắp đến của từng hạn", .en = "what is to come"},
      [](CLI::App& cli, RecipientOptions& options) { AddRecipient(cli, options.recipient); },
      ListUpcoming);
  tree.Verb<RecipientOptions>(
      notice, "count", {.vi = "Đếm thông báo", .en = "notices counted"},
      [](CLI::App& cli, RecipientOptions& options) { AddRecipient(cli, options.recipient); },
      CountNotices);
  AddNoticeSettings(tree, notice);
}

}  // namespace dondoc::cli
