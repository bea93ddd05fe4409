#include "services/kpi/events/value_publisher.h"

#include <algorithm>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/base/trace.h"
#include "libs/calendar/periods.h"
#include "libs/log/log.h"
#include "services/kpi/domain/names.h"
#include "services/kpi/events/value_events.h"
#include "services/kpi/store/schema.h"
#include "services/kpi/store/sums.h"
#include "services/kpi/store/values.h"

namespace dondoc::kpi {
namespace {

// Values computed in one view of the database and sent to Redis at once: enough to be cheap, few
// enough that a change that comes meanwhile does not wait long.
constexpr size_t kValuesAtOnce = 200;
// Events written in one transaction.
constexpr size_t kEventsAtOnce = 50;
// What is wanted beyond this, between two looks of the thread, is computed again when it is read.
constexpr size_t kWantedMax = 1'000'000;
// Values that wait for a Redis that is away.
constexpr size_t kQueueMax = 1'000'000;
constexpr absl::Duration kIdleWait = absl::Seconds(1);

// Years in which a target can make a verdict change.
std::set<int> YearsOf(const IndicatorEntry& entry, absl::CivilDay today) {
  std::set<int> years = {static_cast<int>(today.year())};
  for (const Target& target : entry.targets) {
    years.insert(static_cast<int>(target.effective_from.year()));
    years.insert(static_cast<int>(target.due_date.year()));
  }
  return years;
}

// `more` came after what stands in `years`; what came of nobody in particular takes no trace away.
void MergeYears(std::map<int, std::string>& years, const std::map<int, std::string>& more) {
  for (const auto& [year, traceparent] : more) {
    std::string& known = years[year];
    if (!traceparent.empty()) known = traceparent;
  }
}

void AddYears(std::map<int, std::string>& years, const std::set<int>& more) {
  for (const int year : more) MergeYears(years, {{year, CurrentTrace()}});
}

}  // namespace

ValuePublisher::ValuePublisher(store::Database& database, Catalog& catalog, ValueCache& cache,
                               const Clock& clock, Options options)
    : database_(database),
      catalog_(catalog),
      cache_(cache),
      clock_(clock),
      options_(std::move(options)) {
  // Whatever the run before did not finish is done now.
  TreeChanged();
  catalog_.SetListener(this);
  thread_ = std::thread([this] { Run(); });
}

ValuePublisher::~ValuePublisher() {
  catalog_.SetListener(nullptr);
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
  // A write that was queued calls back into this object.
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return !events_in_flight_; });
}

void ValuePublisher::SumsChanged(const SharedEntry& entry, int64_t revision,
                                 const std::vector<Cell>& cells) {
  std::lock_guard lock(mutex_);
  // A gap is another replica's; LookForOthers() finds it.
  int64_t& seen = inputs_seen_[entry->row];
  if (revision == seen + 1) seen = revision;
  inbox_.cells[entry->row].insert(cells.begin(), cells.end());
  std::set<int> years;
  for (const Cell& cell : cells) years.insert(static_cast<int>(YearOfMonth(cell.month)));
  AddYears(inbox_.event_years[entry->row], years);
  wake_.notify_one();
}

void ValuePublisher::IndicatorChanged(const SharedEntry& entry) {
  const std::set<int> years = YearsOf(*entry, DateOf(clock_.Now()));
  std::lock_guard lock(mutex_);
  AddYears(inbox_.event_years[entry->row], years);
  wake_.notify_one();
}

void ValuePublisher::TreeChanged() {
  const absl::CivilDay today = DateOf(clock_.Now());
  const std::vector<SharedEntry> entries = catalog_.AllIndicators();
  std::lock_guard lock(mutex_);
  for (const SharedEntry& entry : entries) {
    AddYears(inbox_.event_years[entry->row], YearsOf(*entry, today));
  }
  inbox_.everything = true;
  wake_.notify_one();
}

void ValuePublisher::Want(const ValueName& name) {
  if (!options_.on_duty()) return;
  std::lock_guard lock(mutex_);
  if (inbox_.wanted.size() >= kWantedMax) return;
  inbox_.wanted.push_back(name);
  wake_.notify_one();
}

void ValuePublisher::DayChanged(absl::CivilDay from, absl::CivilDay to) {
  std::map<int64_t, std::set<int>> years;
  for (const SharedEntry& entry : catalog_.AllIndicators()) {
    for (const Target& target : entry->targets) {
      const bool takes_effect = from < target.effective_from && target.effective_from <= to;
      const bool ends = from <= target.due_date && target.due_date < to;
      if (takes_effect || ends) {
        years[entry->row].insert(static_cast<int>(target.effective_from.year()));
        years[entry->row].insert(static_cast<int>(target.due_date.year()));
      }
      if (from.year() != to.year()) years[entry->row].insert(static_cast<int>(from.year()));
    }
  }
  std::lock_guard lock(mutex_);
  for (const auto& [row, some] : years) AddYears(inbox_.event_years[row], some);
  wake_.notify_one();
}

