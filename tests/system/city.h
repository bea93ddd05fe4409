#pragma once

#include <grpcpp/grpcpp.h>
#include <sys/types.h>

#include <csignal>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "dondoc/inspection/v1/inspection_service.grpc.pb.h"
#include "dondoc/kpi/v1/kpi_service.grpc.pb.h"
#include "dondoc/notification/v1/notification_service.grpc.pb.h"
#include "dondoc/registry/v1/registry_service.grpc.pb.h"
#include "libs/base/clock.h"
#include "libs/store/test_database.h"
#include "libs/testing/child_process.h"
#include "libs/testing/temp_dir.h"
#include "tests/system/programs.h"

namespace dondoc::testing {

namespace registry_pb = ::dondoc::registry::v1;
namespace kpi_pb = ::dondoc::kpi::v1;
namespace inspection_pb = ::dondoc::inspection::v1;
namespace notification_pb = ::dondoc::notification::v1;
using Registry = registry_pb::RegistryService::Stub;
using Kpi = kpi_pb::KpiService::Stub;
using Inspections = inspection_pb::InspectionService::Stub;
using Notification = notification_pb::NotificationService::Stub;
using Change = ::dondoc::common::v1::Change;
// Of the clock on the wall in Vietnam: Moment(2023, 3, 31, 7) is seven in the morning.
using Moment = absl::CivilSecond;

// The time of a City, which all its processes share: from `from` on it passes `rate` times as fast
// as the real one until it is `until`; then at the real pace, which is next to standing still.
struct CityTime {
  Moment from = Moment(2023, 2, 1, 8);
  Moment until = from;
  double rate = 1;
};

// What a City is made of besides.
struct CityShape {
  // Whether its databases are on a PostgreSQL server; by default as the tests of the libs are run.
  bool on_postgres = OnPostgres();
  // Of each service, on one database: two need a server. Calls are spread over them.
  int replicas = 1;
};

// The whole system as an operator runs it, made of the real programs: nats-server, redis-server, an
// SMTP server and the four services, on free ports in a temporary folder. Everything ends with it.
// Any of them can be killed and brought back. Call() may be used by several threads at once,
// nothing else may.
class City {
 public:
  explicit City(const CityTime& time = {}, const CityShape& shape = {});
  ~City();
  City(const City&) = delete;
  City& operator=(const City&) = delete;

  // "nats", "redis", "smtp", "registry", "kpi", "inspection", "notification"; "registry-2", ….
  void Kill(const std::string& program, int signal = SIGKILL);
  // Brings it back on its port with its data; ends the test when that fails.
  void Start(const std::string& program);
  // The same where it may fail.
  absl::Status TryStart(const std::string& program);
  // SIGSTOP holds it where it stands (returns when it does), SIGCONT lets it go on.
  void Signal(const std::string& program, int signal) const;
  // Waits for a program to end by itself, and returns its exit code.
  int AwaitEnd(const std::string& program);
  // What stands in its environment besides, "NAME=value", when it is started the next time.
  void SetEnvironment(const std::string& program, std::vector<std::string> environment);
  // Where a service keeps its database, when it is started the next time.
  void SetDatabase(const std::string& service, const std::string& file);
  // The same on a server.
  void SetDatabaseUrl(const std::string& service, const std::string& url) {
    places_.urls[service] = url;
  }
  const std::string& DatabaseUrlOf(const std::string& service) const {
    return places_.urls.at(service);
  }
  // A program that was built: "dondoc-admin".
  static std::string ProgramFile(const std::string& name);
  std::string DatabaseOf(const std::string& service) const { return places_.DatabaseOf(service); }
  // The broker comes back with nothing that it had.
  void StartNatsEmpty();
  // Ends the services that run, sets the clock, and starts them again. One that is down stays down,
  // so that time passes without it.
  void TravelTo(const CityTime& time);
  // The same to the clock of this machine, which is not simulated.
  void TravelToNow();
  // What a program has written to its log; the process ids of all that have run.
  std::string LogOf(const std::string& program) const;
  const std::vector<pid_t>& pids() const { return pids_; }
  pid_t PidOf(const std::string& program) const { return processes_.at(program)->pid(); }

