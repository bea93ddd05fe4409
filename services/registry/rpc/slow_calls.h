#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "libs/base/ids.h"
#include "libs/base/trace.h"
#include "libs/identity/account_errors.h"
#include "libs/identity/accounts.h"
#include "libs/rpc/gate.h"
#include "libs/rpc/status.h"
#include "libs/store/database.h"
#include "services/registry/rpc/workers.h"

namespace dondoc::registry {

// Calls that look at a password. Each takes a tenth of a second and 64 MiB, so they are answered by
// a few threads of their own and turned away with SIGN_IN_BUSY when too many wait. Borrows both.
class SlowCalls {
 public:
  SlowCalls(const rpc::Gate& gate, Workers& workers) : gate_(gate), workers_(workers) {}

  // `handler(const Call&, const Request&)` returns absl::StatusOr<Response>, and may wait.
  template <typename Request, typename Response, typename Handler>
  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext* context, const Request* request,
                                Response* response, Handler handler) {
    const auto start = std::chrono::steady_clock::now();
    auto call = std::make_shared<rpc::Call>(gate_.door().Receive(*context, *request));
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const auto finish = [this, call, reactor, start](const absl::Status& status) {
      gate_.Report(*call, status, absl::FromChrono(std::chrono::steady_clock::now() - start));
      reactor->Finish(rpc::ToGrpc(status));
    };
    const absl::Status entered = gate_.Enter(*context, request->ByteSizeLong(), *call);
    if (!entered.ok()) {
      finish(entered);
      return reactor;
    }
    const bool taken = workers_.Submit([=] {
      const TraceScope trace(call->traceparent);
      absl::StatusOr<Response> answer = Answer<Response>(*call, *request, handler);
      if (answer.ok()) *response = *std::move(answer);
      finish(answer.status());
    });
    if (!taken) finish(identity::error::SignInBusy());
    return reactor;
  }

  // For the transaction of such a call, which waited for its turn: the doorkeeper is asked again.
  identity::Around IfStillLetIn(const rpc::Call& call) const {
    return {.before =
                [this, again = call](store::Transaction& transaction) mutable {
                  return gate_.door().Reconsider(transaction, again);
                },
            .after = {}};
  }

 private:
  template <typename Response, typename Request, typename Handler>
  static absl::StatusOr<Response> Answer(const rpc::Call& call, const Request& request,
                                         const Handler& handler) {
    try {
      return handler(call, request);
    } catch (const std::exception& failure) {
      return absl::InternalError(absl::StrCat(call.method, ": ", failure.what()));
    }
  }

  const rpc::Gate& gate_;
  Workers& workers_;
};

// Who asks, and what makes a repetition of the request the same one: all of it but its password,
// because a hash in the log would let somebody guess that offline. REQUEST_ID_INVALID.
template <typename Request>
absl::StatusOr<store::Origin> OriginWithoutPassword(const rpc::Call& call, Request request) {
  store::Origin origin{
      .actor = call.actor, .request_id = {}, .request_hash = {}, .traceparent = call.traceparent};
  if (request.request_id().empty()) return origin;
  if (!IsUuid(request.request_id())) return rpc::RequestIdInvalid(request.request_id());
  origin.request_id = request.request_id();
  request.clear_password();
  origin.request_hash =
      Sha256(absl::StrCat(call.actor, "\n", call.method, "\n", request.SerializeAsString()));
  return origin;
}

}  // namespace dondoc::registry
