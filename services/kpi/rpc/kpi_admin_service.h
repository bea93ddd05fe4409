#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>

#include "dondoc/kpi/v1/kpi_admin_service.grpc.pb.h"
#include "libs/rpc/gate.h"
#include "libs/rpc/observe.h"
#include "libs/store/database.h"
#include "services/kpi/rpc/recompute.h"

namespace dondoc::kpi {

// What the operators of kpi may beside what all operators may. Thread-safe.
class KpiAdminService final : public pb::KpiAdminService::CallbackService {
 public:
  // Borrows database, recomputer and door, which is that of the operators. `on_duty` says whether
  // this replica writes Redis.
  KpiAdminService(store::Database& database, Recomputer& recomputer, std::function<bool()> on_duty,
                  const rpc::Observer& observer = rpc::LogRefusal,
                  const rpc::Doorkeeper& door = rpc::Doorkeeper::Open());

  grpc::ServerUnaryReactor* RebuildCache(grpc::CallbackServerContext* context,
                                         const pb::RebuildCacheRequest* request,
                                         pb::RebuildCacheResponse* response) override;

 private:
  Recomputer& recomputer_;
  const std::function<bool()> on_duty_;
  rpc::Gate gate_;
};

}  // namespace dondoc::kpi
