#pragma once

#include <grpcpp/grpcpp.h>

#include "dondoc/common/v1/clock_service.grpc.pb.h"
#include "libs/base/clock.h"

namespace dondoc::rpc {

// Tells callers what time the server goes by. The same in every server, so the server has it by
// itself. Borrows the clock.
class ClockService final : public common::v1::ClockService::CallbackService {
 public:
  explicit ClockService(const Clock& clock) : clock_(clock) {}

  grpc::ServerUnaryReactor* GetClock(grpc::CallbackServerContext* context,
                                     const common::v1::GetClockRequest* request,
                                     common::v1::GetClockResponse* response) override;

 private:
  const Clock& clock_;
};

}  // namespace dondoc::rpc