bool ValuePublisher::AwaitIdle(absl::Duration within) {
  std::unique_lock lock(mutex_);
  return idle_.wait_for(lock, absl::ToChronoMilliseconds(within),
                        [this] { return stopping_ || (inbox_.Empty() && !busy_); });
}

void ValuePublisher::Run() {
  Inbox inbox;
  while (TakeInbox(inbox)) {
    if (!OnDuty()) {
      inbox = {};
      continue;
    }
    LookForOthers();
    Expand(inbox);
    inbox = {};
    LookForMark();
    WriteSomeValues();
    SendDueEvents();
  }
}

bool ValuePublisher::TakeInbox(Inbox& inbox) {
  std::unique_lock lock(mutex_);
  busy_ = !queue_.empty() && !cache_behind_;
  if (!busy_) {
    idle_.notify_all();
    wake_.wait_for(lock, absl::ToChronoMilliseconds(Patience()),
                   [this] { return stopping_ || !inbox_.Empty(); });
    if (stopping_) return false;
    if (!inbox_.Empty()) {
      wake_.wait_for(lock, absl::ToChronoMilliseconds(options_.settle),
                     [this] { return stopping_; });
    }
  }
  if (stopping_) return false;
  busy_ = true;
  std::swap(inbox, inbox_);
  return true;
}

bool ValuePublisher::OnDuty() {
  const bool on_duty = options_.on_duty();
  // Whatever others have done meanwhile.
  if (on_duty && !was_on_duty_) {
    mark_wanted_ = false;
    cache_behind_ = false;
    since_others_check_.reset();
    {
      std::lock_guard lock(mutex_);
      inputs_seen_.clear();
    }
    TreeChanged();
  }
  was_on_duty_ = on_duty;
  if (on_duty) return true;
  queue_.clear();
  queued_keys_.clear();
  std::lock_guard lock(mutex_);
  event_years_.clear();
  return false;
}

void ValuePublisher::KeepNews(std::map<int64_t, int64_t>& inputs) {
  std::lock_guard lock(mutex_);
  std::erase_if(inputs, [this](const auto& of) { return of.second <= inputs_seen_[of.first]; });
}

// The units, indicators and targets of others change everything; what they record, the values of
// one indicator.
void ValuePublisher::LookForOthers() {
  if (!options_.has_others) return;
  if (since_others_check_ && since_others_check_->Elapsed() < options_.others_interval) return;
  since_others_check_.emplace();
  int64_t catalog = 0;
  std::map<int64_t, int64_t> inputs;
  std::map<int64_t, std::set<Cell>> cells;
  const absl::Status read = database_.Read([&](store::Snapshot& snapshot) {
    catalog_.CatchUp(snapshot);
    catalog = CatalogRevision(snapshot);
    inputs = AllInputsRevisions(snapshot.sql());
    KeepNews(inputs);
    for (const auto& [row, revision] : inputs) cells[row] = CellsOf(snapshot.sql(), row);
    return absl::OkStatus();
  });
  if (!read.ok()) return;  // the next look tries again
  if (std::exchange(catalog_seen_, catalog) != catalog) TreeChanged();
  for (const auto& [row, revision] : inputs) {
    const SharedEntry entry = catalog_.FindByRow(row);
    if (entry == nullptr) continue;
    SumsChanged(entry, revision, {cells[row].begin(), cells[row].end()});
    std::lock_guard lock(mutex_);
    inputs_seen_[row] = std::max(inputs_seen_[row], revision);
  }
}

// How long nothing has to be done. Called with the lock held.
absl::Duration ValuePublisher::Patience() const {
  absl::Duration patience = kIdleWait;
  if (since_mark_check_) {
    patience = std::min(patience, options_.mark_interval - since_mark_check_->Elapsed());
  }
  if (!events_in_flight_) {
    for (const auto& [row, years] : event_years_) {
      const auto last = since_event_.find(row);
      if (last == since_event_.end()) return absl::ZeroDuration();
      patience = std::min(patience, options_.event_interval - last->second.Elapsed());
    }
  }
  return std::max(patience, absl::Milliseconds(1));
}

void ValuePublisher::Expand(const Inbox& inbox) {
  for (const auto& [row, cells] : inbox.cells) {
    const SharedEntry entry = catalog_.FindByRow(row);
    if (entry != nullptr) ExpandCells(*entry, cells);
  }
  for (const ValueName& name : inbox.wanted) Enqueue(name);
  if (inbox.everything) ExpandEverything();
  std::lock_guard lock(mutex_);
  for (const auto& [row, years] : inbox.event_years) {
    MergeYears(event_years_[row], years);
  }
}

// A cell counts for its unit, each unit above it and the whole register, in its month, quarter,
// half and year.
void ValuePublisher::ExpandCells(const IndicatorEntry& entry, const std::set<Cell>& cells) {
  const std::string indicator = IndicatorName(entry.indicator.id);
  for (const Cell& cell : cells) {
    std::vector<std::string> units = catalog_.UpwardsFrom(cell.unit);
    units.emplace_back();
    for (const calendar::Period& period : PeriodsOfMonth(cell.month)) {
      for (const std::string& unit : units) {
        Enqueue({.indicator = indicator, .unit = unit, .period = period.id()});
      }
    }
  }
}

