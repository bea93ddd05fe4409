#pragma once

#include <grpcpp/grpcpp.h>

#include "dondoc/common/v1/clock_service.grpc.pb.h"
#include "libs/base/clock.h"
#include "libs/rpc/doorkeeper.h"

namespace dondoc::rpc {

// Tells callers what time the server goes by. The same in every server, so the server has it by
// itself. Borrows both.
class ClockService final : public common::v1::ClockService::CallbackService {
 public:
  explicit ClockService(const Clock& clock, const Doorkeeper& door = Doorkeeper::Open())
      : clock_(clock), door_(door) {}

  grpc::ServerUnaryReactor* GetClock(grpc::CallbackServerContext* context,
                                     const common::v1::GetClockRequest* request,
                                     common::v1::GetClockResponse* response) override;

 private:
  const Clock& clock_;
  const Doorkeeper& door_;
};

}  // namespace dondoc::rpc
