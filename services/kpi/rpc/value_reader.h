#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "dondoc/kpi/v1/kpi_service.pb.h"
#include "libs/calendar/periods.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/kpi/events/stopwatch.h"
#include "services/kpi/events/value_publisher.h"
#include "services/kpi/store/catalog.h"
#include "services/kpi/store/value_cache.h"

namespace dondoc::kpi {

// Answers GetValue. A call that waited for Redis in one of gRPC's few threads would hold up all
// others, and one question at a time costs two switches of threads each; so the calls that are
// waiting are asked of Redis together, by one thread, which also computes what is not there.
// Thread-safe.
class ValueReader {
 public:
  // Borrows everything.
  ValueReader(store::Database& database, Catalog& catalog, ValueCache& cache,
              ValuePublisher& publisher, const rpc::Gate& gate);
  // Answers what is waiting.
  ~ValueReader();

  grpc::ServerUnaryReactor* GetValue(grpc::CallbackServerContext* context,
                                     const pb::GetValueRequest* request,
                                     pb::GetValueResponse* response);

 private:
  // A question that was understood, with the revision of the inputs of its answer.
  struct Question {
    SharedEntry entry;
    int64_t revision = 0;
    ValueName name;
    calendar::Period period;
  };
  struct Waiting {
    const pb::GetValueRequest* request;
    rpc::Call call;
    Stopwatch took;
    pb::GetValueResponse* response;
    grpc::ServerUnaryReactor* reactor;
    absl::Status status;
  };

  // Revisions of inputs, each read once for many questions.
  using Revisions = std::map<int64_t, int64_t>;

  absl::StatusOr<Question> Understand(store::Snapshot& snapshot, const Waiting& waiting,
                                      Revisions& revisions) const;
  void Run();
  void Answer(std::vector<Waiting>& batch);
  void AnswerFrom(store::Snapshot& snapshot, std::vector<Waiting>& batch);
  absl::Status AnswerOne(store::Snapshot& snapshot, std::optional<pb::Value> cached,
                         const Question& question, pb::GetValueResponse& response);
  void Finish(const Waiting& waiting) const;

  store::Database& database_;
  Catalog& catalog_;
  ValueCache& cache_;
  ValuePublisher& publisher_;
  const rpc::Gate& gate_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Waiting> waiting_;
  bool asleep_ = false;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace dondoc::kpi
