#include "services/kpi/rpc/record_observations.h"

#include <grpcpp/impl/codegen/proto_utils.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/base/trace.h"
#include "libs/rpc/message_guard.h"
#include "libs/rpc/status.h"
#include "services/kpi/domain/errors.h"
#include "services/kpi/rpc/observations.h"

namespace dondoc::kpi {
namespace {

// Batches of one stream between the wire and the disk: enough to keep both busy, few enough that a
// stream neither fills the memory nor holds up other writers for long.
constexpr int kUnderWayMax = 8;

}  // namespace

RecordObservationsReactor::RecordObservationsReactor(const RecordingParts& parts,
                                                     const grpc::CallbackServerContext& context,
                                                     grpc::ByteBuffer* answer)
    : parts_(parts),
      call_(parts.gate.door().Receive(context, *pb::RecordObservationsRequest::descriptor())),
      answer_(answer) {
  // What a message may be long is looked at with each.
  refusal_ = parts_.gate.Enter(context, 0, call_);
  if (refusal_.ok()) {
    StartRead(&message_);
    return;
  }
  reading_ = false;
  finished_ = true;
  Do(Then::kFinish);
}

void RecordObservationsReactor::OnReadDone(bool ok) {
  absl::StatusOr<ObservationBatch> batch = absl::CancelledError();
  if (ok) batch = ReadBatch();
  Then then = Then::kNothing;
  bool queue = false;
  {
    std::lock_guard lock(mutex_);
    reading_ = false;
    if (!ok) {
      read_all_ = true;
    } else if (!batch.ok()) {
      Refuse(error::WithDetail(batch.status(), "batch", absl::StrCat(batches_)));
    } else if (refusal_.ok()) {
      ++batches_;
      ++under_way_;
      queue = true;
    }
    then = Next();
  }
  if (queue) Queue(*std::move(batch));
  Do(then);
}

absl::StatusOr<ObservationBatch> RecordObservationsReactor::ReadBatch() {
  RETURN_IF_ERROR(parts_.gate.door().CheckSize(message_.Length(), call_));
  pb::RecordObservationsRequest request;
  RETURN_IF_ERROR(rpc::ReadMessage(message_, request));
  // Indicators and units that another replica has learned of since.
  RETURN_IF_ERROR(parts_.database.Read([this](store::Snapshot& snapshot) {
    parts_.catalog.CatchUp(snapshot);
    return absl::OkStatus();
  }));
  return CheckBatch(parts_.catalog, call_.reach(), request, DateOf(parts_.clock.Now()));
}

void RecordObservationsReactor::Queue(ObservationBatch batch) {
  struct Job {
    ObservationBatch batch;
    std::string number;
    RecordedBatch result;
  };
  auto job = std::make_shared<Job>();
  job->batch = std::move(batch);
  job->batch.actor = call_.actor;
  {
    std::lock_guard lock(mutex_);
    job->number = absl::StrCat(batches_ - 1);
  }
  auto work = [job, refused = refused_, &catalog = parts_.catalog, &door = parts_.gate.door(),
               call = call_](store::Transaction& transaction) mutable -> absl::Status {
    const TraceScope trace(call.traceparent);
    if (*refused) return absl::CancelledError("an earlier batch was refused");
    if (const absl::Status may = door.Reconsider(transaction, call); !may.ok()) {
      *refused = true;
      return may;
    }
    job->batch.reach = call.reach();
    transaction.SetOrigin({.actor = call.actor,
                           .request_id = {},
                           .request_hash = {},
                           .traceparent = call.traceparent});
    absl::StatusOr<RecordedBatch> recorded = RecordBatch(transaction, catalog, job->batch);
    if (!recorded.ok()) {
      *refused = true;
      return error::WithDetail(recorded.status(), "batch", job->number);
    }
    job->result = *recorded;
    return absl::OkStatus();
  };
  auto done = [this, job](const absl::Status& status) {
    BatchDone(status.ok() ? absl::StatusOr<RecordedBatch>(job->result) : status);
  };
  parts_.database.Write(std::move(work), std::move(done));
}

void RecordObservationsReactor::BatchDone(const absl::StatusOr<RecordedBatch>& result) {
  Then then = Then::kNothing;
  {
    std::lock_guard lock(mutex_);
    --under_way_;
    if (result.ok()) {
      response_.set_recorded_count(response_.recorded_count() + result->recorded);
      response_.set_repeated_count(response_.repeated_count() + result->repeated);
    } else {
      Refuse(result.status());
    }
    then = Next();
  }
  Do(then);
}

// Called with the lock held. The first refusal is the one that is told.
void RecordObservationsReactor::Refuse(const absl::Status& refusal) {
  if (refusal_.ok()) refusal_ = refusal;
  *refused_ = true;
}

// Called with the lock held.
RecordObservationsReactor::Then RecordObservationsReactor::Next() {
  if (finished_) return Then::kNothing;
  if (under_way_ == 0 && (read_all_ || !refusal_.ok())) {
    finished_ = true;
    return Then::kFinish;
  }
  if (!reading_ && !read_all_ && refusal_.ok() && under_way_ < kUnderWayMax) {
    reading_ = true;
    return Then::kRead;
  }
  return Then::kNothing;
}

void RecordObservationsReactor::WriteAnswer() {
  bool own_buffer = false;
  const grpc::Status written = grpc::SerializationTraits<pb::RecordObservationsResponse>::Serialize(
      response_, answer_, &own_buffer);
  if (!written.ok()) refusal_ = absl::InternalError(written.error_message());
}

void RecordObservationsReactor::Do(Then then) {
  switch (then) {
    case Then::kNothing:
      return;
    case Then::kRead:
      StartRead(&message_);
      return;
    case Then::kFinish:
      parts_.gate.Report(call_, refusal_, took_.Elapsed());
      if (refusal_.ok()) WriteAnswer();
      Finish(rpc::ToGrpc(refusal_));
      return;
  }
}

}  // namespace dondoc::kpi
