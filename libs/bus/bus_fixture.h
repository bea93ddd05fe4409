#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/bus/bus.h"
#include "libs/bus/connection.h"
#include "libs/store/test_database.h"
#include "libs/testing/servers.h"

// What the tests of the bus share: a real broker, services that publish, services that listen.
namespace dondoc::bus {

// Waits until `condition` holds. False when it does not in time.
bool Eventually(const std::function<bool()>& condition, absl::Duration within = absl::Seconds(20));

// Versions `first` to `last` of a resource, as Listener::Effects() shows them: "units/a@3".
std::vector<std::string> Labels(const std::string& resource, int64_t first, int64_t last);

// A broker in a folder of its own.
class Broker {
 public:
  // Does not start it when `running` is false.
  explicit Broker(bool running = true);

  // With the text of a configuration file, or with none.
  void Start(const std::string& configuration = "");
  void Kill() { server_->Kill().IgnoreError(); }
  void Restart();
  // Kills it and removes all that it has stored.
  void Lose();
  // Keeps a copy of its store, and goes back to that copy; while it is down.
  void SaveStore();
  void RestoreStore();
  void Signal(int signal) { server_->Signal(signal); }

  // How to reach it, as `service`.
  BusOptions Options(const std::string& service = "probe") const;
  std::unique_ptr<Connection> Connect() const;
  // Waits until somebody has made the stream.
  void AwaitStream() const;
  // How many messages the stream has held.
  int64_t StreamLength() const;

 private:
  testing::TempDir folder_;
  const int port_ = testing::FreePort();
  std::unique_ptr<testing::ChildProcess> server_;
};

// Sends one message as a publisher called `source` would, but outside of any log.
void PublishByHand(const Broker& broker, const std::string& source, const store::Event& event,
                   const std::string& message_id);
store::Event ByHand(const std::string& source, const std::string& resource, int64_t version);

// A service that changes resources of its own.
class Publisher {
 public:
  explicit Publisher(std::string name = "registry") : name_(std::move(name)) {}

  void Start(const BusOptions& options);
  void Start(const Broker& broker) { Start(broker.Options(name_)); }
  void Stop() { bus_.reset(); }

  // Changes a resource `times` times, each in a write of its own, and waits until all are durable.
  void Change(const std::string& resource, int times = 1, const std::string& payload = "state");
  // True when the broker has everything.
  bool Published() const { return bus_->Unpublished() == 0; }

  Bus& bus() { return *bus_; }
  store::Database& database() { return *database_; }

 private:
  const std::string name_;
  SystemClock clock_;
  testing::TestDatabase database_{Migrations(), clock_};
  std::map<std::string, int64_t> versions_;
  std::unique_ptr<Bus> bus_;
};

// A database that refuses some writes, as one does whose disk is full or whose queue is.
class RefusingDatabase final : public store::Database {
 public:
  explicit RefusingDatabase(store::Database& real) : real_(real) {}

  void RefuseNext(int writes) { to_refuse_ = writes; }
  int Refused() const { return refused_; }

  absl::Status Read(const std::function<absl::Status(store::Snapshot&)>& work) override {
    return real_.Read(work);
  }
  void Write(store::WriteWork work, store::WriteDone done) override;
  int64_t LastSequence() const override { return real_.LastSequence(); }
  int64_t WaitForSequenceAfter(int64_t sequence, absl::Duration timeout) override {
    return real_.WaitForSequenceAfter(sequence, timeout);
  }
  void Wake() override { real_.Wake(); }
  void Stop() override { real_.Stop(); }
  int64_t QueueLength() const override { return real_.QueueLength(); }

 private:
  store::Database& real_;
  std::atomic<int> to_refuse_ = 0;
  std::atomic<int> refused_ = 0;
};

// A service that listens, and writes down what takes effect, in that order.
class Listener {
 public:
  using Verdict = std::function<absl::Status(const Event&)>;

  explicit Listener(std::vector<std::string> sources = {"registry"}, std::string name = "kpi");

  // Instead of its own database for the bus that is started next; borrowed.
  void UseForBus(store::Database& database) { database_of_bus_ = &database; }

  void Start(const BusOptions& options);
  void Start(const Broker& broker) { Start(broker.Options(name_)); }
  void Stop() { bus_.reset(); }

  // What the handler answers after it has written; OK until set.
  void SetVerdict(Verdict verdict);
  // What the handler does; for tests that apply an event themselves.
  absl::Status Handle(store::Transaction& transaction, const Event& event);

  std::vector<std::string> Effects();
  // Waits until there are `count` effects, and returns them.
  std::vector<std::string> AwaitEffects(size_t count);
  std::vector<DeadLetter> DeadLetters();
  int64_t Parked();

  Bus& bus() { return *bus_; }
  store::Database& database() { return *database_; }

 private:
  const std::string name_;
  const std::vector<std::string> sources_;
  SystemClock clock_;
  testing::TestDatabase database_;
  store::Database* database_of_bus_ = &*database_;
  std::mutex mutex_;
  Verdict verdict_;
  std::unique_ptr<Bus> bus_;
};

}  // namespace dondoc::bus
