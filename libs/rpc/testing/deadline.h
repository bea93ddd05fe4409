#pragma once

#include <grpcpp/client_context.h>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace dondoc::testing {

// Ends a call that is not answered: a test that would hang fails. Long enough for a busy machine.
inline constexpr absl::Duration kTestPatience = absl::Seconds(30);
inline void GiveUpLate(grpc::ClientContext& context) {
  context.set_deadline(absl::ToChronoTime(absl::Now() + kTestPatience));
}

}  // namespace dondoc::testing
