#pragma once

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "dondoc/kpi/v1/kpi_service.grpc.pb.h"
#include "dondoc/registry/v1/events.pb.h"
#include "dondoc/registry/v1/registry_service.grpc.pb.h"
#include "libs/base/clock.h"
#include "libs/base/refusal.h"
#include "libs/rpc/clock_service.h"
#include "libs/rpc/metadata.h"
#include "libs/rpc/status.h"
#include "libs/testing/temp_dir.h"
#include "services/cli/program.h"

// The whole program against a server in this process that behaves as a network behaves: it goes
// away, refuses, answers in pages and keeps silent. What a registry does is tested with the
// registry.
namespace dondoc::cli::testing {

namespace pb = registry::v1;

inline constexpr int kTaskCount = 46;
inline constexpr int kTasksOnAPage = 20;

inline grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context,
                                        const grpc::Status& status) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(status);
  return reactor;
}

class ScriptedRegistry final : public pb::RegistryService::CallbackService {
 public:
  // Answers UNAVAILABLE `away` times, then adds.
  grpc::ServerUnaryReactor* AddUnit(grpc::CallbackServerContext* context,
                                    const pb::AddUnitRequest* request,
                                    pb::AddUnitResponse* response) override {
    const std::lock_guard lock(mutex);
    request_ids.push_back(request->request_id());
    const auto actor = context->client_metadata().find("dondoc-actor");
    actors.emplace_back(actor == context->client_metadata().end()
                            ? ""
                            : rpc::FromMetadata({actor->second.data(), actor->second.size()}));
    *response->mutable_unit() = request->unit();
    return Finish(context, away-- > 0 ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "restarting")
                                      : grpc::Status::OK);
  }

  void KeepTraceparent(const grpc::CallbackServerContext& context) {
    const std::lock_guard lock(mutex);
    const auto sent = context.client_metadata().find("traceparent");
    traceparents.emplace_back(sent == context.client_metadata().end()
                                  ? ""
                                  : std::string(sent->second.data(), sent->second.size()));
  }

  grpc::ServerUnaryReactor* GetUnit(grpc::CallbackServerContext* context,
                                    const pb::GetUnitRequest* request,
                                    pb::GetUnitResponse*) override {
    KeepTraceparent(*context);
    return Finish(context, rpc::ToGrpc(Refuse(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND",
                                              {.vi = "Không có đơn vị.", .en = "no such unit"},
                                              {{"unit", request->name()}})));
  }

  grpc::ServerUnaryReactor* DissolveUnit(grpc::CallbackServerContext* context,
                                         const pb::DissolveUnitRequest*,
                                         pb::DissolveUnitResponse*) override {
    return Finish(context, rpc::ToGrpc(Refuse(
                               absl::StatusCode::kFailedPrecondition, "UNIT_HAS_OPEN_ASSIGNMENTS",
                               {.vi = "Đơn vị còn việc.", .en = "open assignments"})));
  }

  // Never answers.
  grpc::ServerUnaryReactor* GetPlan(grpc::CallbackServerContext*, const pb::GetPlanRequest*,
                                    pb::GetPlanResponse*) override {
    class Silent final : public grpc::ServerUnaryReactor {
      void OnCancel() override { Finish(grpc::Status::CANCELLED); }
      void OnDone() override { delete this; }
    };
    return new Silent;
  }

  grpc::ServerUnaryReactor* ListPlans(grpc::CallbackServerContext* context,
                                      const pb::ListPlansRequest*,
                                      pb::ListPlansResponse*) override {
    return Finish(context, grpc::Status(grpc::StatusCode::INTERNAL, "Lỗi nội bộ."));
  }

  grpc::ServerUnaryReactor* ListUnits(grpc::CallbackServerContext* context,
                                      const pb::ListUnitsRequest*,
                                      pb::ListUnitsResponse* response) override {
    *response->mutable_units() = {units.begin(), units.end()};
    return Finish(context, grpc::Status::OK);
  }

  grpc::ServerUnaryReactor* ListTasks(grpc::CallbackServerContext* context,
                                      const pb::ListTasksRequest* request,
                                      pb::ListTasksResponse* response) override {
    const int first = request->page_token().empty() ? 1 : std::stoi(request->page_token());
    for (int number = first; number < first + kTasksOnAPage && number <= kTaskCount; ++number) {
      pb::Task& task = *response->add_tasks();
      task.set_name(absl::StrCat(request->parent(), "/tasks/", number));
      task.set_number(number);
      task.set_content_text("Tiếp tục triển khai \"một cửa\"");
      pb::Phase& phase = *task.add_phases();
      phase.set_due_date("2023-12-31");
    }
    const int next = first + kTasksOnAPage;
    if (next <= kTaskCount) response->set_next_page_token(absl::StrCat(next));
    return Finish(context, grpc::Status::OK);
  }

  // Sends two changes, then goes away; it ends after the fourth.
  grpc::ServerWriteReactor<pb::WatchChangesResponse>* WatchChanges(
      grpc::CallbackServerContext*, const pb::WatchChangesRequest* request) override {
    class Feed final : public grpc::ServerWriteReactor<pb::WatchChangesResponse> {
     public:
      explicit Feed(int64_t from) : next_(from < 1 ? 1 : from), last_(next_ + 1) { Next(); }

     private:
      void Next() {
        if (next_ > 4) return Finish(grpc::Status::OK);
        if (next_ > last_) return Finish({grpc::StatusCode::UNAVAILABLE, "restarting"});
        common::v1::Change& change = *response_.mutable_change();
        change.set_sequence(next_++);
        change.set_type("dondoc.registry.unit.added");
        change.set_name("units/thanh-tra");
        pb::UnitChanged payload;
        payload.mutable_unit()->set_display_name("Thanh tra Sở");
        change.mutable_payload()->PackFrom(payload);
        StartWrite(&response_);
      }
      void OnWriteDone(bool ok) override {
        if (ok) {
          Next();
        } else {
          Finish(grpc::Status::CANCELLED);
        }
      }
      void OnDone() override { delete this; }

      int64_t next_;
      const int64_t last_;
      pb::WatchChangesResponse response_;
    };
    const std::lock_guard lock(mutex);
    watched_from.push_back(request->from_sequence());
    return new Feed(request->from_sequence());
  }

  std::mutex mutex;
  int away = 0;
  std::vector<std::string> request_ids;
  std::vector<std::string> actors;
  std::vector<std::string> traceparents;
  std::vector<int64_t> watched_from;
  std::vector<pb::Unit> units;
};

