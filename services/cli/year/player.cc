#include "services/cli/year/player.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"

namespace dondoc::cli::year {
namespace {

namespace registry_pb = ::dondoc::registry::v1;

// Acts happen from eight in the morning on.
constexpr absl::Duration kOfficeHour = absl::Hours(8);

// An act that is later than this makes work late that the script meant to be in time.
constexpr int64_t kDaysBehindMax = 7;

// Work that was cancelled or passed on in the meantime: its unit was merged, or the script is
// playing against a year that has moved on.
bool HasMovedOn(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  return reason == "ASSIGNMENT_CLOSED" || reason == "NOTHING_SUBMITTED" ||
         reason == "UNIT_NOT_VALID" || reason == "REPORT_ALREADY_DELIVERED";
}

}  // namespace

Player::Player(const Script& script, const PlayerOptions& options, const Clock& clock,
               Actors& actors, std::ostream& out)
    : script_(script), options_(options), clock_(clock), actors_(actors), out_(out) {}

absl::Status Player::Play() {
  RETURN_IF_ERROR(Prepare());
  while (!agenda_.empty() && agenda_.begin()->first <= options_.last_day) {
    const auto day = agenda_.extract(agenda_.begin());
    const absl::CivilDay date = day.key();
    WaitFor(date);
    if (date.day() == 1 && date > absl::CivilDay(options_.year, 1, 1)) PrintMonth(date);
    today_ = date;
    days_behind_max_ = std::max(days_behind_max_, DateOf(clock_.Now()) - date);
    for (const Act& act : day.mapped()) Perform({date, act});
  }
  WaitFor(options_.last_day);
  TellHowFarBehind();
  return absl::OkStatus();
}

absl::Status Player::Prepare() {
  today_ = std::max(DateOf(clock_.Now()), absl::CivilDay(options_.year, 1, 1));
  const Apis& office = actors_.As(script_.office_actor);
  for (const GroupLine& group : script_.groups) {
    registry_pb::SetGroupRuleRequest request;
    request.set_plan(absl::StrCat("plans/", script_.plan));
    request.set_group_text(group.text);
    for (const std::string& kind : group.kinds) {
      registry_pb::UnitKind value = registry_pb::UNIT_KIND_UNSPECIFIED;
      registry_pb::UnitKind_Parse(absl::StrCat("UNIT_KIND_", kind), &value);
      request.add_kinds(value);
    }
    RETURN_IF_ERROR(
        office.registry.Call(&registry_pb::RegistryService::Stub::SetGroupRule, request).status());
  }
  RETURN_IF_ERROR(PlanObligations(today_));
  RETURN_IF_ERROR(PlanReports(today_));
  Add(MeasuresOf(script_, options_.year));
  // A turn whose day has passed while the services were starting is not left out of the year.
  for (const EventLine& event : script_.events) {
    agenda_[std::max(event.date, today_)].push_back(event);
  }
  // A month is told on the first of the next, also when nothing else happens on that day.
  for (int month = 2; month <= 13; ++month) agenda_[absl::CivilDay(options_.year, month, 1)];
  agenda_.erase(agenda_.begin(), agenda_.lower_bound(today_));
  return absl::OkStatus();
}

absl::Status Player::PlanObligations(absl::CivilDay from) {
  for (auto& [date, acts] : agenda_) {
    std::erase_if(acts, [](const Act& act) {
      return std::holds_alternative<ReportAct>(act) || std::holds_alternative<SubmitAct>(act) ||
             std::holds_alternative<ReviewAct>(act);
    });
  }
  registry_pb::ListAssignmentsRequest request;
  request.set_parent(absl::StrCat("plans/", script_.plan));
  ASSIGN_OR_RETURN(
      const auto list,
      actors_.As(script_.office_actor)
          .registry.ListAll(&registry_pb::RegistryService::Stub::ListAssignments, request));
  std::vector<Obligation> obligations;
  for (const registry_pb::Assignment& assignment : list.assignments()) {
    const bool closed = assignment.cancelled() ||
                        assignment.progress() == registry_pb::PROGRESS_DONE ||
                        assignment.progress() == registry_pb::PROGRESS_NOT_ARISING;
    if (closed) continue;
    ASSIGN_OR_RETURN(const absl::CivilDay start,
                     calendar::ParseDate("window_start", assignment.window_start()));
    ASSIGN_OR_RETURN(const absl::CivilDay due,
                     calendar::ParseDate("due_date", assignment.due_date()));
    obligations.push_back({.name = assignment.name(),
                           .unit_id = assignment.unit().substr(assignment.unit().find('/') + 1),
                           .window_start = start,
                           .due = due,
                           .conditional = assignment.conditional_product()});
    // Handed in already: what remains is the Office's answer.
    if (assignment.progress() == registry_pb::PROGRESS_SUBMITTED) {
      agenda_[from + 2].push_back(ReviewAct{
          .assignment = assignment.name(), .unit_id = obligations.back().unit_id, .accept = true});
      obligations.pop_back();
    }
  }
  Add(ActsFor(script_, obligations, from));
  return absl::OkStatus();
}

void Player::Add(std::vector<DatedAct> acts) {
  for (DatedAct& act : acts) agenda_[act.date].push_back(std::move(act.act));
}

void Player::WaitFor(absl::CivilDay date) const {
  const absl::Time moment = StartOf(date) + kOfficeHour;
  for (absl::Duration left = clock_.RealTimeUntil(moment); left > absl::ZeroDuration();
       left = clock_.RealTimeUntil(moment)) {
    absl::SleepFor(std::min(left, absl::Seconds(1)));
  }
}

void Player::Perform(const DatedAct& act) {
  const absl::Status status = std::visit([this](const auto& what) { return Do(what); }, act.act);
  ++calls_;
  if (status.ok() || HasMovedOn(status)) return;
  if (absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status)) {
    agenda_[today_ + 1].push_back(act.act);
    return;
  }
  ++refused_;
  Tell(act.date, absl::StrCat("✗ ", status.message()));
}

void Player::TellHowFarBehind() {
  if (days_behind_max_ <= kDaysBehindMax) return;
  out_ << "▲ Có lúc chậm " << days_behind_max_
       << " ngày so với đồng hồ, nên nhiều việc thành muộn; máy này cần diễn lâu hơn (fell behind "
          "the clock by so many days, which made work late; play the year in more time)\n";
}

void Player::Tell(absl::CivilDay date, const std::string& what) {
  out_ << absl::StrFormat("  %02d/%02d  %s\n", date.day(), date.month(), what) << std::flush;
}

}  // namespace dondoc::cli::year
