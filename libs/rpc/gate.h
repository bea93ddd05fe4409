#pragma once

#include <google/protobuf/message_lite.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/base/ids.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "libs/base/trace.h"
#include "libs/rpc/doorkeeper.h"
#include "libs/rpc/observe.h"
#include "libs/rpc/status.h"
#include "libs/store/database.h"

namespace dondoc::rpc {

// The one choke point of every unary RPC: it asks the doorkeeper, runs the handler, maps its
// status, counts, logs, keeps the record of audited calls, and catches what a library throws. A
// handler does none of that.
//
//   grpc::ServerUnaryReactor* GetTask(grpc::CallbackServerContext* context,
//                                     const pb::GetTaskRequest* request,
//                                     pb::GetTaskResponse* response) override {
//     return gate_.Read(context, request, response, &dondoc::registry::GetTask);
//   }
//
// Thread-safe. Borrows the database and the doorkeeper.
class Gate {
 public:
  explicit Gate(store::Database& database, Observer observer = LogRefusal,
                const Doorkeeper& door = Doorkeeper::Open())
      : database_(database), observer_(std::move(observer)), door_(door) {}

  // Answers in place. `handler(const Call&, store::Snapshot&, const Request&)` returns
  // absl::StatusOr<Response>.
  template <typename Request, typename Response, typename Handler>
  grpc::ServerUnaryReactor* Read(grpc::CallbackServerContext* context, const Request* request,
                                 Response* response, Handler handler) {
    const absl::Time start = absl::Now();
    Call call = door_.Receive(*context, *request);
    const TraceScope trace(call.traceparent);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const absl::Status status = database_.Read([&](store::Snapshot& snapshot) -> absl::Status {
      RETURN_IF_ERROR(door_.Enter(*context, SizeOf(*request), snapshot, call));
      absl::StatusOr<Response> answer = handler(call, snapshot, *request);
      if (answer.ok()) *response = *std::move(answer);
      return answer.status();
    });
    Finish(call, reactor, status, start);
    return reactor;
  }

  // Queues `handler(const Call&, store::Transaction&, const Request&)`, which returns
  // absl::StatusOr<Response>, and answers when its effect is durable. A request with a request_id
  // that was answered before gets that answer; a refused request leaves no trace. The doorkeeper is
  // asked before the request may wait, so that nobody fills the queue who may not, and again in its
  // transaction.
  template <typename Request, typename Response, typename Handler>
  grpc::ServerUnaryReactor* Write(grpc::CallbackServerContext* context, const Request* request,
                                  Response* response, Handler handler) {
    const absl::Time start = absl::Now();
    auto call = std::make_shared<Call>(door_.Receive(*context, *request));
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const absl::Status entered = Enter(*context, SizeOf(*request), *call);
    if (!entered.ok()) {
      Finish(*call, reactor, entered, start);
      return reactor;
    }
    absl::StatusOr<store::Origin> origin = OriginOf(*call, *request);
    if (!origin.ok()) {
      Finish(*call, reactor, origin.status(), start);
      return reactor;
    }
    auto work = [=, this,
                 origin = *std::move(origin)](store::Transaction& transaction) -> absl::Status {
      const TraceScope trace(call->traceparent);
      if (context->IsCancelled()) return absl::CancelledError("the caller has gone");
      RETURN_IF_ERROR(door_.Reconsider(transaction, *call));
      transaction.SetOrigin(origin);
      return RunWrite(*call, transaction, *request, *response, handler);
    };
    auto done = [this, call, reactor, start](const absl::Status& status) {
      Finish(*call, reactor, status, start);
    };
    database_.Write(std::move(work), std::move(done));
    return reactor;
  }

  // For an RPC whose reactor is its own: it receives the call, enters, and tells Report() how it
  // ended.
  const Doorkeeper& door() const { return door_; }
  absl::Status Enter(const grpc::CallbackServerContext& context, size_t request_bytes,
                     Call& call) const {
    if (door_.open()) return absl::OkStatus();
    return database_.Read([&](store::Snapshot& snapshot) {
      return door_.Enter(context, request_bytes, snapshot, call);
    });
  }
  void Report(const Call& call, const absl::Status& status, absl::Duration took) const {
    const TraceScope trace(call.traceparent);
    Audit(call, status);
    observer_(call, status, took);
  }

 private:
  // Nobody asks an open door how large a request is.
  size_t SizeOf(const google::protobuf::MessageLite& request) const {
    return door_.open() ? 0 : request.ByteSizeLong();
  }

  // Who asks, and what makes a repetition of the request the same one.
  template <typename Request>
  static absl::StatusOr<store::Origin> OriginOf(const Call& call, const Request& request) {
    store::Origin origin{
        .actor = call.actor, .request_id = {}, .request_hash = {}, .traceparent = call.traceparent};
    if constexpr (requires { request.request_id(); }) {
      if (request.request_id().empty()) return origin;
      if (!IsUuid(request.request_id())) return RequestIdInvalid(request.request_id());
      origin.request_id = request.request_id();
      // Where callers are known, nobody gets the answer to another's request.
      const std::string whose = call.rule == nullptr ? "" : call.actor + '\n';
      origin.request_hash = Sha256(whose + call.method + '\n' + request.SerializeAsString());
    }
    return origin;
  }

  template <typename Request, typename Response, typename Handler>
  static absl::Status RunWrite(const Call& call, store::Transaction& transaction,
                               const Request& request, Response& response, Handler& handler) {
    const store::Origin& origin = transaction.origin();
    if (!origin.request_id.empty()) {
      auto earlier = transaction.EarlierResponse(origin.request_id, origin.request_hash);
      if (!earlier.ok()) return earlier.status();
      if (*earlier) {
        response.ParseFromString(**earlier);
        return absl::OkStatus();
      }
    }
    absl::StatusOr<Response> answer = handler(call, transaction, request);
    if (!answer.ok()) return answer.status();
    response = *std::move(answer);
    if (!origin.request_id.empty()) {
      transaction.SetResponse(response.SerializeAsString());
    }
    return absl::OkStatus();
  }

  void Finish(const Call& call, grpc::ServerUnaryReactor* reactor, const absl::Status& status,
              absl::Time start) const {
    Report(call, status, absl::Now() - start);
    reactor->Finish(ToGrpc(status));
  }

  store::Database& database_;
  Observer observer_;
  const Doorkeeper& door_;
};

}  // namespace dondoc::rpc
