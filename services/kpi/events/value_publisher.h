#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/store/database.h"
#include "services/kpi/events/stopwatch.h"
#include "services/kpi/store/catalog.h"
#include "services/kpi/store/value_cache.h"

namespace dondoc::kpi {

// Keeps what others see of values up to date, behind the writes: Redis within milliseconds, and the
// event dondoc.kpi.value.changed at most once a second for each indicator.
//
// One thread does all of it. It alone writes values to Redis, each computed from a newer view of
// the database than the one before, so what stands there never goes back. What it misses while
// Redis is away, or when the process ends, it makes good by writing everything current again. An
// event belongs to the trace of the newest of the changes that it was begun for.
//
// Of several replicas the one that is on duty does it. It hears of its own commits at once, and
// looks every second for those of others: what they recorded makes it write all values of that
// indicator again, because nobody says which of them. Thread-safe.
class ValuePublisher final : public ChangeListener {
 public:
  struct Options {
    // How long it lets changes gather before it looks at them.
    absl::Duration settle = absl::Milliseconds(5);
    // Between two events of one indicator.
    absl::Duration event_interval = absl::Seconds(1);
    // How often it looks whether Redis still holds what it wrote.
    absl::Duration mark_interval = absl::Seconds(1);
    // Whether this replica is the one that does it. When it becomes so, everything is written.
    std::function<bool()> on_duty = [] { return true; };
    // Whether others write to the same database, and how often it looks for what they have done.
    bool has_others = false;
    absl::Duration others_interval = absl::Seconds(1);
  };

  // `database` lets nothing be written off duty (store::Lease). Borrows everything; listens to the
  // catalog from now on.
  ValuePublisher(store::Database& database, Catalog& catalog, ValueCache& cache, const Clock& clock,
                 Options options);
  // Ends the thread. The database may be stopped or not.
  ~ValuePublisher() override;

  // From the writer thread, after a commit.
  void SumsChanged(const SharedEntry& entry, int64_t revision,
                   const std::vector<Cell>& cells) override;
  void IndicatorChanged(const SharedEntry& entry) override;
  void TreeChanged() override;

  // Somebody read a value that was not in Redis: it shall be.
  void Want(const ValueName& name);

  // Verdicts may have changed between two days.
  void DayChanged(absl::CivilDay from, absl::CivilDay to);

  // Waits until everything asked for so far has been tried to be written to Redis; false after
  // `within` (real time). Off duty there is nothing to wait for.
  bool AwaitIdle(absl::Duration within);

 private:
  // Years that an event is to tell about, each with the traceparent of what made it so last; empty
  // where nobody did.
  using Years = std::map<int, std::string>;

  // What came in since the thread last looked.
  struct Inbox {
    std::map<int64_t, std::set<Cell>> cells;  // by indicator row
    std::map<int64_t, Years> event_years;     // by indicator row
    std::vector<ValueName> wanted;
    bool everything = false;

    bool Empty() const {
      return cells.empty() && event_years.empty() && wanted.empty() && !everything;
    }
  };

  void Run();
  // Waits for something to do and lets it gather. False when the thread shall end.
  bool TakeInbox(Inbox& inbox);
  absl::Duration Patience() const;

  // Whether to go on; drops all that was asked for when not.
  bool OnDuty();
  // What other replicas have committed, put into the inbox.
  void LookForOthers();
  // Of revisions of inputs by row, those that have not come in yet.
  void KeepNews(std::map<int64_t, int64_t>& inputs);

  void Expand(const Inbox& inbox);
  void ExpandCells(const IndicatorEntry& entry, const std::set<Cell>& cells);
  void ExpandEverything();
  void Enqueue(ValueName name);
  void WriteSomeValues();
  std::vector<pb::Value> Compute(const std::vector<ValueName>& names);
  void LookForMark();

  // One event to send.
  struct Due {
    int64_t row = 0;
    int year = 0;
    std::string traceparent;
  };
  void SendDueEvents();
  void EventsDone(const absl::Status& status, const std::vector<Due>& events);

  store::Database& database_;
  Catalog& catalog_;
  ValueCache& cache_;
  const Clock& clock_;
  const Options options_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable idle_;
  Inbox inbox_;
  bool stopping_ = false;
  bool busy_ = false;
  bool events_in_flight_ = false;
  // Up to which revision of its inputs what happened to an indicator has come in, by row.
  std::map<int64_t, int64_t> inputs_seen_;

  // The thread's own.
  std::deque<ValueName> queue_;
  std::set<std::string> queued_keys_;
  // Events to send: years by indicator row. Shared with the writer thread when one has failed.
  std::map<int64_t, Years> event_years_;
  std::map<int64_t, Stopwatch> since_event_;
  std::optional<Stopwatch> since_mark_check_;
  std::optional<Stopwatch> since_others_check_;
  int64_t catalog_seen_ = 0;
  bool was_on_duty_ = true;
  // Redis did not take values: nothing is sent until it answers again.
  bool cache_behind_ = false;
  // Everything current is in the queue; the mark is to follow.
  bool mark_wanted_ = false;

  std::thread thread_;
};

}  // namespace dondoc::kpi
