#include "services/kpi/rpc/kpi_admin_service.h"

#include <utility>

#include "libs/store/errors.h"

namespace dondoc::kpi {

KpiAdminService::KpiAdminService(store::Database& database, Recomputer& recomputer,
                                 std::function<bool()> on_duty, const rpc::Observer& observer,
                                 const rpc::Doorkeeper& door)
    : recomputer_(recomputer), on_duty_(std::move(on_duty)), gate_(database, observer, door) {}

grpc::ServerUnaryReactor* KpiAdminService::RebuildCache(grpc::CallbackServerContext* context,
                                                        const pb::RebuildCacheRequest* request,
                                                        pb::RebuildCacheResponse* response) {
  return recomputer_.Answer(gate_, context, *request, response, [this] {
    return on_duty_() ? absl::OkStatus() : store::error::NotOnDuty();
  });
}

}  // namespace dondoc::kpi
