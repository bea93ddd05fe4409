#include "libs/rpc/trace.h"

#include <iterator>

#include "absl/strings/string_view.h"
#include "libs/base/trace.h"

namespace dondoc::rpc {

std::string TraceparentOf(const grpc::CallbackServerContext& context) {
  const auto [begin, end] = context.client_metadata().equal_range(kTraceparent);
  // With two of them nobody knows which trace is meant (W3C Trace Context, 3.2.2).
  if (begin == end || std::next(begin) != end) return NewTrace();
  return ContinueTrace(absl::string_view(begin->second.data(), begin->second.size()));
}

}  // namespace dondoc::rpc
