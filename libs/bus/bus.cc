#include "libs/bus/bus.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include "libs/bus/consumer.h"
#include "libs/bus/metrics.h"
#include "libs/bus/relay.h"
#include "libs/bus/relay_state.h"
#include "libs/store/errors.h"

namespace dondoc {
std::vector<store::Migration> bus_schema();
}

namespace dondoc::bus {
namespace {

class NatsBus final : public Bus {
 public:
  NatsBus(const BusOptions& options, store::Database& database, std::vector<std::string> sources,
          std::vector<Subscription> subscriptions)
      : own_registry_(options.metrics == nullptr ? std::make_unique<metrics::Registry>() : nullptr),
        metrics_(options.metrics == nullptr ? *own_registry_ : *options.metrics, !sources.empty()),
        options_(options),
        database_(database),
        sources_(std::move(sources)),
        subscriptions_(std::move(subscriptions)) {}

  ~NatsBus() override { End(); }

  void Begin() override {
    std::lock_guard lock(mutex_);
    if (at_work_) return;
    at_work_ = std::make_unique<Threads>(options_, database_, metrics_);
    if (sources_.empty()) return;
    at_work_->consumer.emplace(options_, database_, sources_, subscriptions_, metrics_);
  }

  void End() override {
    std::unique_ptr<Threads> ends;
    {
      std::lock_guard lock(mutex_);
      ends = std::move(at_work_);
    }
    if (!ends) return;
    ends.reset();
    metrics_.Rest(sources_);
  }

  bool AtWork() const override {
    std::lock_guard lock(mutex_);
    return at_work_ != nullptr;
  }
  bool Connected() const override {
    std::lock_guard lock(mutex_);
    return at_work_ && at_work_->relay.Connected() &&
           (!at_work_->consumer || at_work_->consumer->Connected());
  }
  int64_t Unpublished() const override {
    {
      std::lock_guard lock(mutex_);
      if (at_work_) return at_work_->relay.Unpublished();
    }
    int64_t published = 0;
    const absl::Status read = database_.Read([&](store::Snapshot& snapshot) {
      published = ReadRelayState(snapshot).published;
      return absl::OkStatus();
    });
    return read.ok() ? std::max<int64_t>(0, database_.LastSequence() - published) : 0;
  }
  absl::Status RepublishFrom(int64_t sequence) override {
    std::lock_guard lock(mutex_);
    if (!at_work_) return store::error::NotOnDuty();
    at_work_->relay.RepublishFrom(sequence);
    return absl::OkStatus();
  }

 private:
  // What is named later is ended first.
  struct Threads {
    Threads(const BusOptions& options, store::Database& database, Metrics& metrics)
        : relay(options, database, metrics) {}
    Relay relay;
    std::optional<Consumer> consumer;
  };

  // What is counted for nobody, when no registry was given.
  const std::unique_ptr<metrics::Registry> own_registry_;
  Metrics metrics_;
  const BusOptions options_;
  store::Database& database_;
  const std::vector<std::string> sources_;
  const std::vector<Subscription> subscriptions_;

  mutable std::mutex mutex_;
  std::unique_ptr<Threads> at_work_;
};

}  // namespace

std::unique_ptr<Bus> Bus::Prepare(const BusOptions& options, store::Database& database,
                                  std::vector<std::string> sources,
                                  std::vector<Subscription> subscriptions) {
  return std::make_unique<NatsBus>(options, database, std::move(sources), std::move(subscriptions));
}

std::unique_ptr<Bus> Bus::Start(const BusOptions& options, store::Database& database,
                                std::vector<std::string> sources,
                                std::vector<Subscription> subscriptions) {
  auto bus = Prepare(options, database, std::move(sources), std::move(subscriptions));
  bus->Begin();
  return bus;
}

std::vector<store::Migration> Migrations() { return bus_schema(); }

}  // namespace dondoc::bus
