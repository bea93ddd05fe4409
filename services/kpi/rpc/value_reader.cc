#include "services/kpi/rpc/value_reader.h"

#include <optional>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/rpc/status.h"
#include "services/kpi/domain/errors.h"
#include "services/kpi/domain/names.h"
#include "services/kpi/rpc/narrow.h"
#include "services/kpi/store/sums.h"
#include "services/kpi/store/units.h"
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
  const absl::Status entered = gate_.Enter(*context, request->ByteSizeLong(), call);
  if (!entered.ok()) {
    gate_.Report(call, entered, took.Elapsed());
    reactor->Finish(rpc::ToGrpc(entered));
    return reactor;
  }
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back({.request = request,
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

absl::StatusOr<ValueReader::Question> ValueReader::Understand(store::Snapshot& snapshot,
                                                              const Waiting& waiting,
                                                              Revisions& revisions) const {
  const pb::GetValueRequest& request = *waiting.request;
  RETURN_IF_ERROR(IndicatorId("indicator", request.indicator()).status());
  SharedEntry entry = catalog_.FindIndicator(request.indicator());
  if (entry == nullptr) return error::IndicatorNotFound("indicator", request.indicator());
  if (!request.unit().empty() && !catalog_.FindUnit(request.unit())) {
    return error::UnitUnknown(request.unit());
  }
  RETURN_IF_ERROR(CheckSeen(waiting.call, request.unit()));
  ASSIGN_OR_RETURN(const calendar::Period period, calendar::Period::FromId(request.period()));
  const auto [revision, is_new] = revisions.try_emplace(entry->row, 0);
  if (is_new) {
    revision->second = InputsRevision(snapshot.sql(), entry->row) + TreeRevision(snapshot.sql());
  }
  return Question{
      .entry = std::move(entry),
      .revision = revision->second,
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
  const absl::Status read = database_.Read([&](store::Snapshot& snapshot) {
    AnswerFrom(snapshot, batch);
    return absl::OkStatus();
  });
  for (Waiting& waiting : batch) {
    waiting.status.Update(read);
    Finish(waiting);
  }
}

void ValueReader::AnswerFrom(store::Snapshot& snapshot, std::vector<Waiting>& batch) {
  catalog_.CatchUp(snapshot);
  cache_.FollowRun(snapshot);
  Revisions revisions;
  std::vector<std::pair<Waiting*, Question>> asked;
  std::vector<ValueCache::Wanted> wanted;
  for (Waiting& waiting : batch) {
    absl::StatusOr<Question> question = Understand(snapshot, waiting, revisions);
    waiting.status = question.status();
    if (!question.ok()) continue;
    wanted.push_back({.name = question->name, .revision = question->revision});
    asked.emplace_back(&waiting, *std::move(question));
  }
  if (asked.empty()) return;
  std::vector<std::optional<pb::Value>> cached = cache_.Get(wanted);
  for (size_t i = 0; i < asked.size(); ++i) {
    auto& [waiting, question] = asked[i];
    waiting->status = AnswerOne(snapshot, std::move(cached[i]), question, *waiting->response);
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
