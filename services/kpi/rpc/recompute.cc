#include "services/kpi/rpc/recompute.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/status_macros.h"
#include "libs/log/log.h"
#include "libs/rpc/status.h"
#include "services/kpi/domain/errors.h"
#include "services/kpi/domain/names.h"
#include "services/kpi/events/stopwatch.h"
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

grpc::ServerUnaryReactor* Recomputer::Start(const rpc::Gate& gate,
                                            grpc::CallbackServerContext* context,
                                            const pb::RecomputeValuesRequest& request,
                                            pb::RecomputeValuesResponse* response) {
  const Stopwatch took;
  rpc::Call call = gate.door().Receive(*context, request);
  const absl::Status entered = gate.Enter(*context, request.ByteSizeLong(), call);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const auto finish = [&gate, call, took, reactor](const absl::Status& status) {
    gate.Report(call, status, took.Elapsed());
    reactor->Finish(rpc::ToGrpc(status));
  };
  if (!entered.ok()) {
    finish(entered);
    return reactor;
  }
  std::lock_guard lock(mutex_);
  if (running_) {
    finish(error::RecomputeRunning());
    return reactor;
  }
  if (thread_.joinable()) thread_.join();
  running_ = true;
  thread_ = std::thread([this, response, finish] {
    absl::StatusOr<pb::RecomputeValuesResponse> answer = Recompute();
    if (answer.ok()) *response = *std::move(answer);
    {
      std::lock_guard done(mutex_);
      running_ = false;
    }
    finish(answer.status());
  });
  return reactor;
}

absl::StatusOr<pb::RecomputeValuesResponse> Recomputer::Recompute() {
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
  pb::RecomputeValuesResponse response;
  response.set_value_count(static_cast<int64_t>(values.size()));
  response.set_difference_count(wrong_sums + wrong_values);
  return response;
}

}  // namespace dondoc::kpi
