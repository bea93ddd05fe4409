#include "services/kpi/testing/kpi_fixture.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/base/ids.h"
#include "libs/identity/directory.h"
#include "libs/rpc/status.h"
#include "services/kpi/events/handlers.h"
#include "services/kpi/store/schema.h"

namespace dondoc::kpi {
namespace {

// A port where nothing listens: 1 needs a privilege that no test server has.
constexpr int kNobody = 1;
uint64_t next_run = 1;

cache::Options RedisAt(int port, absl::Duration patience) {
  cache::Options options;
  options.server.port = port == 0 ? kNobody : port;
  options.server.connect_timeout = patience;
  options.server.command_timeout = patience;
  return options;
}

template <typename Response>
absl::StatusOr<Response> Answer(const grpc::Status& status, Response response) {
  if (!status.ok()) return rpc::FromGrpc(status);
  return response;
}

}  // namespace

KpiFixture::KpiFixture(absl::CivilDay today, int redis_port, ValuePublisher::Options options,
                       absl::Duration redis_patience)
    : clock_(today),
      redis_port_(redis_port),
      redis_patience_(redis_patience),
      options_(options),
      catalog_(std::make_unique<Catalog>()),
      database_(identity::WithDirectory(kpi_schema()), clock_) {
  Start();
}

KpiFixture::~KpiFixture() { Stop(); }

void KpiFixture::Restart() {
  Stop();
  database_.Reopen();
  Start();
}

void KpiFixture::Start() {
  const absl::Status loaded = database_->Read([&](store::Snapshot& snapshot) {
    catalog_->Load(snapshot);
    return absl::OkStatus();
  });
  if (!loaded.ok()) std::abort();
  redis_ = std::make_unique<cache::Cache>(RedisAt(redis_port_, redis_patience_));
  values_ = std::make_unique<ValueCache>(*redis_, next_run++);
  publisher_ = std::make_unique<ValuePublisher>(*database_, *catalog_, *values_, clock_, options_);
  recomputer_ = std::make_unique<Recomputer>(*database_, *catalog_, *values_, *publisher_);
  service_ = std::make_unique<KpiService>(KpiService::Parts{.database = *database_,
                                                            .catalog = *catalog_,
                                                            .cache = *values_,
                                                            .publisher = *publisher_,
                                                            .recomputer = *recomputer_,
                                                            .clock = clock_});
  admin_service_ = std::make_unique<KpiAdminService>(*database_, *recomputer_,
                                                     [this] { return on_duty_.load(); });
  auto server =
      rpc::Server::Start({.listen = "127.0.0.1:0", .service = "kpi"},
                         {{v1::KpiService::service_full_name(), service_.get()},
                          {v1::KpiAdminService::service_full_name(), admin_service_.get()}});
  if (!server.ok()) std::abort();
  server_ = *std::move(server);
  const auto channel = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                           grpc::InsecureChannelCredentials());
  stub_ = v1::KpiService::NewStub(channel);
  admin_stub_ = v1::KpiAdminService::NewStub(channel);
}

void KpiFixture::Stop() {
  service_->StopFeeds();
  server_.reset();
  admin_service_.reset();
  service_.reset();
  recomputer_.reset();
  publisher_.reset();
  values_.reset();
  redis_.reset();
}

absl::Status KpiFixture::Deliver(const std::string& type,
                                 const google::protobuf::Message& payload) {
  bus::Event event;
  event.type = type;
  event.version = ++heard_;
  event.at = clock_.Now();
  event.schema = payload.GetDescriptor()->full_name();
  event.payload = payload.SerializeAsString();
  return database_->WriteAndWait([&](store::Transaction& transaction) {
    absl::Status status = absl::NotFoundError("nobody handles " + type);
    for (const bus::Subscription& subscription : Subscriptions(*catalog_)) {
      const absl::string_view prefix = absl::StripSuffix(subscription.pattern, "*");
      if (!absl::StartsWith(type, prefix)) continue;
      status = subscription.handler(transaction, event);
      if (!status.ok()) break;
    }
    return status;
  });
}

void KpiFixture::AddUnit(const std::string& id, const std::string& parent,
                         const std::string& valid_from, const std::string& valid_to) {
  registry::v1::UnitChanged event;
  event.mutable_unit()->set_name("units/" + id);
  if (!parent.empty()) event.mutable_unit()->set_parent("units/" + parent);
  event.mutable_unit()->set_valid_from(valid_from);
  event.mutable_unit()->set_valid_to(valid_to);
  if (!Deliver("dondoc.registry.unit.added", event).ok()) std::abort();
}

