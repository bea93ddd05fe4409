#include "services/kpi/rpc/indicators.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/rpc/page.h"
#include "services/kpi/domain/errors.h"
#include "services/kpi/domain/names.h"
#include "services/kpi/store/indicators.h"

namespace dondoc::kpi {

absl::StatusOr<pb::DefineIndicatorResponse> DefineIndicator(
    Catalog& catalog, store::Transaction& transaction, const pb::DefineIndicatorRequest& request) {
  if (!request.has_indicator()) return error::FieldMissing("indicator");
  ASSIGN_OR_RETURN(Indicator wanted, FromRequest(request.indicator()));
  ASSIGN_OR_RETURN(const Indicator checked, CheckIndicator(std::move(wanted)));
  ASSIGN_OR_RETURN(const Indicator added, AddIndicator(transaction, catalog, checked));
  pb::DefineIndicatorResponse response;
  *response.mutable_indicator() = ToProto(added);
  return response;
}

absl::StatusOr<pb::GetIndicatorResponse> GetIndicator(const rpc::Call&, store::Snapshot& snapshot,
                                                      const pb::GetIndicatorRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, IndicatorId("name", request.name()));
  const SharedEntry entry = ReadIndicator(snapshot.sql(), id);
  if (entry == nullptr) return error::IndicatorNotFound("name", request.name());
  pb::GetIndicatorResponse response;
  *response.mutable_indicator() = ToProto(entry->indicator);
  return response;
}

absl::StatusOr<pb::ListIndicatorsResponse> ListIndicators(
    const rpc::Call&, store::Snapshot& snapshot, const pb::ListIndicatorsRequest& request) {
  ASSIGN_OR_RETURN(const rpc::Page page,
                   rpc::ReadPage(request.page_size(), request.page_token(), ""));
  pb::ListIndicatorsResponse response;
  for (const Indicator& indicator : ListIndicators(snapshot.sql(), page.after, page.size + 1)) {
    if (response.indicators_size() == page.size) {
      const std::string& last = response.indicators(page.size - 1).name();
      response.set_next_page_token(rpc::NextPageToken(last, ""));
      break;
    }
    *response.add_indicators() = ToProto(indicator);
  }
  return response;
}

absl::StatusOr<pb::SetTargetResponse> SetTarget(Catalog& catalog, store::Transaction& transaction,
                                                const pb::SetTargetRequest& request) {
  if (!request.has_target()) return error::FieldMissing("target");
  ASSIGN_OR_RETURN(Target wanted, FromRequest(request.target()));
  ASSIGN_OR_RETURN(const Target checked, CheckTarget(std::move(wanted)));
  ASSIGN_OR_RETURN(const Target put,
                   PutTarget(transaction, catalog, checked, request.target().etag()));
  pb::SetTargetResponse response;
  *response.mutable_target() = ToProto(put);
  return response;
}

absl::StatusOr<pb::ListTargetsResponse> ListTargets(const rpc::Call&, store::Snapshot& snapshot,
                                                    const pb::ListTargetsRequest& request) {
  TargetFilter filter;
  if (!request.parent().empty()) {
    ASSIGN_OR_RETURN(filter.indicator, IndicatorId("parent", request.parent()));
    if (ReadIndicator(snapshot.sql(), filter.indicator) == nullptr) {
      return error::IndicatorNotFound("parent", request.parent());
    }
  }
  if (!request.plan().empty()) {
    ASSIGN_OR_RETURN(filter.plan, PlanId("plan", request.plan()));
  }
  const std::string list = absl::StrCat(filter.indicator, "\n", filter.plan);
  ASSIGN_OR_RETURN(const rpc::Page page,
                   rpc::ReadPage(request.page_size(), request.page_token(), list));
  pb::ListTargetsResponse response;
  for (const Target& target : ListTargets(snapshot.sql(), filter, page.after, page.size + 1)) {
    if (response.targets_size() == page.size) {
      const std::string& last = response.targets(page.size - 1).name();
      response.set_next_page_token(rpc::NextPageToken(last, list));
      break;
    }
    *response.add_targets() = ToProto(target);
  }
  return response;
}

}  // namespace dondoc::kpi
