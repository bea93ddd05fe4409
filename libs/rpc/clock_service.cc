#include "libs/rpc/clock_service.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "libs/rpc/status.h"

namespace dondoc::rpc {

grpc::ServerUnaryReactor* ClockService::GetClock(grpc::CallbackServerContext* context,
                                                 const common::v1::GetClockRequest* request,
                                                 common::v1::GetClockResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  Call call = door_.Receive(*context, *request);
  const absl::Status entered = door_.EnterPublic(*context, request->ByteSizeLong(), call);
  if (!entered.ok()) {
    reactor->Finish(ToGrpc(entered));
    return reactor;
  }
  const absl::Time now = clock_.Now();
  const int64_t seconds = absl::ToUnixSeconds(now);
  response->set_simulation(clock_.Label());
  response->mutable_time()->set_seconds(seconds);
  response->mutable_time()->set_nanos(
      static_cast<int32_t>((now - absl::FromUnixSeconds(seconds)) / absl::Nanoseconds(1)));
  response->set_date(absl::FormatCivilTime(DateOf(now)));
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

}  // namespace dondoc::rpc
