#include "services/kpi/rpc/recompute.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/status_macros.h"
#include "libs/base/trace.h"
#include "libs/log/log.h"
#include "services/kpi/domain/errors.h"
#include "services/kpi/domain/names.h"
#include "services/kpi/store/recount.h"
#include "services/kpi/store/sums.h"
#include "services/kpi/store/units.h"

namespace dondoc::kpi {
namespace {

constexpr size_t kComparedAtOnce = 200;
// Redis takes many values a second; if it does not, it is away and gets them later.
constexpr absl::Duration kRedisPatience = absl::Minutes(1);

// Each value learns from which inputs it was made.
void SetRevisions(store::Sql& sql, const Catalog& catalog, std::vector<pb::Value>& values) {
  const int64_t tree = TreeRevision(sql);
  std::map<std::string, int64_t> revisions;
  for (pb::Value& value : values) {
    auto [at, is_new] = revisions.try_emplace(value.indicator(), 0);
    if (is_new) {
      const auto found = catalog.FindIndicator(value.indicator());
      at->second = tree + (found ? InputsRevision(sql, found->row) : 0);
    }
    value.set_revision(at->second);
  }
}

int64_t CountDifferences(ValueCache& cache, const std::vector<pb::Value>& values) {
  int64_t differences = 0;
  for (size_t i = 0; i < values.size(); i += kComparedAtOnce) {
    const auto first = values.begin() + static_cast<ptrdiff_t>(i);
    const auto last =
        values.begin() + static_cast<ptrdiff_t>(std::min(i + kComparedAtOnce, values.size()));
    for (const ValueCache::Finding finding : cache.Compare({first, last})) {
      if (finding == ValueCache::Finding::kDifferent) ++differences;
    }
  }
  return differences;
}

}  // namespace

Recomputer::~Recomputer() {
  if (thread_.joinable()) thread_.join();
}

void Recomputer::Start(const std::string& traceparent, Done done) {
  {
    std::lock_guard lock(mutex_);
    if (!running_) {
      if (thread_.joinable()) thread_.join();
      running_ = true;
      thread_ = std::thread([this, traceparent, done = std::move(done)] {
        const TraceScope trace(traceparent);
        const absl::StatusOr<Outcome> outcome = Recompute();
        {
          std::lock_guard ended(mutex_);
          running_ = false;
        }
        done(outcome);
      });
      return;
    }
  }
  done(error::RecomputeRunning());
}

absl::StatusOr<Recomputer::Outcome> Recomputer::Recompute() {
  Recount recount;
  std::vector<pb::Value> values;
  RETURN_IF_ERROR(database_.Read([&](store::Snapshot& snapshot) -> absl::Status {
    catalog_.CatchUp(snapshot);
    cache_.FollowRun(snapshot);
    ASSIGN_OR_RETURN(recount, CountAgain(snapshot));
    ASSIGN_OR_RETURN(values, ValuesOf(recount, catalog_));
    SetRevisions(snapshot.sql(), catalog_, values);
    return absl::OkStatus();
  }));
  const auto wrong_sums = static_cast<int64_t>(recount.differences.size());
  const int64_t wrong_values = CountDifferences(cache_, values);
  if (wrong_sums > 0) {
    RETURN_IF_ERROR(database_.WriteAndWait(
        [&](store::Transaction& transaction) { return Repair(transaction, catalog_, recount); }));
  }
  if (wrong_sums + wrong_values > 0) {
    log::Warning("kpi.values_differed", {{"sums", wrong_sums}, {"cached", wrong_values}});
  }
  for (const pb::Value& value : values) {
    publisher_.Want(
        {.indicator = value.indicator(), .unit = value.unit(), .period = value.period()});
  }
  publisher_.AwaitIdle(kRedisPatience);
  return Outcome{.values = static_cast<int64_t>(values.size()),
                 .differences = wrong_sums + wrong_values};
}

}  // namespace dondoc::kpi
