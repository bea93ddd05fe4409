// Drives one kind of call in a closed loop and prints one line of JSON. The same client drives the
// product and its peers, so that what the client costs is the same on both sides.
//
//   bench-client get     --target HOST:PORT --task NAME [--save FILE]
//   bench-client report  --target HOST:PORT --plan NAME
//   bench-client put     --target HOST:PORT            (etcd)
//   bench-client range   --target HOST:PORT            (etcd)
//   bench-client observe --target HOST:PORT --indicator NAME --unit NAME --date YYYY-MM-DD
//
// With --tls-ca, --tls-certificate and --tls-key it speaks mutual TLS. With --callers N as well,
// its certificate is the edge's and the calls are, in turns, those of N systems: bench-0, bench-1,
// …

#include <grpcpp/grpcpp.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dondoc/kpi/v1/kpi_service.grpc.pb.h"
#include "dondoc/registry/v1/registry_service.grpc.pb.h"
#include "etcd_kv.grpc.pb.h"
#include "libs/base/ids.h"
#include "libs/rpc/tls.h"
#include "tests/bench/load.h"

namespace dondoc::bench {
namespace {

namespace registry = ::dondoc::registry::v1;
namespace kpi = ::dondoc::kpi::v1;

struct Settings {
  std::string target;
  std::string task;
  std::string save;
  std::string plan;
  std::string indicator;
  std::string unit;
  std::string date;
  int channels = 4;
  rpc::TlsFiles tls;
  int callers = 0;
  LoadOptions load;
};

// Exits when the files cannot be used: there is nothing to measure then.
std::shared_ptr<grpc::ChannelCredentials> Credentials(const rpc::TlsFiles& files) {
  if (!files.Used()) return grpc::InsecureChannelCredentials();
  const absl::StatusOr<rpc::TlsPem> pem = rpc::ReadTls(files);
  if (!pem.ok()) {
    std::cerr << pem.status() << "\n";
    std::exit(2);
  }
  return rpc::ChannelCredentialsOf(*pem);
}

// Each channel is one TCP connection.
std::vector<std::shared_ptr<grpc::Channel>> Connect(const Settings& settings) {
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  const std::shared_ptr<grpc::ChannelCredentials> credentials = Credentials(settings.tls);
  for (int i = 0; i < settings.channels; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt("dondoc.bench.channel", i);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    channels.push_back(grpc::CreateCustomChannel(settings.target, credentials, arguments));
  }
  return channels;
}

// Says for whom call number `index` is, as the edge does.
void SetCaller(const Settings& settings, int64_t index, grpc::ClientContext& context) {
  if (settings.callers == 0) return;
  context.AddMetadata("x-client-cert-subject",
                      absl::StrCat("CN=bench-", index % settings.callers, ",OU=systems,O=Dondoc"));
}

// One call's memory; freed when it has ended.
template <typename Request, typename Response>
struct CallState {
  grpc::ClientContext context;
  Request request;
  Response response;
};

// A closed loop of one unary method; `fill` writes request number `index`.
template <typename Service, typename Request, typename Response, typename Start, typename Fill>
Result Drive(const Settings& settings, Start start, Fill fill) {
  std::vector<std::unique_ptr<typename Service::Stub>> stubs;
  for (const auto& channel : Connect(settings)) stubs.push_back(Service::NewStub(channel));
  return Run(settings.load, [&](int64_t index, CallEnded ended) {
    auto state = std::make_shared<CallState<Request, Response>>();
    SetCaller(settings, index, state->context);
    fill(index, state->request);
    auto& stub = *stubs[static_cast<size_t>(index) % stubs.size()];
    start(stub, *state, [state, ended = std::move(ended)](const grpc::Status& status) {
      ended(status.ok() ? std::string() : status.error_message());
    });
  });
}

Result Get(const Settings& settings) {
  if (!settings.save.empty()) {
    grpc::ClientContext context;
    SetCaller(settings, 0, context);
    registry::GetTaskRequest request;
    request.set_name(settings.task);
    registry::GetTaskResponse response;
    registry::RegistryService::NewStub(Connect(settings)[0])->GetTask(&context, request, &response);
    std::ofstream(settings.save, std::ios::binary) << response.SerializeAsString();
  }
  return Drive<registry::RegistryService, registry::GetTaskRequest, registry::GetTaskResponse>(
      settings,
      [](auto& stub, auto& call, auto ended) {
        stub.async()->GetTask(&call.context, &call.request, &call.response, std::move(ended));
      },
      [&](int64_t, registry::GetTaskRequest& request) { request.set_name(settings.task); });
}

// Names of all assignments of the plan that can still be reported on.
std::vector<std::string> AssignmentsOf(const Settings& settings) {
  const auto stub = registry::RegistryService::NewStub(Connect(settings)[0]);
  std::vector<std::string> names;
  registry::ListAssignmentsRequest request;
  request.set_parent(settings.plan);
  request.set_page_size(1000);
  do {
    grpc::ClientContext context;
    registry::ListAssignmentsResponse response;
    const grpc::Status status = stub->ListAssignments(&context, request, &response);
    if (!status.ok()) {
      std::cerr << "ListAssignments: " << status.error_message() << "\n";
      return {};
    }
    for (const auto& assignment : response.assignments()) names.push_back(assignment.name());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return names;
}

Result Report(const Settings& settings) {
  const std::vector<std::string> names = AssignmentsOf(settings);
  if (names.empty()) return {.failed = 1, .seconds = 1, .first_failure = "no assignments"};
  std::cerr << "over " << names.size() << " assignments\n";
  // A stride that shares no factor with the size visits every row before any twice.
  const size_t stride = 7919;
  return Drive<registry::RegistryService, registry::ReportProgressRequest,
               registry::ReportProgressResponse>(
      settings,
      [](auto& stub, auto& call, auto ended) {
        stub.async()->ReportProgress(&call.context, &call.request, &call.response,
                                     std::move(ended));
      },
      [&](int64_t index, registry::ReportProgressRequest& request) {
        request.set_request_id(NewUuid());
        request.set_name(names[static_cast<size_t>(index) * stride % names.size()]);
        request.set_percent(static_cast<int32_t>(index % 100));
        request.set_note("Đã có dự thảo, đang lấy ý kiến.");
      });
}

Result Put(const Settings& settings) {
  return Drive<etcdserverpb::KV, etcdserverpb::PutRequest, etcdserverpb::PutResponse>(
      settings,
      [](auto& stub, auto& call, auto ended) {
        stub.async()->Put(&call.context, &call.request, &call.response, std::move(ended));
      },
      [](int64_t index, etcdserverpb::PutRequest& request) {
        request.set_key(absl::StrCat("plans/cchc-2023/tasks/", index % 100'000));
        request.set_value(std::string(300, 'x'));
      });
}

Result Range(const Settings& settings) {
  return Drive<etcdserverpb::KV, etcdserverpb::RangeRequest, etcdserverpb::RangeResponse>(
      settings,
      [](auto& stub, auto& call, auto ended) {
        stub.async()->Range(&call.context, &call.request, &call.response, std::move(ended));
      },
      [](int64_t, etcdserverpb::RangeRequest& request) {
        request.set_key("plans/cchc-2023/tasks/1");
      });
}

// The largest batch that the service takes.
constexpr int64_t kBatch = 1000;

// One client stream for each channel; `calls` counts observations.
Result Observe(const Settings& settings) {
  const auto stub = kpi::KpiService::NewStub(Connect(settings)[0]);
  const absl::Time begin = absl::Now();
  // A prefix of its own for each run: every observation is new.
  const std::string prefix = NewUuid();
  grpc::ClientContext context;
  kpi::RecordObservationsResponse response;
  const auto stream = stub->RecordObservations(&context, &response);
  kpi::RecordObservationsRequest request;
  for (int64_t index = 0; index < settings.load.calls; ++index) {
    auto& observation = *request.add_observations();
    observation.set_indicator(settings.indicator);
    observation.set_unit(settings.unit);
    observation.set_date(settings.date);
    observation.set_numerator(index % 10 == 0 ? "0" : "1");
    observation.set_denominator("1");
    observation.set_source("bench");
    observation.set_key(absl::StrCat(prefix, "/", index));
    if (request.observations_size() == kBatch || index + 1 == settings.load.calls) {
      if (!stream->Write(request)) break;
      request.clear_observations();
    }
  }
  stream->WritesDone();
  const grpc::Status status = stream->Finish();
  Result result;
  result.seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  result.done = response.recorded_count();
  result.failed = settings.load.calls - result.done;
  result.first_failure = status.error_message();
  return result;
}

}  // namespace
}  // namespace dondoc::bench

int main(int argc, char** argv) {
  using namespace dondoc::bench;
  Settings settings;
  CLI::App app("Drives one kind of call in a closed loop.");
  app.require_subcommand(1);
  const std::vector<std::pair<std::string, Result (*)(const Settings&)>> kinds = {
      {"get", &Get}, {"report", &Report}, {"put", &Put}, {"range", &Range}, {"observe", &Observe}};
  for (const auto& [name, run] : kinds) {
    CLI::App* command = app.add_subcommand(name);
    command->add_option("--target", settings.target)->required();
    command->add_option("--calls", settings.load.calls);
    command->add_option("--in-flight", settings.load.in_flight);
    command->add_option("--channels", settings.channels);
    command->add_option("--tls-ca", settings.tls.ca);
    command->add_option("--tls-certificate", settings.tls.certificate);
    command->add_option("--tls-key", settings.tls.key);
    command->add_option("--callers", settings.callers);
    command->add_option("--task", settings.task);
    command->add_option("--save", settings.save);
    command->add_option("--plan", settings.plan);
    command->add_option("--indicator", settings.indicator);
    command->add_option("--unit", settings.unit);
    command->add_option("--date", settings.date);
  }
  CLI11_PARSE(app, argc, argv);
  for (const auto& [name, run] : kinds) {
    if (!app.got_subcommand(name)) continue;
    const Result result = run(settings);
    std::cout << ToJson(name, result) << "\n";
    return result.failed == 0 ? 0 : 1;
  }
  return 2;
}
