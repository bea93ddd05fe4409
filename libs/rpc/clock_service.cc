#include "libs/rpc/clock_service.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace dondoc::rpc {

grpc::ServerUnaryReactor* ClockService::GetClock(grpc::CallbackServerContext* context,
                                                 const common::v1::GetClockRequest*,
                                                 common::v1::GetClockResponse* response) {
  const absl::Time now = clock_.Now();
  const int64_t seconds = absl::ToUnixSeconds(now);
  response->set_simulation(clock_.Label());
  response->mutable_time()->set_seconds(seconds);
  response->mutable_time()->set_nanos(
      static_cast<int32_t>((now - absl::FromUnixSeconds(seconds)) / absl::Nanoseconds(1)));
  response->set_date(absl::FormatCivilTime(DateOf(now)));
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

}  // namespace dondoc::rpc
