#pragma once

#include <grpcpp/grpcpp.h>

#include <mutex>
#include <thread>

#include "absl/status/status.h"
#include "dondoc/kpi/v1/kpi_service.pb.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
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

  grpc::ServerUnaryReactor* Start(const rpc::Gate& gate, grpc::CallbackServerContext* context,
                                  const pb::RecomputeValuesRequest& request,
                                  pb::RecomputeValuesResponse* response);

  // The work itself, in the calling thread.
  absl::StatusOr<pb::RecomputeValuesResponse> Recompute();

 private:
  store::Database& database_;
  Catalog& catalog_;
  ValueCache& cache_;
  ValuePublisher& publisher_;

  std::mutex mutex_;
  bool running_ = false;
  std::thread thread_;
};

}  // namespace dondoc::kpi
