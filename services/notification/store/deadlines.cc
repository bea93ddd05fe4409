#include "services/notification/store/deadlines.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/notification/store/columns.h"

namespace dondoc::notification {
namespace {

constexpr char kColumns[] =
    "id, subject, recipient, plan, kind, title, label, window_start, due_day, revision, standing, "
    "acknowledged, told_to, next_at, traceparent";

// Runs a query over kColumns.
template <typename... P>
std::vector<TrackedDeadline> Select(store::Sql& sql, const std::string& query, const P&... params) {
  std::vector<TrackedDeadline> rows;
  sql.ForEach<int64_t, std::string, std::string, std::string, int64_t, std::string, std::string,
              std::optional<int64_t>, int64_t, int64_t, int64_t, int64_t, int64_t,
              std::optional<int64_t>, std::string>(
      query.c_str(),
      [&](int64_t id, std::string subject, std::string recipient, std::string plan, int64_t kind,
          std::string title, std::string label, std::optional<int64_t> window_start,
          int64_t due_day, int64_t revision, int64_t standing, int64_t acknowledged,
          int64_t told_to, std::optional<int64_t> next_at, std::string traceparent) {
        TrackedDeadline& row = rows.emplace_back();
        row.id = id;
        row.subject = std::move(subject);
        row.recipient = std::move(recipient);
        row.plan = std::move(plan);
        row.deadline.kind = static_cast<DeadlineKind>(kind);
        if (window_start) row.deadline.window_start = DayOf(*window_start);
        row.deadline.due = DayOf(due_day);
        row.title = std::move(title);
        row.label = std::move(label);
        row.revision = revision;
        row.standing = static_cast<Standing>(standing);
        if (acknowledged != 0) row.acknowledged = static_cast<NoticeKind>(acknowledged);
        row.told_to = TimeOf(told_to);
        row.next_at = TimeOf(next_at);
        row.traceparent = std::move(traceparent);
      },
      params...);
  return rows;
}

std::optional<TrackedDeadline> First(std::vector<TrackedDeadline> rows) {
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::optional<int64_t> WindowStart(const TrackedDeadline& deadline) {
  if (!deadline.deadline.window_start) return std::nullopt;
  return DayNumber(*deadline.deadline.window_start);
}

int64_t Acknowledged(const TrackedDeadline& deadline) {
  return deadline.acknowledged ? static_cast<int64_t>(*deadline.acknowledged) : 0;
}

}  // namespace

std::optional<TrackedDeadline> FindDeadline(store::Sql& sql, const std::string& subject,
                                            const std::string& recipient) {
  static const std::string query = absl::StrCat(
      "select ", kColumns, " from deadlines where subject = :subject and recipient = :recipient");
  return First(Select(sql, query, subject, recipient));
}

std::optional<TrackedDeadline> FindDeadline(store::Sql& sql, int64_t id) {
  static const std::string query =
      absl::StrCat("select ", kColumns, " from deadlines where id = :id");
  return First(Select(sql, query, id));
}

void InsertDeadline(store::Sql& sql, TrackedDeadline& deadline) {
  deadline.id = sql.Value<int64_t>("select coalesce(max(id), 0) + 1 from deadlines").value();
  static const std::string query = absl::StrCat(
      "insert into deadlines (", kColumns,
      ") values (:id, :subject, :recipient, :plan, :kind, :title, :label, :window_start, "
      ":due_day, :revision, :standing, :acknowledged, :told_to, :next_at, :traceparent)");
  sql.Run(query.c_str(), deadline.id, deadline.subject, deadline.recipient, deadline.plan,
          deadline.deadline.kind, deadline.title, deadline.label, WindowStart(deadline),
          DayNumber(deadline.deadline.due), deadline.revision, deadline.standing,
          Acknowledged(deadline), Micros(deadline.told_to), Micros(deadline.next_at),
          deadline.traceparent);
}

void UpdateDeadline(store::Sql& sql, const TrackedDeadline& deadline) {
  sql.Run(
      "update deadlines set plan = :plan, kind = :kind, title = :title, label = :label, "
      "window_start = :window_start, due_day = :due_day, revision = :revision, standing = "
      ":standing, acknowledged = :acknowledged, told_to = :told_to, next_at = :next_at, "
      "traceparent "
      "= :traceparent where id = :id",
      deadline.plan, deadline.deadline.kind, deadline.title, deadline.label, WindowStart(deadline),
      DayNumber(deadline.deadline.due), deadline.revision, deadline.standing,
      Acknowledged(deadline), Micros(deadline.told_to), Micros(deadline.next_at),
      deadline.traceparent, deadline.id);
}

void MoveTimer(store::Sql& sql, const TrackedDeadline& deadline) {
  sql.Run(
      "update deadlines set standing = :standing, told_to = :told_to, next_at = :next_at where id "
      "= :id",
      deadline.standing, Micros(deadline.told_to), Micros(deadline.next_at), deadline.id);
}

std::vector<TrackedDeadline> DueDeadlines(store::Sql& sql, absl::Time now, int64_t limit) {
  static const std::string query = absl::StrCat(
      "select ", kColumns,
      " from deadlines where next_at <= :now order by next_at, recipient limit :limit");
  return Select(sql, query, Micros(now), limit);
}

std::optional<absl::Time> NextDueTime(store::Sql& sql) {
  return TimeOf(sql.Value<int64_t>(
      "select next_at from deadlines where next_at is not null order by next_at limit 1"));
}

std::vector<std::string> OpenRecipients(store::Sql& sql, const std::string& subject) {
  std::vector<std::string> recipients;
  sql.ForEach<std::string>(
      "select recipient from deadlines where subject = :subject and standing = 0 order by "
      "recipient",
      [&](std::string recipient) { recipients.push_back(std::move(recipient)); }, subject);
  return recipients;
}

std::vector<TrackedDeadline> UpcomingDeadlines(store::Sql& sql, const UpcomingKey& after,
                                               const Inbox& inbox, int64_t limit) {
  return WithInbox(sql, "recipient", inbox, [&](absl::string_view condition, const auto&... whose) {
    return Select(sql,
                  absl::StrCat("select ", kColumns, " from deadlines where ", condition,
                               "next_at is not null "
                               "and (next_at, recipient, id) > (:next_at, :after, :id) "
                               "order by next_at, recipient, id limit :limit"),
                  whose..., Micros(after.next_at), after.recipient, after.id, limit);
  });
}

void RulesChanged(store::Sql& sql, const std::string& plan, absl::Time now) {
  const int64_t moment = Micros(now);
  if (plan == kEveryPlan) {
    sql.Run(
        "update deadlines set told_to = :now where standing = 0 and (next_at is null or next_at > "
        ":now2) and told_to < :now3 and plan not in (select plan from plan_rules where plan <> "
        "'plans/-')",
        moment, moment, moment);
    sql.Run(
        "update deadlines set next_at = :now where standing = 0 and plan not in (select plan from "
        "plan_rules where plan <> 'plans/-')",
        moment);
    return;
  }
  sql.Run(
      "update deadlines set told_to = :now where standing = 0 and (next_at is null or next_at > "
      ":now2) and told_to < :now3 and plan = :plan",
      moment, moment, moment, plan);
  sql.Run("update deadlines set next_at = :now where standing = 0 and plan = :plan", moment, plan);
}

}  // namespace dondoc::notification
