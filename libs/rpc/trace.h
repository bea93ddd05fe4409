#pragma once

#include <grpcpp/grpcpp.h>

#include <string>

namespace dondoc::rpc {

// What a caller's traceparent is called in the metadata.
inline constexpr char kTraceparent[] = "traceparent";

// Our part in the trace of whoever calls (libs/base/trace.h); a new trace where the caller sent
// none, two, or something else.
std::string TraceparentOf(const grpc::CallbackServerContext& context);

}  // namespace dondoc::rpc