  // Today in Vietnam by the shared clock.
  absl::CivilDay today() const { return DateOf(clock_->Now()); }

  // One call by `actor`, tried again while the service is away:
  //   city.Call(&Registry::GetPlan, request)
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request,
                                const std::string& actor = "units/van-phong") {
    Response response;
    const absl::Status status = Retry(actor, [&](grpc::ClientContext& context) {
      response.Clear();
      return (stub<Stub>().*method)(&context, request, &response);
    });
    if (!status.ok()) return status;
    return response;
  }

  // All pages of a list in one answer.
  template <typename Stub, typename Request, typename Response>
  Response ListAll(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                   Request request) {
    Response all;
    do {
      const absl::StatusOr<Response> page = Call(method, request);
      OrDie(page.status(), Request::descriptor()->full_name());
      request.set_page_token(page->next_page_token());
      all.MergeFrom(*page);
    } while (!request.page_token().empty());
    return all;
  }

  // The changes that WatchChanges tells from sequence `from` to the first for which `is_last`
  // holds, that one included; ends the test when it does not come.
  template <typename Stub, typename Request, typename Response>
  std::vector<Change> ReadLog(std::unique_ptr<grpc::ClientReader<Response>> (Stub::*watch)(
                                  grpc::ClientContext*, const Request&),
                              int64_t from, const std::function<bool(const Change&)>& is_last) {
    grpc::ClientContext context;
    Prepare(context, "units/van-phong", absl::Seconds(20));
    Request request;
    request.set_from_sequence(from);
    const auto stream = (stub<Stub>().*watch)(&context, request);
    std::vector<Change> changes;
    Response response;
    while (stream->Read(&response)) {
      changes.push_back(std::move(*response.mutable_change()));
      if (is_last(changes.back())) {
        context.TryCancel();
        return changes;
      }
    }
    OrDie(absl::NotFoundError(stream->Finish().error_message()), "the last change");
    return changes;
  }

  template <typename Stub>
  Stub& stub() {
    return *std::get<std::unique_ptr<Stub>>(stubs_);
  }

  // Tries again while the service is away, at most 20 s; with replicas also when one does not
  // answer within three, as whoever calls through a proxy does.
  absl::Status Retry(const std::string& actor,
                     const std::function<grpc::Status(grpc::ClientContext&)>& attempt);

  // The command line client against this system. Returns all it prints; `exit_code` when wanted.
  std::string Cli(const std::vector<std::string>& words, int* exit_code = nullptr) const;

  int PortOf(const std::string& program) const { return places_.ports.at(program); }
  std::string File(const std::string& name) const { return places_.File(name); }

  // The illustrative units and the 2023 plan, with a rule for each of its groups: 237 assignments.
  void AddUnits();
  void ImportPlan();
  void ResolveGroups();

 private:
  void Prepare(grpc::ClientContext& context, const std::string& actor,
               absl::Duration patience) const;
  std::shared_ptr<grpc::Channel> ChannelTo(const std::string& service) const;
  // A test cannot go on without its city.
  static void OrDie(const absl::Status& status, const std::string& what);
  void SetClock(const CityTime& time);
  void SetClock(const std::string& setting);
  void EndServicesAndStartAgain(const std::function<void()>& meanwhile);

  const CityShape shape_;
  const TempDir folder_;
  Places places_;
  std::unique_ptr<Clock> clock_;
  std::map<std::string, std::unique_ptr<ChildProcess>> processes_;
  std::map<std::string, std::vector<std::string>> environments_;
  std::vector<pid_t> pids_;
  std::tuple<std::unique_ptr<Registry>, std::unique_ptr<Kpi>, std::unique_ptr<Inspections>,
             std::unique_ptr<Notification>>
      stubs_;
};

// Asks again every few milliseconds until `holds` is true, at most `within` (real time). Services
// settle in their own time; this waits for the condition and never for a guess.
bool Eventually(const std::function<bool()>& holds, absl::Duration within = absl::Seconds(30));

}  // namespace dondoc::testing
