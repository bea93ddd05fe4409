#include "tests/system/programs.h"

#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "libs/testing/child_process.h"

namespace dondoc::testing {

const std::vector<std::string>& ServiceNames() {
  static const std::vector<std::string> kNames = {"registry", "kpi", "inspection", "notification"};
  return kNames;
}

std::string ServiceOf(const std::string& program) { return program.substr(0, program.find('-')); }

std::vector<std::string> ProgramNames(int replicas) {
  std::vector<std::string> names = {"nats", "redis", "smtp"};
  for (const std::string& service : ServiceNames()) {
    names.push_back(service);
    for (int i = 2; i <= replicas; ++i) names.push_back(absl::StrCat(service, "-", i));
  }
  return names;
}

Places PlacesIn(const std::string& folder, int replicas) {
  Places places{.folder = folder};
  for (const std::string& name : ProgramNames(replicas)) places.ports[name] = FreePort();
  return places;
}

std::vector<std::string> CommandOf(const std::string& program, const Places& places) {
  const std::string port = absl::StrCat(places.ports.at(program));
  if (program == "nats") {
    return {"nats-server", "-c",        InRepository("deploy/nats/native.conf"),
            "-a",          "127.0.0.1", "-p",
            port,          "-sd",       places.File("nats")};
  }
  if (program == "redis") {
    return {"redis-server", InRepository("deploy/redis/native.conf"),
            "--port",       port,
            "--bind",       "127.0.0.1",
            "--dir",        places.folder};
  }
  if (program == "smtp") {
    return {"/usr/bin/python3", InRepository("tests/servers/smtp_server.py"),
            "--port",           port,
            "--folder",         places.File("mails")};
  }
  const std::string service = ServiceOf(program);
  const auto url = places.urls.find(service);
  std::vector<std::string> command = {
      absl::StrCat(BIN_DIR, "/dondoc-", service),
      absl::StrCat("--listen=127.0.0.1:", port),
      "--metrics_listen=127.0.0.1:0",
      "--admin_listen=127.0.0.1:0",
      absl::StrCat("--database=",
                   url == places.urls.end() ? "sqlite:" + places.DatabaseOf(service) : url->second),
      absl::StrCat("--nats_url=nats://127.0.0.1:", places.ports.at("nats")),
      absl::StrCat("--clock=", places.clock),
  };
  if (service == "registry" || service == "inspection") {
    command.push_back(absl::StrCat("--calendar_folder=", InRepository("deploy/calendar")));
  }
  if (service == "kpi") command.push_back(absl::StrCat("--redis_port=", places.ports.at("redis")));
  if (service == "notification") {
    command.push_back(absl::StrCat("--smtp_url=smtp://127.0.0.1:", places.ports.at("smtp")));
    command.emplace_back("--smtp_starttls=off");
    command.emplace_back("--smtp_from=don-doc@so.example");
  }
  return command;
}

std::string InRepository(const std::string& path) { return absl::StrCat(REPO_ROOT, "/", path); }

std::string ContentsOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace dondoc::testing
