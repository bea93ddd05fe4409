#include "libs/process/operations.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/admin/admin_service.h"
#include "libs/base/status_macros.h"
#include "libs/log/log.h"
#include "libs/process/certificates.h"
#include "libs/process/disk.h"
#include "libs/process/health.h"
#include "libs/process/probe.h"
#include "libs/process/self_probe.h"

namespace dondoc::process {

store::Duty::Work WorkOf(bus::Bus& bus) {
  return {.begin =
              [&bus] {
                bus.Begin();
                return absl::OkStatus();
              },
          .end = [&bus] { bus.End(); }};
}

absl::Status OperateUntilStopped(const Operated& operated) {
  const Settings& settings = operated.settings;
  admin::AdminService service(
      {.service = settings.service, .database = operated.database, .bus = operated.bus},
      operated.observer, operated.access.admin_door());
  rpc::ServerOptions options =
      ServerOptionsOf(settings, operated.clock, operated.observer, operated.access.admin_door());
  options.listen = settings.admin_listen;
  std::vector<rpc::Served> services = operated.more;
  services.push_back({admin::pb::AdminService::service_full_name(), &service});
  ASSIGN_OR_RETURN(const auto admin_server, rpc::Server::Start(options, services));
  log::Info("operated", {{"admin_port", admin_server->port()}});
  CertificateGauges certificates(settings.tls, settings.watched_certificates, operated.metrics);
  const Health health({.database = operated.database,
                       .server = operated.server,
                       .duty = operated.duty,
                       .metrics = operated.metrics,
                       .folder = FolderOf(settings.database),
                       .clock_suspect = operated.clock_suspect,
                       .each_minute = [&] { certificates.ReadWatched(); }});
  std::optional<SelfProbe> probe;
  if (settings.self_probe_seconds > 0) {
    // Its own port, which the setting may have left open.
    const std::string listen = absl::StrCat(settings.listen.substr(0, settings.listen.rfind(':')),
                                            ":", operated.server.port());
    probe.emplace(SelfProbe::Options{
        .ask = [listen, tls = settings.tls.Used()] { return AskListener(listen, tls); },
        .interval = absl::Seconds(settings.self_probe_seconds)});
  }
  rpc::WaitForStop();
  return absl::OkStatus();
}

}  // namespace dondoc::process
