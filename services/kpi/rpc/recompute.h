#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/rpc/gate.h"
#include "libs/rpc/status.h"
#include "libs/store/database.h"
#include "services/kpi/events/stopwatch.h"
#include "services/kpi/events/value_publisher.h"
#include "services/kpi/store/catalog.h"
#include "services/kpi/store/value_cache.h"

namespace dondoc::kpi {

// Computes every value anew, in a thread of its own: reading millions of observations must hold up
// neither the callers that gRPC's threads serve nor the writer. One recomputation at a time.
// Thread-safe.
class Recomputer {
 public:
  // Borrows everything.
  Recomputer(store::Database& database, Catalog& catalog, ValueCache& cache,
             ValuePublisher& publisher)
      : database_(database), catalog_(catalog), cache_(cache), publisher_(publisher) {}
  // Waits for the one that runs.
  ~Recomputer();

  struct Outcome {
    int64_t values = 0;
    // Cached values and sums that were not what they should have been.
    int64_t differences = 0;
  };

  // Answers a call that the gate and then `may` let in, with the outcome. ABORTED, reason
  // RECOMPUTE_RUNNING.
  template <typename Request, typename Response>
  grpc::ServerUnaryReactor* Answer(const rpc::Gate& gate, grpc::CallbackServerContext* context,
                                   const Request& request, Response* response,
                                   const std::function<absl::Status()>& may = absl::OkStatus) {
    const Stopwatch took;
    rpc::Call call = gate.door().Receive(*context, request);
    absl::Status entered = gate.Enter(*context, request.ByteSizeLong(), call);
    if (entered.ok()) entered = may();
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const auto finish = [&gate, call, took, reactor](const absl::Status& status) {
      gate.Report(call, status, took.Elapsed());
      reactor->Finish(rpc::ToGrpc(status));
    };
    if (!entered.ok()) {
      finish(entered);
      return reactor;
    }
    Start(call.traceparent, [response, finish](const absl::StatusOr<Outcome>& outcome) {
      if (outcome.ok()) {
        response->set_value_count(outcome->values);
        response->set_difference_count(outcome->differences);
      }
      finish(outcome.status());
    });
    return reactor;
  }

 private:
  using Done = std::function<void(const absl::StatusOr<Outcome>&)>;

  // Begins in the thread, or says in this one why not.
  void Start(const std::string& traceparent, Done done);
  // The work itself, in the calling thread.
  absl::StatusOr<Outcome> Recompute();

  store::Database& database_;
  Catalog& catalog_;
  ValueCache& cache_;
  ValuePublisher& publisher_;

  std::mutex mutex_;
  bool running_ = false;
  std::thread thread_;
};

}  // namespace dondoc::kpi
