#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "dondoc/inspection/v1/events.pb.h"
#include "dondoc/inspection/v1/inspection_service.grpc.pb.h"
#include "dondoc/kpi/v1/events.pb.h"
#include "dondoc/kpi/v1/kpi_service.grpc.pb.h"
#include "dondoc/notification/v1/events.pb.h"
#include "dondoc/notification/v1/notification_service.grpc.pb.h"
#include "dondoc/registry/v1/events.pb.h"
#include "dondoc/registry/v1/registry_service.grpc.pb.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/client.h"
#include "services/cli/commands/commands.h"
#include "services/cli/render/format.h"
#include "services/cli/render/json.h"

// dondoc watch: one service's log of events, as it grows.
namespace dondoc::cli {
namespace {

enum class Service { kRegistry, kKpi, kInspection, kNotification };

struct WatchOptions {
  Service service = Service::kRegistry;
  int64_t from = 0;
  int64_t limit = 0;
};

// The payload of a change is an Any. It prints as JSON only when its message is in this program,
// and a linker leaves out what nobody names.
void KeepEventMessages() {
  registry::v1::UnitChanged::descriptor();
  kpi::v1::IndicatorChanged::descriptor();
  inspection::v1::ProgrammeChanged::descriptor();
  notification::v1::NoticeChanged::descriptor();
}

// Prints what was received; a payload of a newer service is left out, and that is said.
template <typename Response>
absl::Status PrintJsonLine(const Console& console, Response response) {
  absl::StatusOr<std::string> json = ToJsonLine(response);
  if (!json.ok()) {
    console.err << "▲ Không hiểu nội dung sự kiện " << response.change().sequence() << " ("
                << response.change().payload().type_url()
                << "); hãy cập nhật dondoc. (unknown payload; update dondoc)\n";
    response.mutable_change()->clear_payload();
    json = ToJsonLine(response);
  }
  if (json.ok()) console.out << *json << std::endl;
  return json.status();
}

// Lines come one by one, so the columns have fixed widths; what is longer pushes the rest on.
void PrintLine(const Console& console, const common::v1::Change& change) {
  const std::string type(absl::StripPrefix(change.type(), "dondoc."));
  console.out << Paint(console.out_colour, Style::kFaint,
                       Pad(absl::StrCat(change.sequence()), 7, Align::kRight))
              << "  " << ShowInstant(change.time()) << "  "
              << Paint(console.out_colour, Style::kNotice, Pad(Visible(type), 34, Align::kLeft))
              << "  " << Pad(Visible(change.actor()), 12, Align::kLeft) << "  "
              << Visible(ShortName(change.name()))
              << Paint(console.out_colour, Style::kFaint, absl::StrCat("  v", change.version()))
              << std::endl;
}

template <typename Api, typename Request, typename Response>
absl::Status Watch(Session& session, const WatchOptions& options, const Caller& caller) {
  const Client<Api> client(caller);
  int64_t next = options.from;
  int64_t seen = 0;
  absl::Status printed;
  const auto request = [&next] {
    Request from;
    from.set_from_sequence(next);
    return from;
  };
  const auto take = [&](const Response& response) {
    next = response.change().sequence() + 1;
    if (session.json()) {
      printed = PrintJsonLine(session.console(), response);
    } else {
      PrintLine(session.console(), response.change());
    }
    return printed.ok() && ++seen != options.limit;
  };
  const absl::Status ended =
      client.template Follow<Request, Response>(&Api::Stub::WatchChanges, request, take);
  if (!ended.ok() && !session.json()) {
    session.console().err << "Tiếp tục bằng (resume with): --from " << next << '\n';
  }
  return ended.ok() ? printed : ended;
}

absl::Status WatchService(Session& session, const WatchOptions& options) {
  KeepEventMessages();
  switch (options.service) {
    case Service::kRegistry:
      return Watch<registry::v1::RegistryService, registry::v1::WatchChangesRequest,
                   registry::v1::WatchChangesResponse>(session, options, session.registry());
    case Service::kKpi:
      return Watch<kpi::v1::KpiService, kpi::v1::WatchChangesRequest,
                   kpi::v1::WatchChangesResponse>(session, options, session.kpi());
    case Service::kInspection:
      return Watch<inspection::v1::InspectionService, inspection::v1::WatchChangesRequest,
                   inspection::v1::WatchChangesResponse>(session, options, session.inspection());
    case Service::kNotification:
      return Watch<notification::v1::NotificationService, notification::v1::WatchChangesRequest,
                   notification::v1::WatchChangesResponse>(session, options,
                                                           session.notification());
  }
  return absl::InternalError("unknown service");
}

void Declare(CLI::App& cli, WatchOptions& options) {
  AddWord(cli, "service", Help("Dịch vụ", "the service"),
          {.words = {{"registry", 0}, {"kpi", 1}, {"inspection", 2}, {"notification", 3}},
           .take = [&options](int word) { options.service = static_cast<Service>(word); }})
      ->required();
  cli.add_option("--from", options.from, Help("Từ sự kiện số, kể cả nó", "from this sequence"));
  cli.add_option("--limit", options.limit, Help("Dừng sau số sự kiện này", "end after so many"));
}

}  // namespace

void AddWatchCommand(Tree& tree) {
  AddExample(tree.Verb<WatchOptions>(
                 tree.root(), "watch",
                 {.vi = "Theo dõi mọi thay đổi của một dịch vụ", .en = "a service's log of events"},
                 Declare, WatchService),
             "dondoc watch registry --from 100 --json");
}

}  // namespace dondoc::cli
