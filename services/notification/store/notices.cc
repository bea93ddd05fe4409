#include "services/notification/store/notices.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/store/one_of.h"
#include "services/notification/store/columns.h"
#include "services/notification/store/inbox.h"

namespace dondoc::notification {
namespace {

// The words of a notice are made from its deadline's, so each is read together with it.
constexpr char kNotices[] =
    "select n.id, n.deadline, n.revision, n.kind, n.days_left, n.recipient, d.kind, d.subject, "
    "d.title, d.label, n.due_day, n.planned_at, n.told_at, n.state, n.skip_reason, n.digest, "
    "n.acknowledged_at, n.acknowledged_by, n.version from notices n join deadlines d on d.id = "
    "n.deadline ";

// Runs kNotices with `rest`: its conditions, order and limit.
template <typename... P>
std::vector<Notice> Select(store::Sql& sql, absl::string_view rest, const P&... params) {
  std::vector<Notice> rows;
  sql.ForEach<int64_t, int64_t, int64_t, int64_t, int64_t, std::string, int64_t, std::string,
              std::string, std::string, int64_t, int64_t, int64_t, int64_t, std::string,
              std::optional<int64_t>, std::optional<int64_t>, std::string, int64_t>(
      absl::StrCat(kNotices, rest).c_str(),
      [&](int64_t id, int64_t deadline, int64_t revision, int64_t kind, int64_t days_left,
          std::string recipient, int64_t deadline_kind, std::string subject, std::string title,
          std::string label, int64_t due_day, int64_t planned_at, int64_t told_at, int64_t state,
          std::string skip_reason, std::optional<int64_t> digest,
          std::optional<int64_t> acknowledged_at, std::string acknowledged_by, int64_t version) {
        rows.push_back({.id = id,
                        .deadline = deadline,
                        .revision = revision,
                        .kind = static_cast<NoticeKind>(kind),
                        .days_left = static_cast<int>(days_left),
                        .recipient = std::move(recipient),
                        .matter = {.kind = static_cast<DeadlineKind>(deadline_kind),
                                   .subject = std::move(subject),
                                   .title = std::move(title),
                                   .label = std::move(label)},
                        .due = DayOf(due_day),
                        .planned_at = TimeOf(planned_at),
                        .told_at = TimeOf(told_at),
                        .state = static_cast<NoticeState>(state),
                        .skip_reason = std::move(skip_reason),
                        .digest = digest.value_or(0),
                        .acknowledged_at = TimeOf(acknowledged_at),
                        .acknowledged_by = std::move(acknowledged_by),
                        .version = version});
      },
      params...);
  return rows;
}

constexpr char kDigestColumns[] =
    "id, recipient, created_at, first_notice, last_notice, notice_count";

// Runs a query over kDigestColumns with `rest`: its conditions, order and limit.
template <typename... P>
std::vector<Digest> SelectDigests(store::Sql& sql, absl::string_view rest, const P&... params) {
  std::vector<Digest> rows;
  sql.ForEach<int64_t, std::string, int64_t, int64_t, int64_t, int64_t>(
      absl::StrCat("select ", kDigestColumns, " from digests ", rest).c_str(),
      [&](int64_t id, std::string recipient, int64_t created_at, int64_t first_notice,
          int64_t last_notice, int64_t notice_count) {
        rows.push_back({.id = id,
                        .recipient = std::move(recipient),
                        .created_at = TimeOf(created_at),
                        .first_notice = first_notice,
                        .last_notice = last_notice,
                        .notice_count = notice_count});
      },
      params...);
  return rows;
}

template <typename Row>
std::optional<Row> First(std::vector<Row> rows) {
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::optional<int64_t> OrNull(int64_t id) {
  if (id == 0) return std::nullopt;
  return id;
}

}  // namespace

int64_t LastNoticeId(store::Sql& sql) {
  return sql.Value<int64_t>("select coalesce(max(id), 0) from notices").value();
}

bool InsertNotice(store::Sql& sql, const Notice& notice) {
  const int64_t inserted = sql.Run(
      "insert into notices (id, deadline, revision, kind, days_left, recipient, due_day, "
      "planned_at, told_at, state, skip_reason, digest, acknowledged_at, acknowledged_by, version) "
      "values (:id, :deadline, :revision, :kind, :days_left, :recipient, :due_day, :planned_at, "
      ":told_at, :state, :skip_reason, :digest, :acknowledged_at, :acknowledged_by, :version) "
      "on conflict (deadline, revision, kind, days_left) do nothing",
      notice.id, notice.deadline, notice.revision, notice.kind, notice.days_left, notice.recipient,
      DayNumber(notice.due), Micros(notice.planned_at), Micros(notice.told_at), notice.state,
      notice.skip_reason, OrNull(notice.digest), Micros(notice.acknowledged_at),
      notice.acknowledged_by, notice.version);
  return inserted == 1;
}

void UpdateNotice(store::Sql& sql, const Notice& notice) {
  sql.Run(
      "update notices set state = :state, acknowledged_at = :acknowledged_at, acknowledged_by = "
      ":acknowledged_by, version = :version where id = :id",
      notice.state, Micros(notice.acknowledged_at), notice.acknowledged_by, notice.version,
      notice.id);
}

std::optional<Notice> FindNotice(store::Sql& sql, int64_t id) {
  return First(Select(sql, "where n.id = :id", id));
}

std::vector<Notice> NoticesBefore(store::Sql& sql, const NoticeFilter& filter, int64_t before,
                                  int64_t limit, const identity::Reach& reach) {
  const int64_t all = filter.unacknowledged_only ? 0 : 1;
  // Each starts from the index that narrows it most.
  const auto select = [&](absl::string_view first_condition, const auto&... first) {
    const std::string rest = absl::StrCat(
        "where ", first_condition,
        "n.id < :before and (:state = 0 or n.state = :state2) and (:kind = 0 or n.kind = :kind2) "
        "and (:all = 1 or n.acknowledged_at is null) order by n.id desc limit :limit");
    return Select(sql, rest, first..., before, filter.state, filter.state, filter.kind, filter.kind,
                  all, limit);
  };
  const auto narrowed = [&](absl::string_view first_condition, const auto&... first) {
    if (reach.IsEverything()) return select(first_condition, first...);
    const std::string within = store::OneOf(sql, "n.recipient", ":reach");
    return select(absl::StrCat(first_condition, within, " and "), first...,
                  store::ListOf(reach.units));
  };
  if (!filter.subject.empty()) {
    return narrowed("d.subject = :subject and (:any = '' or n.recipient = :recipient) and ",
                    filter.subject, filter.recipient, filter.recipient);
  }
  if (!filter.recipient.empty()) {
    return narrowed("n.recipient = :recipient and ", filter.recipient);
  }
  return narrowed("");
}

std::vector<Notice> NoticesAfter(store::Sql& sql, const Inbox& inbox, int64_t after,
                                 int64_t limit) {
  return WithInbox(
      sql, "n.recipient", inbox, [&](absl::string_view condition, const auto&... whose) {
        return Select(sql,
                      absl::StrCat("where ", condition,
                                   "n.id > :after and n.state <> 3 order by n.id limit :limit"),
                      whose..., after, limit);
      });
}

std::vector<NoticeCount> TallyNotices(store::Sql& sql, const Inbox& inbox) {
  std::vector<NoticeCount> counts;
  const auto each = [&](int64_t about, int64_t kind, int64_t state, int64_t count) {
    counts.push_back({.deadline_kind = static_cast<DeadlineKind>(about),
                      .kind = static_cast<NoticeKind>(kind),
                      .state = static_cast<NoticeState>(state),
                      .count = count});
  };
  // A check-in is about a phase, and is counted as a request for news.
  WithInbox(sql, "n.recipient", inbox, [&](absl::string_view condition, const auto&... whose) {
    sql.ForEach<int64_t, int64_t, int64_t, int64_t>(
        absl::StrCat(
            "select case when n.kind = 4 then 5 else d.kind end as about, n.kind, n.state, "
            "count(*) from notices n join deadlines d on d.id = n.deadline where ",
            condition, "1 = 1 group by about, n.kind, n.state order by about, n.kind, n.state")
            .c_str(),
        each, whose...);
  });
  return counts;
}

std::optional<Digest> FindDigest(store::Sql& sql, int64_t id) {
  return First(SelectDigests(sql, "where id = :id", id));
}

std::optional<Digest> FindOpenDigest(store::Sql& sql, const std::string& recipient) {
  return First(SelectDigests(sql, "where recipient = :recipient and closed_at is null", recipient));
}

std::vector<Digest> OpenDigests(store::Sql& sql, int64_t limit) {
  return SelectDigests(sql, "where closed_at is null order by recipient limit :limit", limit);
}

bool HasOpenDigest(store::Sql& sql) {
  return sql.Value<int64_t>("select id from digests where closed_at is null limit 1").has_value();
}

void InsertDigest(store::Sql& sql, Digest& digest) {
  digest.id = sql.Value<int64_t>("select coalesce(max(id), 0) + 1 from digests").value();
  static const std::string query = absl::StrCat(
      "insert into digests (", kDigestColumns,
      ") values (:id, :recipient, :created_at, :first_notice, :last_notice, :notice_count)");
  sql.Run(query.c_str(), digest.id, digest.recipient, Micros(digest.created_at),
          digest.first_notice, digest.last_notice, digest.notice_count);
}

void UpdateDigest(store::Sql& sql, const Digest& digest) {
  sql.Run(
      "update digests set first_notice = :first_notice, last_notice = :last_notice, notice_count "
      "= :notice_count where id = :id",
      digest.first_notice, digest.last_notice, digest.notice_count, digest.id);
}

void CloseDigest(store::Sql& sql, const Digest& digest, absl::Time now) {
  sql.Run("update digests set closed_at = :now where id = :id", Micros(now), digest.id);
}

std::vector<Notice> NoticesIn(store::Sql& sql, const Digest& digest, int64_t limit) {
  return Select(sql,
                "where n.recipient = :recipient and n.id between :first and :last and n.digest = "
                ":digest order by n.id limit :limit",
                digest.recipient, digest.first_notice, digest.last_notice, digest.id, limit);
}

std::vector<int64_t> NoticeIdsIn(store::Sql& sql, const Digest& digest, int64_t limit) {
  std::vector<int64_t> ids;
  sql.ForEach<int64_t>(
      "select id from notices where recipient = :recipient and id between :first and :last and "
      "digest = :digest order by id limit :limit",
      [&](int64_t id) { ids.push_back(id); }, digest.recipient, digest.first_notice,
      digest.last_notice, digest.id, limit);
  return ids;
}

std::vector<Notice> NoticesOnTheWayIn(store::Sql& sql, const Digest& digest) {
  return Select(sql,
                "where n.recipient = :recipient and n.id between :first and :last and n.digest = "
                ":digest and n.state = 1 order by n.id",
                digest.recipient, digest.first_notice, digest.last_notice, digest.id);
}

}  // namespace dondoc::notification
