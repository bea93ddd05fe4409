// The line that closes a month.

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/cli/year/player.h"

namespace dondoc::cli::year {
namespace {

namespace registry_pb = ::dondoc::registry::v1;
namespace inspection_pb = ::dondoc::inspection::v1;
namespace notification_pb = ::dondoc::notification::v1;

// A service that is down just then leaves its part of the line as a dash.
template <typename Answer, typename Format>
std::string Part(const absl::StatusOr<Answer>& answer, Format format) {
  return answer.ok() ? format(*answer) : "–";
}

}  // namespace

void Player::PrintMonth(absl::CivilDay first_of_next) {
  const Apis& office = actors_.As(script_.office_actor);
  registry_pb::GetPlanSummaryRequest summary;
  summary.set_name(absl::StrCat("plans/", script_.plan));
  inspection_pb::GetCoverageRequest coverage;
  coverage.set_year(options_.year);
  const std::string work =
      Part(office.registry.Call(&registry_pb::RegistryService::Stub::GetPlanSummary, summary),
           [](const registry_pb::GetPlanSummaryResponse& answer) {
             const registry_pb::Tally& plan = answer.plan();
             return absl::StrFormat(
                 "xong đúng hạn %d, xong trễ %d, chờ xác nhận %d, trong hạn %d, quá hạn %d",
                 plan.done_in_time(), plan.done_late(), plan.waiting(), plan.open_in_time(),
                 plan.open_overdue());
           });
  const std::string inspected =
      Part(office.inspection.Call(&inspection_pb::InspectionService::Stub::GetCoverage, coverage),
           [](const inspection_pb::GetCoverageResponse& answer) {
             return absl::StrFormat("%d/%d", answer.coverage().concluded_count(),
                                    answer.coverage().required_count());
           });
  const std::string told =
      Part(office.notification.Call(&notification_pb::NotificationService::Stub::CountNotices,
                                    notification_pb::CountNoticesRequest()),
           [](const notification_pb::CountNoticesResponse& answer) {
             int64_t sent = 0;
             for (const auto& count : answer.counts()) {
               if (count.state() == notification_pb::NOTICE_STATE_SENT) sent += count.count();
             }
             return absl::StrFormat("%d", sent);
           });
  const absl::CivilDay last = first_of_next - 1;
  out_ << absl::StrFormat("Tháng %02d/%d  việc: %s · kiểm tra %s · thông báo %s\n", last.month(),
                          last.year(), work, inspected, told);
  if (refused_ > 0) out_ << absl::StrFormat("               %d lệnh bị từ chối\n", refused_);
  out_ << std::flush;
  calls_ = 0;
  refused_ = 0;
}

}  // namespace dondoc::cli::year
