#include <google/protobuf/struct.pb.h>

#include <functional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dondoc/admin/v1/admin_service.grpc.pb.h"
#include "dondoc/kpi/v1/kpi_admin_service.grpc.pb.h"
#include "dondoc/registry/v1/registry_admin_service.grpc.pb.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "services/cli/admin/admin.h"
#include "services/cli/client/client.h"
#include "services/cli/input/secret.h"
#include "services/cli/render/format.h"
#include "services/cli/render/json.h"
#include "services/cli/render/table.h"

// dondoc-admin at running services.
namespace dondoc::cli::admin {
namespace {

namespace pb = dondoc::admin::v1;
using Stub = pb::AdminService::Stub;

// Walking a long log takes a while, and so does computing every value again.
constexpr absl::Duration kPatience = absl::Minutes(10);

Caller CallerOf(const Options& options, const std::string& service, const std::string& address) {
  return Caller({.service = service,
                 .address = address,
                 .actor = options.actor,
                 .timeout = kPatience,
                 .request_id = {},
                 .tls = options.tls});
}

template <typename Request, typename Response>
absl::StatusOr<Response> Ask(const Options& options, const std::string& service,
                             grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                          Response*),
                             const Request& request) {
  const Caller caller = CallerOf(options, service, options.addresses.at(service));
  return Client<pb::AdminService>(caller).Call(method, request);
}

// Runs `each` for the wanted services, also after one that fails; the first failure is the answer.
absl::Status ForEachService(const Options& options,
                            const std::function<absl::Status(const std::string&)>& each) {
  absl::Status first;
  for (const std::string& service : ServiceNames()) {
    if (!options.service.empty() && options.service != service) continue;
    first.Update(each(service));
  }
  return first;
}

// A password of one use is shown once: beside the answer of a machine, which may end in a log.
absl::Status PrintPassword(const Options& options, const Console& console,
                           const std::string& password) {
  if (password.empty()) return absl::OkStatus();
  if (options.json) {
    console.err << password << '\n';
  } else {
    console.out << "  Mật khẩu dùng một lần (one-time password): " << password << '\n';
  }
  return absl::OkStatus();
}

absl::Status PrintJson(const Console& console, const google::protobuf::Message& message) {
  ASSIGN_OR_RETURN(const std::string line, ToJsonLine(message));
  console.out << line << '\n';
  return absl::OkStatus();
}

Cell Count(int64_t count, Style when_any) {
  return Cell(absl::StrCat(count), count > 0 ? when_any : Style::kPlain);
}

Cell Broker(const pb::GetStatusResponse& status) {
  if (!status.on_duty()) return Cell("○ Dự phòng");
  return status.broker_connected() ? Cell("● Nối được", Style::kGood)
                                   : Cell("✗ Mất kết nối", Style::kBad);
}

void PrintDone(const Console& console, const Sentence& sentence) {
  console.out << Paint(console.out_colour, Style::kGood, "✓") << ' ' << sentence.vi << " ("
              << sentence.en << ")\n";
}

}  // namespace

absl::Status ShowStatus(const Options& options, const Console& console) {
  Table table({{.title = "Dịch vụ"},
               {.title = "Sự kiện", .align = Align::kRight},
               {.title = "Chưa phát", .align = Align::kRight},
               {.title = "Đang chờ", .align = Align::kRight},
               {.title = "Hỏng", .align = Align::kRight},
               {.title = "Chờ ghi", .align = Align::kRight},
               {.title = "NATS"}});
  const absl::Status status = ForEachService(options, [&](const std::string& service) {
    const auto answer = Ask(options, service, &Stub::GetStatus, pb::GetStatusRequest());
    if (!answer.ok()) {
      table.Add({service, "", "", "", "", "", Cell("✗ không trả lời", Style::kBad)});
      return answer.status();
    }
    if (options.json) return PrintJson(console, *answer);
    table.Add({service, absl::StrCat(answer->log().sequence()),
               Count(answer->unpublished_events(), Style::kWarning),
               Count(answer->parked_events(), Style::kWarning),
               Count(answer->dead_letters(), Style::kBad),
               Count(answer->waiting_writes(), Style::kPlain), Broker(*answer)});
    return absl::OkStatus();
  });
  if (!options.json) table.Print(console);
  return status;
}

