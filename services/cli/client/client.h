#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/caller.h"

namespace dondoc::cli {

// The typed face of a Caller: Client<RegistryService>(session.registry()).Call(&Stub::GetTask,
// request). Borrows the caller.
template <typename Api>
class Client {
 public:
  using Stub = typename Api::Stub;

  explicit Client(const Caller& caller) : caller_(caller), stub_(Api::NewStub(caller.channel())) {}

  // One call. A request that has a request_id gets one, the same for every try.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                Request request) const {
    if constexpr (requires { request.set_request_id(std::string()); }) {
      request.set_request_id(caller_.RequestId());
    }
    Response response;
    RETURN_IF_ERROR(caller_.Invoke([&](grpc::ClientContext& context) {
      response.Clear();
      return (stub_.get()->*method)(&context, request, &response);
    }));
    return response;
  }

  // Follows all pages of a list and answers them as one response without a page token.
  template <typename Request, typename Response>
  absl::StatusOr<Response> ListAll(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                const Request&, Response*),
                                   Request request) const {
    request.set_page_size(kPageSize);
    Response all;
    while (true) {
      ASSIGN_OR_RETURN(const Response page, Call(method, request));
      all.MergeFrom(page);
      if (page.next_page_token().empty()) break;
      if (page.next_page_token() == request.page_token()) {
        return absl::InternalError("Danh sách không kết thúc. (the list does not end)");
      }
      request.set_page_token(page.next_page_token());
    }
    all.clear_next_page_token();
    return all;
  }

  // Reads a stream that goes on, across restarts of the service: `next_request` says where to go
  // on, `take` gets each message and answers whether it wants more.
  template <typename Request, typename Response>
  absl::Status Follow(std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(
                          grpc::ClientContext*, const Request&),
                      const std::function<Request()>& next_request,
                      const std::function<bool(const Response&)>& take) const {
    return caller_.Follow([&](grpc::ClientContext& context, bool& received) {
      const auto reader = (stub_.get()->*method)(&context, next_request());
      Response response;
      while (reader->Read(&response)) {
        received = true;
        if (take(response)) continue;
        context.TryCancel();
        reader->Finish();
        return grpc::Status::OK;
      }
      return reader->Finish();
    });
  }

  const Caller& caller() const { return caller_; }
  Stub& stub() const { return *stub_; }

 private:
  // The most that a service answers at once.
  static constexpr int kPageSize = 1'000;

  const Caller& caller_;
  std::unique_ptr<Stub> stub_;
};

}  // namespace dondoc::cli
