#include "tests/system/city.h"

#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/rpc/status.h"

namespace dondoc::testing {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kPatience = absl::Seconds(20);
// Of a program whose end a test brought about: some hundreds of writes away, each of which a disk
// may take a tenth of a second for.
constexpr absl::Duration kEndsWithin = absl::Minutes(2);
// How long one replica is given to answer before another one is asked.
constexpr absl::Duration kReplicaPatience = absl::Seconds(3);

bool IsService(const std::string& program) {
  const std::vector<std::string>& services = ServiceNames();
  return std::find(services.begin(), services.end(), ServiceOf(program)) != services.end();
}

int64_t UnixSeconds(absl::CivilSecond in_vietnam) {
  return absl::ToUnixSeconds(absl::FromCivil(in_vietnam, VietnamTime()));
}

}  // namespace

bool Eventually(const std::function<bool()>& holds, absl::Duration within) {
  const absl::Time deadline = absl::Now() + within;
  while (!holds()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(10));
  }
  return true;
}

std::shared_ptr<grpc::Channel> City::ChannelTo(const std::string& service) const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  if (shape_.replicas > 1) arguments.SetLoadBalancingPolicyName("round_robin");
  std::string addresses;
  for (const auto& [program, port] : places_.ports) {
    if (ServiceOf(program) != service) continue;
    absl::StrAppend(&addresses, addresses.empty() ? "ipv4:" : ",", "127.0.0.1:", port);
  }
  return grpc::CreateCustomChannel(addresses, grpc::InsecureChannelCredentials(), arguments);
}

City::City(const CityTime& time, const CityShape& shape)
    : shape_(shape), places_(PlacesIn(folder_.path(), shape.replicas)) {
  // A client that waits for nothing looks at its connections only every five seconds, and a server
  // that wants to go waits for it.
  setenv("GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS", "50", /*overwrite=*/1);
  SetClock(time);
  if (shape.on_postgres) {
    for (const std::string& service : ServiceNames()) {
      places_.urls[service] = NewPostgresDatabase();
    }
  }
  for (const std::string& program : ProgramNames(shape.replicas)) Start(program);
  stubs_ = {registry_pb::RegistryService::NewStub(ChannelTo("registry")),
            kpi_pb::KpiService::NewStub(ChannelTo("kpi")),
            inspection_pb::InspectionService::NewStub(ChannelTo("inspection")),
            notification_pb::NotificationService::NewStub(ChannelTo("notification"))};
}

City::~City() {
  // The services first, so that none of them logs about a broker that went before it.
  std::erase_if(processes_, [](const auto& of) { return IsService(of.first); });
}

void City::SetClock(const CityTime& time) {
  SetClock(absl::StrCat("simulated:", absl::ToUnixSeconds(absl::Now()), ":", UnixSeconds(time.from),
                        ":", time.rate, ":", UnixSeconds(time.until)));
}

void City::SetClock(const std::string& setting) {
  places_.clock = setting;
  absl::StatusOr<std::unique_ptr<Clock>> clock = ClockFromSetting(places_.clock);
  OrDie(clock.status(), places_.clock);
  clock_ = *std::move(clock);
}

void City::Start(const std::string& program) { OrDie(TryStart(program), program); }

absl::Status City::TryStart(const std::string& program) {
  processes_.erase(program);
  auto started = ChildProcess::Start({.command = CommandOf(program, places_),
                                      .environment = environments_[program],
                                      .port = PortOf(program),
                                      .log_path = File(program + ".log")});
  if (!started.ok()) return started.status();
  pids_.push_back((*started)->pid());
  processes_[program] = *std::move(started);
  return absl::OkStatus();
}

void City::Kill(const std::string& program, int signal) {
  OrDie(processes_.at(program)->Kill(signal).status(), program);
  processes_.erase(program);
}

void City::Signal(const std::string& program, int signal) const {
  processes_.at(program)->Signal(signal);
  if (signal != SIGSTOP) return;
  // Its threads stop one after the other, and some may have answered a call meanwhile.
  siginfo_t stopped = {};
  while (waitid(P_PID, static_cast<id_t>(PidOf(program)), &stopped, WSTOPPED) != 0) {
    OrDie(errno == EINTR ? absl::OkStatus() : absl::ErrnoToStatus(errno, "waitid"), program);
  }
}

int City::AwaitEnd(const std::string& program) {
  const absl::StatusOr<int> code = processes_.at(program)->Wait(kEndsWithin);
  OrDie(code.status(), program);
  processes_.erase(program);
  return *code;
}

