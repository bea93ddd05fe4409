#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/service_type.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "libs/rpc/doorkeeper.h"
#include "libs/rpc/observe.h"

namespace dondoc::rpc {

// Stands before a service of the callback API and answers, for each method that takes one request,
// a request that cannot be read or carries too much that nobody knows: with the reason and the
// sentence of message_check.h. By itself gRPC answers UNIMPLEMENTED and not a word, before any of
// our code has run. What can be read goes to the service as if nobody stood here. What is longer
// than the method's row allows is refused unread, and why something cannot be read is looked at
// only as often as its source may ask (Doorkeeper::kUnprovenPerMinute).
//
// It is registered with the server in the service's place. Borrows the service
// and the doorkeeper, who tells what may be said of such a call.
class MessageGuard final : public grpc::Service {
 public:
  // `name` is the full name of the service: "dondoc.kpi.v1.KpiService". INTERNAL when no such
  // service is linked into the program.
  static absl::StatusOr<std::unique_ptr<MessageGuard>> Before(
      grpc::Service& service, absl::string_view name, const Observer& observer,
      const Doorkeeper& door = Doorkeeper::Open());

 private:
  MessageGuard() = default;
  // gRPC keeps pointers to these.
  std::vector<std::unique_ptr<const std::string>> paths_;
};

// Reads a message of a stream that takes raw messages, and refuses it in the same way. Takes the
// bytes.
absl::Status ReadMessage(grpc::ByteBuffer& bytes, google::protobuf::Message& message);

}  // namespace dondoc::rpc
