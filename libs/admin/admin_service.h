#pragma once

#include <grpcpp/grpcpp.h>

#include <string>
#include <utility>

#include "dondoc/admin/v1/admin_service.grpc.pb.h"
#include "libs/bus/bus.h"
#include "libs/rpc/gate.h"
#include "libs/rpc/observe.h"
#include "libs/store/database.h"

namespace dondoc::admin {

namespace pb = v1;

// The gRPC face of what every service can tell and do for its operators. What it does is written to
// the log of the process with the name of who asked. Thread-safe.
class AdminService final : public pb::AdminService::CallbackService {
 public:
  // Borrows the database and the bus; the service borrows the doorkeeper.
  struct Parts {
    std::string service;
    store::Database& database;
    bus::Bus& bus;
  };

  explicit AdminService(Parts parts, rpc::Observer observer = rpc::LogRefusal,
                        const rpc::Doorkeeper& door = rpc::Doorkeeper::Open())
      : parts_(std::move(parts)), gate_(parts_.database, std::move(observer), door) {}

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const pb::GetStatusRequest* request,
                                      pb::GetStatusResponse* response) override;
  grpc::ServerUnaryReactor* ListDeadLetters(grpc::CallbackServerContext* context,
                                            const pb::ListDeadLettersRequest* request,
                                            pb::ListDeadLettersResponse* response) override;
  grpc::ServerUnaryReactor* GetDeadLetter(grpc::CallbackServerContext* context,
                                          const pb::GetDeadLetterRequest* request,
                                          pb::GetDeadLetterResponse* response) override;
  grpc::ServerUnaryReactor* RedriveDeadLetter(grpc::CallbackServerContext* context,
                                              const pb::RedriveDeadLetterRequest* request,
                                              pb::RedriveDeadLetterResponse* response) override;
  grpc::ServerUnaryReactor* RepublishEvents(grpc::CallbackServerContext* context,
                                            const pb::RepublishEventsRequest* request,
                                            pb::RepublishEventsResponse* response) override;
  grpc::ServerUnaryReactor* VerifyLog(grpc::CallbackServerContext* context,
                                      const pb::VerifyLogRequest* request,
                                      pb::VerifyLogResponse* response) override;

 private:
  const Parts parts_;
  rpc::Gate gate_;
};

}  // namespace dondoc::admin
