#include "libs/bus/bus.h"

#include <optional>
#include <utility>

#include "libs/bus/consumer.h"
#include "libs/bus/metrics.h"
#include "libs/bus/relay.h"

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
        metrics_(options.metrics == nullptr ? *own_registry_ : *options.metrics),
        relay_(options, database, metrics_) {
    if (sources.empty()) return;
    consumer_.emplace(options, database, std::move(sources), std::move(subscriptions), metrics_);
  }

  bool Connected() const override {
    return relay_.Connected() && (!consumer_ || consumer_->Connected());
  }
  int64_t Unpublished() const override { return relay_.Unpublished(); }
  void RepublishFrom(int64_t sequence) override { relay_.RepublishFrom(sequence); }

 private:
  // What is counted for nobody, when no registry was given.
  const std::unique_ptr<metrics::Registry> own_registry_;
  Metrics metrics_;
  Relay relay_;
  std::optional<Consumer> consumer_;
};

}  // namespace

std::unique_ptr<Bus> Bus::Start(const BusOptions& options, store::Database& database,
                                std::vector<std::string> sources,
                                std::vector<Subscription> subscriptions) {
  return std::make_unique<NatsBus>(options, database, std::move(sources), std::move(subscriptions));
}

std::vector<store::Migration> Migrations() { return bus_schema(); }

}  // namespace dondoc::bus