absl::Status ShowSchema(const Options& options, const Console& console) {
  Table table({{.title = "Dịch vụ"},
               {.title = "Phần"},
               {.title = "Bước", .align = Align::kRight},
               {.title = "SHA-256", .width_min = 12}});
  const absl::Status status =
      ForEachService(options, [&](const std::string& service) -> absl::Status {
        ASSIGN_OR_RETURN(const auto answer,
                         Ask(options, service, &Stub::GetStatus, pb::GetStatusRequest()));
        if (options.json) return PrintJson(console, answer);
        for (const pb::SchemaStep& step : answer.schema()) {
          table.Add({service, step.component(), absl::StrCat(step.number()), step.sha256()});
        }
        return absl::OkStatus();
      });
  if (!options.json) table.Print(console);
  return status;
}

absl::Status ListDeadLetters(const Options& options, const Console& console) {
  Table table({{.title = "Dịch vụ"},
               {.title = "Mã sự kiện"},
               {.title = "Nguồn"},
               {.title = "Đối tượng", .width_min = 12},
               {.title = "Lần", .align = Align::kRight},
               {.title = "Lý do", .width_min = 20, .lines_max = 3}});
  const absl::Status status =
      ForEachService(options, [&](const std::string& service) -> absl::Status {
        ASSIGN_OR_RETURN(const auto answer, Ask(options, service, &Stub::ListDeadLetters,
                                                pb::ListDeadLettersRequest()));
        if (options.json) return PrintJson(console, answer);
        for (const pb::DeadLetter& letter : answer.dead_letters()) {
          table.Add({service, letter.event_id(), letter.source(),
                     absl::StrCat(letter.name(), "@", letter.version()),
                     absl::StrCat(letter.attempts()), letter.reason()});
        }
        return absl::OkStatus();
      });
  if (options.json) return status;
  if (status.ok() && table.empty()) {
    console.out << "Không có sự kiện hỏng. (no dead letters)\n";
  } else {
    table.Print(console);
  }
  return status;
}

absl::Status ShowDeadLetter(const Options& options, const Console& console) {
  pb::GetDeadLetterRequest request;
  request.set_event_id(options.event_id);
  ASSIGN_OR_RETURN(const auto answer, Ask(options, options.service, &Stub::GetDeadLetter, request));
  if (options.json) return PrintJson(console, answer);
  const pb::DeadLetter& letter = answer.dead_letter();
  Facts facts;
  facts.Add("Mã (id)", letter.event_id());
  facts.Add("Loại (type)", letter.type());
  facts.Add("Nguồn (source)", letter.source());
  facts.Add("Đối tượng (name)", absl::StrCat(letter.name(), "@", letter.version()));
  facts.Add("Người làm (actor)", letter.actor());
  facts.Add("Xảy ra (happened)", ShowInstant(letter.event_time()));
  facts.Add("Bỏ cuộc (given up)", ShowInstant(letter.buried_time()));
  facts.Add("Số lần thử (attempts)", absl::StrCat(letter.attempts()));
  facts.Add("Lý do (reason)", letter.reason());
  facts.Add("Nội dung (payload)",
            absl::StrCat(letter.schema(), ", ", letter.payload().size(), " byte"));
  facts.Print(console);
  return absl::OkStatus();
}

absl::Status RedriveDeadLetters(const Options& options, const Console& console) {
  std::vector<std::string> ids;
  if (options.all_letters) {
    ASSIGN_OR_RETURN(const auto list, Ask(options, options.service, &Stub::ListDeadLetters,
                                          pb::ListDeadLettersRequest()));
    for (const pb::DeadLetter& letter : list.dead_letters()) {
      // What was no event has nothing to try again.
      if (letter.version() > 0) ids.push_back(letter.event_id());
    }
  } else {
    ids.push_back(options.event_id);
  }
  for (const std::string& id : ids) {
    pb::RedriveDeadLetterRequest request;
    request.set_event_id(id);
    RETURN_IF_ERROR(Ask(options, options.service, &Stub::RedriveDeadLetter, request).status());
  }
  if (options.json) {
    pb::ListDeadLettersResponse redriven;
    for (const std::string& id : ids) redriven.add_dead_letters()->set_event_id(id);
    return PrintJson(console, redriven);
  }
  PrintDone(console,
            {.vi = absl::StrCat("Đang thử lại ", ids.size(), " sự kiện; xem lại sau ít giây"),
             .en = "being tried again; look at the list in a few seconds"});
  return absl::OkStatus();
}

