#include <google/protobuf/struct.pb.h>

#include <array>
#include <future>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "dondoc/common/v1/clock_service.grpc.pb.h"
#include "dondoc/notification/v1/notification_service.grpc.pb.h"
#include "dondoc/registry/v1/registry_service.grpc.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/client.h"
#include "services/cli/commands/commands.h"
#include "services/cli/render/format.h"

// dondoc status: is everything there, and what is in it.
namespace dondoc::cli {
namespace {

namespace health = grpc::health::v1;

struct NoOptions {};

struct Health {
  std::string service;
  std::string address;
  bool serving = false;
  // What stands in the way; empty when it serves.
  std::string problem = {};
  absl::Duration took = absl::ZeroDuration();
  // What time it goes by.
  common::v1::GetClockResponse clock = {};
  // What is in it, in words.
  std::string content = {};
};

// Safe on any thread: it uses nothing but its caller, which no other thread uses.
Health Check(const Caller& caller) {
  Health result{.service = caller.options().service, .address = caller.options().address};
  const absl::Time start = absl::Now();
  const auto response = Client<health::Health>(caller).Call(&health::Health::Stub::Check,
                                                            health::HealthCheckRequest());
  result.took = absl::Now() - start;
  result.serving = response.ok() && response->status() == health::HealthCheckResponse::SERVING;
  if (result.serving) {
    using Clock = common::v1::ClockService;
    const auto clock =
        Client<Clock>(caller).Call(&Clock::Stub::GetClock, common::v1::GetClockRequest());
    if (clock.ok()) result.clock = *clock;
  }
  if (!response.ok()) {
    result.problem = ReasonOf(response.status()) == "SERVICE_UNREACHABLE"
                         ? "không kết nối được (cannot connect)"
                         : std::string(response.status().message());
  } else if (!result.serving) {
    result.problem = health::HealthCheckResponse::ServingStatus_Name(response->status());
  }
  return result;
}

// "cchc-2023: 46 nhiệm vụ, 212 phân công".
std::string RegistryContent(const Caller& caller) {
  namespace pb = registry::v1;
  const Client<pb::RegistryService> client(caller);
  const auto plans = client.ListAll(&pb::RegistryService::Stub::ListPlans, pb::ListPlansRequest());
  const auto units = client.ListAll(&pb::RegistryService::Stub::ListUnits, pb::ListUnitsRequest());
  if (!plans.ok() || !units.ok()) return "";
  return absl::StrCat(units->units_size(), " đơn vị; ",
                      absl::StrJoin(plans->plans(), "; ",
                                    [](std::string* out, const pb::Plan& plan) {
                                      absl::StrAppend(out, ShortName(plan.name()), ": ",
                                                      plan.task_count(), " nhiệm vụ");
                                    }),
                      plans->plans().empty() ? "chưa có kế hoạch" : "");
}

std::string NotificationContent(const Caller& caller) {
  namespace pb = notification::v1;
  const auto counts = Client<pb::NotificationService>(caller).Call(
      &pb::NotificationService::Stub::CountNotices, pb::CountNoticesRequest());
  if (!counts.ok()) return "";
  int64_t total = 0;
  for (const pb::NoticeCount& count : counts->counts()) total += count.count();
  return absl::StrCat(total, " thông báo");
}

// "thật 22/11/2026 16:10", "mô phỏng x250000 20/01/2024 09:00".
Cell ClockWords(const common::v1::GetClockResponse& clock) {
  if (!clock.has_time()) return "";
  const std::string time = ShowInstant(clock.time());
  if (clock.simulation().empty()) return Cell(absl::StrCat("thật ", time));
  return Cell(
      absl::StrCat("mô phỏng ", absl::StripPrefix(clock.simulation(), "simulated "), " ", time),
      Style::kWarning);
}

google::protobuf::Struct ToStruct(const std::array<Health, 4>& services) {
  google::protobuf::Struct document;
  auto& list = *(*document.mutable_fields())["services"].mutable_list_value();
  for (const Health& one : services) {
    auto& fields = *list.add_values()->mutable_struct_value()->mutable_fields();
    fields["name"].set_string_value(one.service);
    fields["address"].set_string_value(one.address);
    fields["serving"].set_bool_value(one.serving);
    fields["problem"].set_string_value(one.problem);
    fields["simulation"].set_string_value(one.clock.simulation());
    fields["date"].set_string_value(one.clock.date());
    fields["milliseconds"].set_number_value(
        static_cast<double>(absl::ToInt64Milliseconds(one.took)));
  }
  return document;
}

void PrintTable(const Console& console, const std::array<Health, 4>& services) {
  Table table({{.title = "Dịch vụ"},
               {.title = "Địa chỉ"},
               {.title = "Trạng thái"},
               {.title = "Trả lời", .align = Align::kRight},
               {.title = "Đồng hồ", .width_min = 16, .lines_max = 2},
               {.title = "Ghi chú", .width_min = 16, .lines_max = 4}});
  for (const Health& one : services) {
    table.Add({one.service, one.address,
               one.serving ? Cell("● Hoạt động", Style::kGood) : Cell("✗ Không", Style::kBad),
               one.serving ? absl::StrCat(absl::ToInt64Milliseconds(one.took), " ms") : "",
               ClockWords(one.clock),
               one.serving ? Cell(one.content) : Cell(one.problem, Style::kWarning)});
  }
  table.Print(console);
}

absl::Status ShowStatus(Session& session, const NoOptions&) {
  const std::array<const Caller*, 4> callers = {&session.registry(), &session.kpi(),
                                                &session.inspection(), &session.notification()};
  std::array<std::future<Health>, 4> checks;
  for (size_t i = 0; i < callers.size(); ++i) {
    checks[i] = std::async(std::launch::async, [caller = callers[i]] { return Check(*caller); });
  }
  std::array<Health, 4> services;
  int away = 0;
  for (size_t i = 0; i < callers.size(); ++i) {
    services[i] = checks[i].get();
    if (!services[i].serving) ++away;
  }
  if (session.json()) {
    RETURN_IF_ERROR(session.PrintJson(ToStruct(services)));
  } else {
    if (services[0].serving) services[0].content = RegistryContent(*callers[0]);
    if (services[3].serving) services[3].content = NotificationContent(*callers[3]);
    PrintTable(session.console(), services);
  }
  if (away == 0) return absl::OkStatus();
  return Refuse(absl::StatusCode::kUnavailable, "SERVICES_AWAY",
                {.vi = absl::StrCat(away,
                                    " trong 4 dịch vụ không hoạt động; xem nhật ký của chúng, "
                                    "hoặc địa chỉ ở --registry, --kpi, …"),
                 .en = "some services are away; see their logs, or the addresses given"});
}

}  // namespace

void AddStatusCommand(Tree& tree) {
  tree.Verb<NoOptions>(
      tree.root(), "status",
      {.vi = "Các dịch vụ có hoạt động không", .en = "health of the services"},
      [](CLI::App&, NoOptions&) {}, ShowStatus);
}

}  // namespace dondoc::cli
