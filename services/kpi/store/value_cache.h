#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "libs/cache/cache.h"
#include "libs/store/database.h"
#include "services/kpi/wire/convert.h"

namespace dondoc::kpi {

// Values in Redis, one under each key
//
//   dondoc:kpi:value:{indicator id}:{unit id, or "_" for the whole register}:{period}
//
// as a frame (libs/cache/frame.h) whose payload is a dondoc.kpi.v1.Value. Everything in it may be
// lost or garbled: a value is believed only when it is whole, stands under its own key, was written
// by this run of the program, and was made from the inputs as they are now. "By this run", because
// a database that is restored from a backup counts its revisions again, and a new program may
// compute differently. With replicas it is the run of the one that is on duty.
//
// One thread of one replica writes (events/value_publisher.h), so that an older value never
// overwrites a newer one. Thread-safe.
class ValueCache {
 public:
  // Borrows the cache. `run` is any number that another run of the program would not choose.
  ValueCache(cache::Cache& cache, uint64_t run) : cache_(cache), run_(run % kRuns) {}

  // Takes the run from who holds the lease "duty" (libs/store/lease.h), as `snapshot` has it. Where
  // nobody has ever held it, the run stays as it was given.
  void FollowRun(store::Snapshot& snapshot);

  static std::string KeyOf(const ValueName& name);

  // A value as it must have been made from `revision` of its inputs.
  struct Wanted {
    ValueName name;
    int64_t revision = 0;
  };
  // One for each wanted, in order; nothing where there is none that can be believed.
  std::vector<std::optional<pb::Value>> Get(const std::vector<Wanted>& wanted);

  // How what stands in Redis compares with what should.
  enum class Finding { kAbsent, kSame, kDifferent };
  // Compares each of `values` with what Redis holds under its key. A value made from older inputs,
  // or by an earlier run, counts as absent: it would not have been served.
  std::vector<Finding> Compare(const std::vector<pb::Value>& values);

  // True when all were written.
  bool Put(const std::vector<pb::Value>& values);

  // A mark that everything current has been written. It vanishes with the rest when Redis is
  // emptied, and expires before the values do, so whoever finds it missing writes everything again.
  bool HasMark();
  bool PutMark();

  bool Answers() { return cache_.Ping() == cache::Outcome::kOk; }

 private:
  static constexpr uint64_t kRuns = uint64_t{1} << 24;

  uint64_t SourceVersion(int64_t revision) const;
  std::optional<pb::Value> Believe(const Wanted& wanted, const cache::Lookup& found) const;

  cache::Cache& cache_;
  std::atomic<uint64_t> run_;
};

}  // namespace dondoc::kpi
