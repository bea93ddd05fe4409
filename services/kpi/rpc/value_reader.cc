#include "services/kpi/rpc/value_reader.h"

#include <optional>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/rpc/status.h"
#include "services/kpi/domain/errors.h"
#include "services/kpi/domain/names.h"
#include "services/kpi/rpc/narrow.h"
#include "services/kpi/store/values.h"

namespace dondoc::kpi {

ValueReader::ValueReader(store::Database& database, Catalog& catalog, ValueCache& cache,
                         ValuePublisher& publisher, const rpc::Gate& gate)
    : database_(database),
      catalog_(catalog),
      cache_(cache),
      publisher_(publisher),
      gate_(gate),
      thread_([this] { Run(); }) {}

ValueReader::~ValueReader() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

grpc::ServerUnaryReactor* ValueReader::GetValue(grpc::CallbackServerContext* context,
                                                const pb::GetValueRequest* request,
                                                pb::GetValueResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  rpc::Call call = gate_.door().Receive(*context, *request);
  const Stopwatch took;
  absl::StatusOr<Question> question = EnterAndUnderstand(*context, *request, call);
  if (!question.ok()) {
    gate_.Report(call, question.status(), took.Elapsed());
    reactor->Finish(rpc::ToGrpc(question.status()));
    return reactor;
  }
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back({.question = *std::move(question),
                        .call = std::move(call),
                        .took = took,
                        .response = response,
                        .reactor = reactor,
                        .status = {}});
    wake = asleep_;
    asleep_ = false;
  }
  if (wake) wake_.notify_one();
  return reactor;
}

absl::StatusOr<ValueReader::Question> ValueReader::EnterAndUnderstand(
    const grpc::CallbackServerContext& context, const pb::GetValueRequest& request,
    rpc::Call& call) const {
  RETURN_IF_ERROR(gate_.Enter(context, request.ByteSizeLong(), call));
  return Understand(call, request);
}

absl::StatusOr<ValueReader::Question> ValueReader::Understand(
    const rpc::Call& call, const pb::GetValueRequest& request) const {
  RETURN_IF_ERROR(IndicatorId("indicator", request.indicator()).status());
  auto found = catalog_.FindIndicator(request.indicator());
  if (!found) return error::IndicatorNotFound("indicator", request.indicator());
  if (!request.unit().empty() && !catalog_.FindUnit(request.unit())) {
    return error::UnitUnknown(request.unit());
  }
  RETURN_IF_ERROR(CheckSeen(call, request.unit()));
  ASSIGN_OR_RETURN(const calendar::Period period, calendar::Period::FromId(request.period()));
  return Question{
      .entry = std::move(found->entry),
      .revision = found->revision,
      .name = {.indicator = request.indicator(), .unit = request.unit(), .period = period.id()},
      .period = period};
}

void ValueReader::Run() {
  std::vector<Waiting> batch;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      asleep_ = waiting_.empty();
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      asleep_ = false;
      if (waiting_.empty()) return;
      std::swap(batch, waiting_);
    }
    Answer(batch);
    batch.clear();
  }
}

void ValueReader::Answer(std::vector<Waiting>& batch) {
  std::vector<ValueCache::Wanted> wanted;
  wanted.reserve(batch.size());
  for (const Waiting& waiting : batch) {
    wanted.push_back({.name = waiting.question.name, .revision = waiting.question.revision});
  }
  std::vector<std::optional<pb::Value>> cached = cache_.Get(wanted);
  const absl::Status read = database_.Read([&](store::Snapshot& snapshot) {
    for (size_t i = 0; i < batch.size(); ++i) {
      Waiting& waiting = batch[i];
      waiting.status =
          AnswerOne(snapshot, std::move(cached[i]), waiting.question, *waiting.response);
    }
    return absl::OkStatus();
  });
  for (Waiting& waiting : batch) {
    waiting.status.Update(read);
    Finish(waiting);
  }
}

absl::Status ValueReader::AnswerOne(store::Snapshot& snapshot, std::optional<pb::Value> cached,
                                    const Question& question, pb::GetValueResponse& response) {
  if (cached) {
    *response.mutable_value() = *std::move(cached);
  } else {
    ASSIGN_OR_RETURN(*response.mutable_value(),
                     ComputeValue(snapshot, *question.entry, question.name, question.period));
    publisher_.Want(question.name);
  }
  for (const Target& target : question.entry->targets) {
    ASSIGN_OR_RETURN(*response.add_judgements(), JudgeValue(snapshot, *question.entry, target,
                                                            question.period, response.value()));
  }
  return absl::OkStatus();
}

void ValueReader::Finish(const Waiting& waiting) const {
  gate_.Report(waiting.call, waiting.status, waiting.took.Elapsed());
  waiting.reactor->Finish(rpc::ToGrpc(waiting.status));
}

}  // namespace dondoc::kpi