// A kpi service that goes by a clock of its own, and is asked for one value.
class ScriptedKpi final : public kpi::v1::KpiService::CallbackService {
 public:
  grpc::ServerUnaryReactor* GetValue(grpc::CallbackServerContext* context,
                                     const kpi::v1::GetValueRequest* request,
                                     kpi::v1::GetValueResponse*) override {
    const std::lock_guard lock(mutex);
    asked_periods.push_back(request->period());
    return Finish(context, grpc::Status::OK);
  }

  std::mutex mutex;
  std::vector<std::string> asked_periods;
};

struct Result {
  int exit = -1;
  std::string out;
  std::string err;
};

class Program : public ::testing::Test {
 protected:
  Program() {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&registry_);
    builder.RegisterService(&kpi_);
    builder.RegisterService(&clock_service_);
    server_ = builder.BuildAndStart();
    for (const char* service : {"REGISTRY", "KPI", "INSPECTION", "NOTIFICATION"}) {
      environment_[absl::StrCat("DONDOC_", service)] = absl::StrCat("127.0.0.1:", port_);
    }
    environment_["DONDOC_ACTOR"] = "thu-nghiem";
  }
  ~Program() override { server_->Shutdown(std::chrono::system_clock::now()); }

  Result Run(const std::string& line) { return RunWords(absl::StrSplit(line, ' ')); }

  Result RunWords(const std::vector<std::string>& arguments) {
    std::ostringstream out;
    std::ostringstream err;
    Result result;
    result.exit = RunProgram(
        arguments,
        [this](absl::string_view name) {
          const auto found = environment_.find(name);
          return found == environment_.end() ? "" : found->second;
        },
        Console{.out = out, .err = err});
    result.out = out.str();
    result.err = err.str();
    return result;
  }

  std::string WriteFile(const std::string& name, const std::string& text) {
    const std::string path = folder_.File(name);
    std::ofstream(path) << text;
    return path;
  }

  dondoc::testing::TempDir folder_;
  ScriptedRegistry registry_;
  ScriptedKpi kpi_;
  // The last hour of 2023, played 24 times as fast.
  const SimulatedClock clock_{
      {.real_start = absl::Now(),
       .simulated_start = StartOf(absl::CivilDay(2024, 1, 1)) - absl::Hours(1),
       .rate = 24,
       .simulated_end = absl::InfiniteFuture()}};
  rpc::ClockService clock_service_{clock_};
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::map<std::string, std::string, std::less<>> environment_;
};

}  // namespace dondoc::cli::testing