absl::StatusOr<v1::Indicator> KpiFixture::Define(const v1::Indicator& indicator) {
  grpc::ClientContext context;
  v1::DefineIndicatorRequest request;
  request.set_request_id(NewUuid());
  *request.mutable_indicator() = indicator;
  v1::DefineIndicatorResponse response;
  const grpc::Status status = stub_->DefineIndicator(&context, request, &response);
  return Answer(status, response.indicator());
}

absl::StatusOr<v1::Target> KpiFixture::SetTarget(const v1::Target& target) {
  grpc::ClientContext context;
  v1::SetTargetRequest request;
  request.set_request_id(NewUuid());
  *request.mutable_target() = target;
  v1::SetTargetResponse response;
  const grpc::Status status = stub_->SetTarget(&context, request, &response);
  return Answer(status, response.target());
}

absl::StatusOr<v1::RecordObservationsResponse> KpiFixture::Record(
    const std::vector<std::vector<v1::Observation>>& batches) {
  grpc::ClientContext context;
  v1::RecordObservationsResponse response;
  auto writer = stub_->RecordObservations(&context, &response);
  for (const auto& batch : batches) {
    v1::RecordObservationsRequest request;
    request.mutable_observations()->Assign(batch.begin(), batch.end());
    if (!writer->Write(request)) break;
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  return Answer(status, response);
}

absl::StatusOr<v1::GetValueResponse> KpiFixture::GetValue(const std::string& indicator,
                                                          const std::string& unit,
                                                          const std::string& period) {
  grpc::ClientContext context;
  v1::GetValueRequest request;
  request.set_indicator("indicators/" + indicator);
  if (!unit.empty()) request.set_unit("units/" + unit);
  request.set_period(period);
  v1::GetValueResponse response;
  const grpc::Status status = stub_->GetValue(&context, request, &response);
  return Answer(status, response);
}

absl::StatusOr<v1::GetBoardResponse> KpiFixture::GetBoard(const std::string& plan) {
  grpc::ClientContext context;
  v1::GetBoardRequest request;
  if (!plan.empty()) request.set_plan("plans/" + plan);
  v1::GetBoardResponse response;
  const grpc::Status status = stub_->GetBoard(&context, request, &response);
  return Answer(status, response);
}

absl::StatusOr<v1::RecomputeValuesResponse> KpiFixture::Recompute() {
  grpc::ClientContext context;
  v1::RecomputeValuesResponse response;
  const grpc::Status status = stub_->RecomputeValues(&context, {}, &response);
  return Answer(status, response);
}

absl::StatusOr<v1::RebuildCacheResponse> KpiFixture::RebuildCache() {
  grpc::ClientContext context;
  v1::RebuildCacheResponse response;
  const grpc::Status status = admin_stub_->RebuildCache(&context, {}, &response);
  return Answer(status, response);
}

std::vector<store::Event> KpiFixture::Events(const std::string& type) {
  std::vector<store::Event> events;
  const absl::Status read = database_->Read([&](store::Snapshot& snapshot) {
    for (store::Event& event : store::ReadEvents(snapshot, 1, 1'000'000)) {
      if (event.type == type) events.push_back(std::move(event));
    }
    return absl::OkStatus();
  });
  if (!read.ok()) std::abort();
  return events;
}

v1::Indicator Percentage(const std::string& id) {
  v1::Indicator indicator;
  indicator.set_name("indicators/" + id);
  indicator.set_display_name("Tỷ lệ " + id);
  indicator.set_unit_of_measure("%");
  indicator.set_aggregation(v1::AGGREGATION_RATIO);
  indicator.set_factor(100);
  return indicator;
}

v1::Target AtLeast(const std::string& indicator, const std::string& id, const std::string& value) {
  v1::Target target;
  target.set_name("indicators/" + indicator + "/targets/" + id);
  target.set_comparator(v1::COMPARATOR_AT_LEAST);
  target.set_value(value);
  target.set_effective_from("2023-01-01");
  target.set_due_date("2023-12-31");
  return target;
}

v1::Observation Observed(const Seen& seen) {
  v1::Observation observation;
  observation.set_indicator("indicators/" + seen.indicator);
  observation.set_unit("units/" + seen.unit);
  observation.set_date(seen.date);
  observation.set_numerator(seen.numerator);
  observation.set_denominator(seen.denominator);
  observation.set_source("Hệ thống một cửa");
  observation.set_key(seen.key);
  return observation;
}

}  // namespace dondoc::kpi
