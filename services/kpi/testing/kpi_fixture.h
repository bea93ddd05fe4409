#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dondoc/inspection/v1/events.pb.h"
#include "dondoc/kpi/v1/events.pb.h"
#include "dondoc/kpi/v1/kpi_service.grpc.pb.h"
#include "dondoc/registry/v1/events.pb.h"
#include "libs/base/clock.h"
#include "libs/bus/bus.h"
#include "libs/cache/cache.h"
#include "libs/rpc/server.h"
#include "libs/store/test_database.h"
#include "services/kpi/events/value_publisher.h"
#include "services/kpi/rpc/kpi_admin_service.h"
#include "services/kpi/rpc/kpi_service.h"
#include "services/kpi/store/catalog.h"
#include "services/kpi/store/value_cache.h"

namespace dondoc::kpi {

// A clock that a test moves while servers read it.
class MovableClock final : public Clock {
 public:
  explicit MovableClock(absl::CivilDay day) { Set(day); }
  absl::Time Now() const override { return absl::FromUnixMicros(micros_); }
  absl::Duration RealTimeUntil(absl::Time instant) const override {
    return instant <= Now() ? absl::ZeroDuration() : absl::Milliseconds(5);
  }
  // Noon of a day.
  void Set(absl::CivilDay day) { micros_ = absl::ToUnixMicros(StartOf(day) + absl::Hours(12)); }

 private:
  std::atomic<int64_t> micros_{0};
};

constexpr absl::Duration kRedisPatience = absl::Seconds(10);

// The whole service but its main(): a real server on a port the kernel picks, a real database in a
// temporary folder, and Redis where a test has started one.
class KpiFixture {
 public:
  // `redis_port` 0: nobody answers there. `redis_patience` is for each command; the service's own
  // is short, and on a busy machine would leave out what a test looks for.
  explicit KpiFixture(absl::CivilDay today, int redis_port = 0,
                      ValuePublisher::Options options = {},
                      absl::Duration redis_patience = kRedisPatience);
  ~KpiFixture();

  // Ends everything and starts again on the same database, as a restart does.
  void Restart();

  v1::KpiService::Stub& stub() { return *stub_; }
  store::Database& database() { return *database_; }
  std::string database_file() const { return database_.File(); }
  int port() const { return server_->port(); }
  Catalog& catalog() { return *catalog_; }
  ValuePublisher& publisher() { return *publisher_; }
  ValueCache& values() { return *values_; }
  cache::Cache& redis() { return *redis_; }
  MovableClock& clock() { return clock_; }

  // What a consumed event does, as the bus would have it.
  absl::Status Deliver(const std::string& type, const google::protobuf::Message& payload);
  void AddUnit(const std::string& id, const std::string& parent = "",
               const std::string& valid_from = "2020-01-01", const std::string& valid_to = "");

  absl::StatusOr<v1::Indicator> Define(const v1::Indicator& indicator);
  absl::StatusOr<v1::Target> SetTarget(const v1::Target& target);
  // Each batch is one message of the stream.
  absl::StatusOr<v1::RecordObservationsResponse> Record(
      const std::vector<std::vector<v1::Observation>>& batches);
  absl::StatusOr<v1::GetValueResponse> GetValue(const std::string& indicator,
                                                const std::string& unit, const std::string& period);
  absl::StatusOr<v1::GetBoardResponse> GetBoard(const std::string& plan);
  absl::StatusOr<v1::RecomputeValuesResponse> Recompute();
  // As the operators ask for it.
  absl::StatusOr<v1::RebuildCacheResponse> RebuildCache();
  // Whether this replica says that it is on duty, which it does at first.
  void SetOnDuty(bool on_duty) { on_duty_ = on_duty; }

  // Events of a type, in the order of the log.
  std::vector<store::Event> Events(const std::string& type);

 private:
  void Start();
  void Stop();

  MovableClock clock_;
  const int redis_port_;
  const absl::Duration redis_patience_;
  const ValuePublisher::Options options_;
  std::unique_ptr<Catalog> catalog_;
  testing::TestDatabase database_;
  // The version of the last event, whatever it was about: it only has to grow.
  int64_t heard_ = 0;
  std::unique_ptr<cache::Cache> redis_;
  std::unique_ptr<ValueCache> values_;
  std::unique_ptr<ValuePublisher> publisher_;
  std::unique_ptr<Recomputer> recomputer_;
  std::unique_ptr<KpiService> service_;
  std::unique_ptr<KpiAdminService> admin_service_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::KpiService::Stub> stub_;
  std::unique_ptr<v1::KpiAdminService::Stub> admin_stub_;
  std::atomic<bool> on_duty_ = true;
};

// A percentage, and an observation of it.
v1::Indicator Percentage(const std::string& id);
v1::Target AtLeast(const std::string& indicator, const std::string& id, const std::string& value);
struct Seen {
  std::string indicator;
  std::string unit;
  std::string date;
  std::string numerator;
  std::string denominator;
  std::string key;
};
v1::Observation Observed(const Seen& seen);

}  // namespace dondoc::kpi
