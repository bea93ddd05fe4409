#pragma once

// The inside of Feeds::Open; include libs/rpc/feed.h instead.

#include <deque>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "libs/base/status_macros.h"
#include "libs/rpc/status.h"

namespace dondoc::rpc::internal {

// One stream. At most one write is under way; the next message goes when gRPC says that the last
// one has left. Poke() is called whenever the log has grown.
//
// Lifetime: gRPC owns the reactor until OnDone; the list of feeds shares the Pump, which outlives
// the reactor and does nothing once it is closed.
template <typename Response, typename Cursor>
class FeedPump final : public FeedBase {
 public:
  using Next =
      std::function<absl::Status(const Call&, store::Snapshot&, Cursor&, std::vector<Response>&)>;
  // Asks the doorkeeper; the first time is the caller's entrance.
  using MayGoOn = std::function<absl::Status(store::Snapshot&, Call&)>;

  FeedPump(store::Database& database, grpc::ServerWriteReactor<Response>* reactor, Call call,
           MayGoOn may_go_on, Cursor cursor, Next next)
      : database_(database),
        reactor_(reactor),
        call_(std::move(call)),
        may_go_on_(std::move(may_go_on)),
        cursor_(std::move(cursor)),
        next_(std::move(next)) {}

  void Poke() override {
    std::lock_guard lock(mutex_);
    Advance();
  }

  // The message that was under way has left, or the stream is broken.
  void Written(bool ok) {
    std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok) Finish(grpc::Status::CANCELLED);
    Advance();
  }

  void Cancel(const grpc::Status& status) override {
    std::lock_guard lock(mutex_);
    Finish(status);
  }

  void Close() {
    std::lock_guard lock(mutex_);
    reactor_ = nullptr;
  }

 private:
  void Advance() {
    if (reactor_ == nullptr || writing_ || finished_) return;
    if (waiting_.empty()) Refill();
    if (waiting_.empty() || finished_) return;
    current_ = std::move(waiting_.front());
    waiting_.pop_front();
    writing_ = true;
    reactor_->StartWrite(&current_);
  }

  void Refill() {
    std::vector<Response> fresh;
    const absl::Status status = database_.Read([&](store::Snapshot& snapshot) -> absl::Status {
      RETURN_IF_ERROR(may_go_on_(snapshot, call_));
      return next_(call_, snapshot, cursor_, fresh);
    });
    for (Response& response : fresh) waiting_.push_back(std::move(response));
    if (!status.ok()) Finish(ToGrpc(status));
  }

  void Finish(const grpc::Status& status) {
    if (reactor_ == nullptr || finished_) return;
    finished_ = true;
    reactor_->Finish(status);
  }

  std::mutex mutex_;
  store::Database& database_;
  grpc::ServerWriteReactor<Response>* reactor_;
  Call call_;
  const MayGoOn may_go_on_;
  Cursor cursor_;
  const Next next_;
  std::deque<Response> waiting_;
  Response current_;
  bool writing_ = false;
  bool finished_ = false;
};

template <typename Response, typename Cursor>
class FeedReactor final : public grpc::ServerWriteReactor<Response> {
 public:
  using Pump = FeedPump<Response, Cursor>;

  FeedReactor(Feeds& feeds, const grpc::CallbackServerContext& context, size_t request_bytes,
              Call call, Cursor cursor, typename Pump::Next next)
      : feeds_(feeds),
        pump_(std::make_shared<Pump>(feeds.database(), this, std::move(call),
                                     Entrance(feeds, context, request_bytes), std::move(cursor),
                                     std::move(next))) {
    this->StartSendInitialMetadata();
    feeds_.Add(pump_);
    pump_->Poke();
  }

  void OnWriteDone(bool ok) override { pump_->Written(ok); }
  void OnCancel() override { pump_->Cancel(grpc::Status::CANCELLED); }
  void OnDone() override {
    feeds_.Remove(pump_);
    pump_->Close();
    delete this;
  }

 private:
  // What is asked first, while the context is there, and what is asked later.
  static typename Pump::MayGoOn Entrance(Feeds& feeds, const grpc::CallbackServerContext& context,
                                         size_t request_bytes) {
    return [&feeds, &context, request_bytes, entered = false](store::Snapshot& snapshot,
                                                              Call& call) mutable {
      const absl::Time start = absl::Now();
      const bool first = !std::exchange(entered, true);
      const absl::Status status = first ? feeds.door().Enter(context, request_bytes, snapshot, call)
                                        : feeds.door().Reconsider(snapshot, call);
      if (first || !status.ok()) feeds.Report(call, status, absl::Now() - start);
      return status;
    };
  }

  Feeds& feeds_;
  const std::shared_ptr<Pump> pump_;
};

}  // namespace dondoc::rpc::internal

namespace dondoc::rpc {

template <typename Response, typename Cursor, typename Request>
grpc::ServerWriteReactor<Response>* Feeds::Open(
    const grpc::CallbackServerContext& context, const Request& request, Cursor cursor,
    std::function<absl::Status(const Call&, store::Snapshot&, Cursor&, std::vector<Response>&)>
        next) {
  return new internal::FeedReactor<Response, Cursor>(*this, context, request.ByteSizeLong(),
                                                     door_.Receive(context, request),
                                                     std::move(cursor), std::move(next));
}

}  // namespace dondoc::rpc