absl::Status Republish(const Options& options, const Console& console) {
  pb::RepublishEventsRequest request;
  request.set_from_sequence(options.from_sequence);
  ASSIGN_OR_RETURN(const auto answer,
                   Ask(options, options.service, &Stub::RepublishEvents, request));
  if (options.json) return PrintJson(console, answer);
  PrintDone(console, {.vi = absl::StrCat(options.service, " phát lại sự kiện ",
                                         options.from_sequence, " đến ", answer.to_sequence()),
                      .en = "being published again"});
  return absl::OkStatus();
}

absl::Status RebuildCache(const Options& options, const Console& console) {
  namespace kpi = dondoc::kpi::v1;
  const Caller caller = CallerOf(options, "kpi", options.addresses.at("kpi"));
  ASSIGN_OR_RETURN(const auto answer,
                   Client<kpi::KpiAdminService>(caller).Call(
                       &kpi::KpiAdminService::Stub::RebuildCache, kpi::RebuildCacheRequest()));
  if (options.json) return PrintJson(console, answer);
  PrintDone(console, {.vi = "Đã tính lại và ghi lại mọi giá trị",
                      .en = "every value was computed and written anew"});
  return absl::OkStatus();
}

absl::Status GiveFirstOffice(const Options& options, const Console& console) {
  namespace registry = dondoc::registry::v1;
  const bool account_alone = !absl::StrContains(options.principal, ':');
  registry::GiveFirstOfficeRequest request;
  request.set_principal(account_alone ? absl::StrCat("account:", options.principal)
                                      : options.principal);
  // A name alone is an account that is made on the spot.
  if (account_alone) request.set_password(NewOneTimePassword());
  request.set_display_name(options.display_name);
  const Caller caller = CallerOf(options, "registry", options.addresses.at("registry"));
  ASSIGN_OR_RETURN(const auto answer,
                   Client<registry::RegistryAdminService>(caller).Call(
                       &registry::RegistryAdminService::Stub::GiveFirstOffice, request));
  if (options.json) {
    RETURN_IF_ERROR(PrintJson(console, answer));
  } else {
    PrintDone(console,
              {.vi = absl::StrCat(answer.grant().principal(), " là Văn phòng toàn cơ quan"),
               .en = "is Office for the whole register"});
  }
  return PrintPassword(options, console, request.password());
}

absl::Status RecoverAccount(const Options& options, const Console& console) {
  namespace registry = dondoc::registry::v1;
  registry::RecoverAccountRequest request;
  request.set_name(absl::StrCat("accounts/", options.principal));
  request.set_password(NewOneTimePassword());
  const Caller caller = CallerOf(options, "registry", options.addresses.at("registry"));
  ASSIGN_OR_RETURN(const auto answer,
                   Client<registry::RegistryAdminService>(caller).Call(
                       &registry::RegistryAdminService::Stub::RecoverAccount, request));
  if (options.json) {
    RETURN_IF_ERROR(PrintJson(console, answer));
  } else {
    PrintDone(console, {.vi = absl::StrCat("Đã đặt lại mật khẩu của ", options.principal),
                        .en = "password reset, sessions ended"});
  }
  return PrintPassword(options, console, request.password());
}

absl::Status VerifyLogs(const Options& options, const Console& console) {
  return ForEachService(options, [&](const std::string& service) -> absl::Status {
    ASSIGN_OR_RETURN(const auto answer,
                     Ask(options, service, &Stub::VerifyLog, pb::VerifyLogRequest()));
    if (options.json) return PrintJson(console, answer);
    PrintDone(console,
              {.vi = absl::StrCat(service, ": ", answer.log().sequence(), " sự kiện nguyên vẹn"),
               .en = absl::StrCat("intact, ", answer.log().hash())});
    return absl::OkStatus();
  });
}

}  // namespace dondoc::cli::admin
