#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "libs/base/ids.h"
#include "libs/base/refusal.h"
#include "libs/base/trace.h"
#include "libs/rpc/observe.h"
#include "libs/rpc/status.h"
#include "libs/store/database.h"

namespace dondoc::rpc {

// The one choke point of every unary RPC: it runs the handler, maps its status, counts, logs, and
// catches what a library throws. A handler does none of that.
//
//   grpc::ServerUnaryReactor* GetTask(grpc::CallbackServerContext* context,
//                                     const pb::GetTaskRequest* request,
//                                     pb::GetTaskResponse* response) override {
//     return gate_.Read(context, request, response, &dondoc::registry::GetTask);
//   }
//
// Thread-safe. Borrows the database.
class Gate {
 public:
  explicit Gate(store::Database& database, Observer observer = LogRefusal)
      : database_(database), observer_(std::move(observer)) {}

  // Answers in place. `handler(const Call&, store::Snapshot&, const Request&)` returns
  // absl::StatusOr<Response>.
  template <typename Request, typename Response, typename Handler>
  grpc::ServerUnaryReactor* Read(grpc::CallbackServerContext* context, const Request* request,
                                 Response* response, Handler handler) {
    const absl::Time start = absl::Now();
    const Call call = CallOf<Request>(*context);
    const TraceScope trace(call.traceparent);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const absl::Status status = database_.Read([&](store::Snapshot& snapshot) -> absl::Status {
      absl::StatusOr<Response> answer = handler(call, snapshot, *request);
      if (answer.ok()) *response = *std::move(answer);
      return answer.status();
    });
    Finish(call, reactor, status, start);
    return reactor;
  }

  // Queues `handler(const Call&, store::Transaction&, const Request&)`, which returns
  // absl::StatusOr<Response>, and answers when its effect is durable. A request with a request_id
  // that was answered before gets that answer; a refused request leaves no trace.
  template <typename Request, typename Response, typename Handler>
  grpc::ServerUnaryReactor* Write(grpc::CallbackServerContext* context, const Request* request,
                                  Response* response, Handler handler) {
    const absl::Time start = absl::Now();
    auto call = std::make_shared<const Call>(CallOf<Request>(*context));
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    absl::StatusOr<store::Origin> origin = OriginOf(*call, *request);
    if (!origin.ok()) {
      Finish(*call, reactor, origin.status(), start);
      return reactor;
    }
    auto work = [=, origin = *std::move(origin)](store::Transaction& transaction) -> absl::Status {
      const TraceScope trace(call->traceparent);
      if (context->IsCancelled()) return absl::CancelledError("the caller has gone");
      transaction.SetOrigin(origin);
      return RunWrite(*call, transaction, *request, *response, handler);
    };
    auto done = [this, call, reactor, start](const absl::Status& status) {
      Finish(*call, reactor, status, start);
    };
    database_.Write(std::move(work), std::move(done));
    return reactor;
  }

  // Who calls, for a streaming RPC whose reactor is its own; it tells Report() how it ended.
  // "GetTaskRequest" -> "GetTask".
  template <typename Request>
  static Call CallOf(const grpc::CallbackServerContext& context) {
    return CallOf(context, Request::descriptor()->name());
  }
  static Call CallOf(const grpc::CallbackServerContext& context, absl::string_view request_type);
  void Report(const Call& call, const absl::Status& status, absl::Duration took) const {
    const TraceScope trace(call.traceparent);
    observer_(call, status, took);
  }

 private:
  // Who asks, and what makes a repetition of the request the same one.
  template <typename Request>
  static absl::StatusOr<store::Origin> OriginOf(const Call& call, const Request& request) {
    store::Origin origin{
        .actor = call.actor, .request_id = {}, .request_hash = {}, .traceparent = call.traceparent};
    if constexpr (requires { request.request_id(); }) {
      if (request.request_id().empty()) return origin;
      if (!IsUuid(request.request_id())) return RequestIdInvalid(request.request_id());
      origin.request_id = request.request_id();
      origin.request_hash = Sha256(call.method + '\n' + request.SerializeAsString());
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
};

}  // namespace dondoc::rpc
