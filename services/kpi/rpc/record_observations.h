#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "absl/status/status.h"
#include "dondoc/kpi/v1/kpi_service.pb.h"
#include "libs/base/clock.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/kpi/events/stopwatch.h"
#include "services/kpi/store/catalog.h"
#include "services/kpi/store/observations.h"
#include "services/kpi/wire/convert.h"

namespace dondoc::kpi {

// What a stream of observations needs. Borrowed; outlives every stream.
struct RecordingParts {
  store::Database& database;
  Catalog& catalog;
  const Clock& clock;
  const rpc::Gate& gate;
};

// One call of RecordObservations.
//
// Batches are checked as they arrive and queued for the writer, several at a time, so that the
// wire, the checks and the disk work at once; reading pauses while too many are under way. They are
// written in their order. The first refusal ends the stream once what is under way has been
// answered, and the answer to a whole stream means that all of it is on disk. gRPC owns the object.
//
// It reads raw messages and takes them apart itself: gRPC tells a reactor of one that cannot be
// parsed in the same way as of the end of the stream, and a figure would be lost with an OK.
class RecordObservationsReactor final : public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  RecordObservationsReactor(const RecordingParts& parts, const grpc::CallbackServerContext& context,
                            grpc::ByteBuffer* answer);

  void OnReadDone(bool ok) override;
  void OnDone() override { delete this; }

 private:
  // What to do once the lock is released: gRPC is not called under it.
  enum class Then { kNothing, kRead, kFinish };

  // What the message holds, checked.
  absl::StatusOr<ObservationBatch> ReadBatch();
  void Queue(ObservationBatch batch);
  void BatchDone(const absl::StatusOr<RecordedBatch>& result);
  void Refuse(const absl::Status& refusal);
  Then Next();
  void Do(Then then);
  void WriteAnswer();

  const RecordingParts parts_;
  rpc::Call call_;
  const Stopwatch took_;
  grpc::ByteBuffer* const answer_;
  pb::RecordObservationsResponse response_;
  grpc::ByteBuffer message_;

  // Set when a batch was refused: those queued behind it are not written either. Shared with the
  // works, which run in the writer thread, in order.
  const std::shared_ptr<std::atomic<bool>> refused_ = std::make_shared<std::atomic<bool>>(false);

  std::mutex mutex_;
  absl::Status refusal_;
  int64_t batches_ = 0;
  int under_way_ = 0;
  bool reading_ = true;
  bool read_all_ = false;
  bool finished_ = false;
};

}  // namespace dondoc::kpi