void City::SetEnvironment(const std::string& program, std::vector<std::string> environment) {
  environments_[program] = std::move(environment);
}

void City::SetDatabase(const std::string& service, const std::string& file) {
  places_.databases[service] = file;
}

std::string City::ProgramFile(const std::string& name) { return absl::StrCat(BIN_DIR, "/", name); }

void City::StartNatsEmpty() {
  processes_.erase("nats");
  fs::remove_all(File("nats"));
  Start("nats");
}

void City::TravelTo(const CityTime& time) {
  EndServicesAndStartAgain([&] { SetClock(time); });
}

void City::TravelToNow() {
  EndServicesAndStartAgain([&] { SetClock("system"); });
}

void City::EndServicesAndStartAgain(const std::function<void()>& meanwhile) {
  std::vector<std::string> running;
  for (const auto& [program, process] : processes_) {
    if (IsService(program)) running.push_back(program);
  }
  for (const std::string& service : running) processes_.at(service)->Signal(SIGTERM);
  for (const std::string& service : running) {
    OrDie(processes_.at(service)->Wait(kPatience).status(), service);
  }
  meanwhile();
  for (const std::string& service : running) Start(service);
}

std::string City::LogOf(const std::string& program) const {
  return ContentsOf(File(program + ".log"));
}

void City::Prepare(grpc::ClientContext& context, const std::string& actor,
                   absl::Duration patience) const {
  context.AddMetadata("dondoc-actor", actor);
  context.set_wait_for_ready(true);
  context.set_deadline(absl::ToChronoTime(absl::Now() + patience));
}

absl::Status City::Retry(const std::string& actor,
                         const std::function<grpc::Status(grpc::ClientContext&)>& attempt) {
  const absl::Time deadline = absl::Now() + kPatience;
  const bool alone = shape_.replicas == 1;
  while (true) {
    grpc::ClientContext context;
    Prepare(context, actor, alone ? kPatience : kReplicaPatience);
    const grpc::Status status = attempt(context);
    const bool again = status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                       (!alone && status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);
    if (!again || absl::Now() > deadline) return rpc::FromGrpc(status);
    absl::SleepFor(absl::Milliseconds(20));
  }
}

void City::OrDie(const absl::Status& status, const std::string& what) {
  if (status.ok()) return;
  std::cerr << what << ": " << status << std::endl;
  std::abort();
}

std::string City::Cli(const std::vector<std::string>& words, int* exit_code) const {
  std::vector<std::string> command = {absl::StrCat(BIN_DIR, "/dondoc")};
  for (const std::string& service : ServiceNames()) {
    command.push_back("--" + service);
    command.push_back(absl::StrCat("127.0.0.1:", PortOf(service)));
  }
  command.insert(command.end(), {"--actor", "units/van-phong"});
  command.insert(command.end(), words.begin(), words.end());
  const std::string output = File(absl::StrCat("cli-", absl::ToUnixNanos(absl::Now())));
  const auto process = ChildProcess::Start({.command = command, .log_path = output});
  OrDie(process.status(), "dondoc");
  const absl::StatusOr<int> code = (*process)->Wait(absl::Seconds(60));
  OrDie(code.status(), "dondoc " + words.front());
  if (exit_code != nullptr) *exit_code = *code;
  return ContentsOf(output);
}

void City::AddUnits() {
  int code = 0;
  const std::string output =
      Cli({"unit", "import", InRepository("deploy/plans/cchc-2023/units.csv")}, &code);
  OrDie(code == 0 ? absl::OkStatus() : absl::InternalError(output), "unit import");
}

void City::ImportPlan() {
  registry_pb::ImportPlanRequest request;
  request.set_plan_id("cchc-2023");
  request.set_document(ContentsOf(InRepository("deploy/plans/cchc-2023/ke-hoach.txt")));
  OrDie(Call(&Registry::ImportPlan, request).status(), "ImportPlan");
}

void City::ResolveGroups() {
  for (const char* group :
       {"Các phòng, đơn vị có liên quan", "Các đơn vị", "Các đơn vị có liên quan"}) {
    registry_pb::SetGroupRuleRequest request;
    request.set_plan("plans/cchc-2023");
    request.set_group_text(group);
    request.add_kinds(registry_pb::UNIT_KIND_DIVISION);
    request.add_kinds(registry_pb::UNIT_KIND_SUB_DEPARTMENT);
    request.add_kinds(registry_pb::UNIT_KIND_PUBLIC_SERVICE_UNIT);
    OrDie(Call(&Registry::SetGroupRule, request).status(), group);
  }
}

}  // namespace dondoc::testing
