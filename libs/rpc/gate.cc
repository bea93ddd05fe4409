#include "libs/rpc/gate.h"

#include <algorithm>

#include "absl/strings/strip.h"
#include "libs/rpc/metadata.h"
#include "libs/rpc/trace.h"

namespace dondoc::rpc {
namespace {

// Longer than any honest name, also when each of its bytes is written as three (metadata.h).
constexpr size_t kActorBytesMax = 1023;

std::string MetadataOf(const grpc::CallbackServerContext& context, const char* key) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find(key);
  if (found == metadata.end()) return "";
  return std::string(found->second.data(), std::min(found->second.size(), kActorBytesMax));
}

}  // namespace

Call Gate::CallOf(const grpc::CallbackServerContext& context, absl::string_view request_type) {
  Call call{.method = std::string(absl::StripSuffix(request_type, "Request")),
            .actor = FromMetadata(MetadataOf(context, "dondoc-actor")),
            .traceparent = TraceparentOf(context)};
  if (call.actor.empty()) call.actor = "anonymous";
  return call;
}

}  // namespace dondoc::rpc