// Everything of this year. Other years are written when they change or are read.
void ValuePublisher::ExpandEverything() {
  const absl::CivilDay today = DateOf(clock_.Now());
  const int64_t january = MonthNumber(absl::CivilDay(today.year(), 1, 1));
  std::map<int64_t, std::set<Cell>> cells;
  const absl::Status read = database_.Read([&](store::Snapshot& snapshot) {
    cells = ReadCells(snapshot.sql(), january, january + 11);
    return absl::OkStatus();
  });
  if (!read.ok()) log::Warning("kpi.cells_not_read", {{"error", read.message()}});
  for (const auto& [row, some] : cells) {
    const SharedEntry entry = catalog_.FindByRow(row);
    if (entry != nullptr) ExpandCells(*entry, some);
  }
  mark_wanted_ = true;
}

void ValuePublisher::Enqueue(ValueName name) {
  if (queue_.size() >= kQueueMax) return;
  if (queued_keys_.insert(ValueCache::KeyOf(name)).second) queue_.push_back(std::move(name));
}

void ValuePublisher::WriteSomeValues() {
  if (cache_behind_) return;
  std::vector<ValueName> names;
  while (!queue_.empty() && names.size() < kValuesAtOnce) {
    queued_keys_.erase(ValueCache::KeyOf(queue_.front()));
    names.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  const std::vector<pb::Value> values = Compute(names);
  // A process that stood still since its last look must not write over what was written meanwhile.
  if (!options_.on_duty()) return;
  if (!values.empty() && !cache_.Put(values)) {
    cache_behind_ = true;
    for (ValueName& name : names) Enqueue(std::move(name));
  }
  if (queue_.empty() && mark_wanted_ && !cache_behind_) mark_wanted_ = !cache_.PutMark();
}

std::vector<pb::Value> ValuePublisher::Compute(const std::vector<ValueName>& names) {
  std::vector<pb::Value> values;
  if (names.empty()) return values;
  const absl::Status read = database_.Read([&](store::Snapshot& snapshot) -> absl::Status {
    cache_.FollowRun(snapshot);
    for (const ValueName& name : names) {
      const SharedEntry found = catalog_.FindIndicator(name.indicator);
      const auto period = calendar::Period::FromId(name.period);
      if (found == nullptr || !period.ok()) continue;
      ASSIGN_OR_RETURN(pb::Value value, ComputeValue(snapshot, *found, name, *period));
      values.push_back(std::move(value));
    }
    return absl::OkStatus();
  });
  if (!read.ok()) log::Warning("kpi.values_not_computed", {{"error", read.message()}});
  return values;
}

// Redis may have been emptied, or have missed something while it was away: then everything current
// is written again.
void ValuePublisher::LookForMark() {
  if (since_mark_check_ && since_mark_check_->Elapsed() < options_.mark_interval) return;
  since_mark_check_.emplace();
  const bool missing = cache_behind_ ? cache_.Answers() : !mark_wanted_ && !cache_.HasMark();
  if (!missing) return;
  cache_behind_ = false;
  ExpandEverything();
}

void ValuePublisher::SendDueEvents() {
  std::vector<Due> due;
  {
    std::lock_guard lock(mutex_);
    if (events_in_flight_) return;
    for (auto& [row, years] : event_years_) {
      if (due.size() == kEventsAtOnce) break;
      const auto last = since_event_.find(row);
      if (last != since_event_.end() && last->second.Elapsed() < options_.event_interval) continue;
      since_event_.insert_or_assign(row, Stopwatch());
      due.push_back(
          {.row = row, .year = years.begin()->first, .traceparent = years.begin()->second});
      years.erase(years.begin());
    }
    std::erase_if(event_years_, [](const auto& of) { return of.second.empty(); });
    if (due.empty()) return;
    events_in_flight_ = true;
  }
  database_.Write(
      [this, due](store::Transaction& transaction) -> absl::Status {
        for (const Due& one : due) {
          const SharedEntry entry = catalog_.FindByRow(one.row);
          if (entry == nullptr) continue;
          const TraceScope trace(one.traceparent);
          RETURN_IF_ERROR(EmitValueChanged(transaction, *entry, one.year));
        }
        return absl::OkStatus();
      },
      [this, due](const absl::Status& status) { EventsDone(status, due); });
}

void ValuePublisher::EventsDone(const absl::Status& status, const std::vector<Due>& events) {
  std::lock_guard lock(mutex_);
  if (!status.ok()) {
    for (const Due& one : events) event_years_[one.row].emplace(one.year, one.traceparent);
  }
  events_in_flight_ = false;
  wake_.notify_all();
  idle_.notify_all();
}

}  // namespace dondoc::kpi
