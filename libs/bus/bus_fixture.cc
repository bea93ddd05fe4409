#include "libs/bus/bus_fixture.h"

#include <gtest/gtest.h>

#include <fstream>
#include <latch>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/ids.h"
#include "libs/base/status_matchers.h"
#include "libs/bus/inbox.h"
#include "libs/bus/stream.h"
#include "libs/bus/wire.h"

namespace dondoc::bus {
namespace {

using ::dondoc::testing::IsOk;

std::vector<store::Migration> WithEffects() {
  std::vector<store::Migration> migrations = Migrations();
  migrations.push_back({.component = "test",
                        .number = 1,
                        .sql = "create table effects (id integer primary key, label text not null, "
                               "payload blob not null) strict;"});
  return migrations;
}

std::string Label(const std::string& resource, int64_t version) {
  return absl::StrCat(resource, "@", version);
}

}  // namespace

bool Eventually(const std::function<bool()>& condition, absl::Duration within) {
  const absl::Time deadline = absl::Now() + within;
  while (!condition()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(2));
  }
  return true;
}

std::vector<std::string> Labels(const std::string& resource, int64_t first, int64_t last) {
  std::vector<std::string> labels;
  for (int64_t version = first; version <= last; ++version) {
    labels.push_back(Label(resource, version));
  }
  return labels;
}

Broker::Broker(bool running) {
  if (running) Start();
}

void Broker::Start(const std::string& configuration) {
  std::vector<std::string> arguments;
  if (!configuration.empty()) {
    const std::string file = folder_.File("nats.conf");
    std::ofstream(file) << configuration;
    arguments = {"--config", file};
  }
  auto started = testing::StartNats(folder_, {.port = port_, .arguments = arguments});
  ASSERT_THAT(started, IsOk());
  server_ = *std::move(started);
}

void Broker::Restart() { ASSERT_THAT(server_->Restart(), IsOk()); }

void Broker::Lose() {
  Kill();
  std::filesystem::remove_all(folder_.File("jetstream"));
}

void Broker::SaveStore() {
  std::filesystem::copy(folder_.File("jetstream"), folder_.File("saved"),
                        std::filesystem::copy_options::recursive);
}

void Broker::RestoreStore() {
  std::filesystem::remove_all(folder_.File("jetstream"));
  std::filesystem::rename(folder_.File("saved"), folder_.File("jetstream"));
}

BusOptions Broker::Options(const std::string& service) const {
  BusOptions options;
  options.url = absl::StrCat("nats://127.0.0.1:", port_);
  options.service = service;
  options.retry_delays = {absl::Milliseconds(20), absl::Milliseconds(40)};
  return options;
}

std::unique_ptr<Connection> Broker::Connect() const {
  return Connection::Open(Options(), "test").value();
}

void Broker::AwaitStream() const {
  const std::unique_ptr<Connection> connection = Connect();
  EXPECT_TRUE(Eventually([&] { return GetStream(*connection).ok(); }));
}

int64_t Broker::StreamLength() const {
  const std::unique_ptr<Connection> connection = Connect();
  const absl::StatusOr<StreamState> stream = GetStream(*connection);
  return stream.ok() ? stream->last_sequence : 0;
}

void PublishByHand(const Broker& broker, const std::string& source, const store::Event& event,
                   const std::string& message_id) {
  const std::unique_ptr<Connection> connection = broker.Connect();
  const Message message =
      ToMessage(event, source, message_id, connection->ReplyTo("answer")).value();
  ASSERT_THAT(connection->Send(message.get()), IsOk());
  const absl::StatusOr<Message> answer = connection->Receive(absl::Seconds(5));
  ASSERT_THAT(answer, IsOk());
  ASSERT_NE(*answer, nullptr);
}

store::Event ByHand(const std::string& source, const std::string& resource, int64_t version) {
  return {.sequence = version,
          .id = NewUuid(),
          .type = absl::StrCat("dondoc.", source, ".unit.changed"),
          .name = resource,
          .version = version,
          .schema = "dondoc.test.Unit",
          .payload = "by hand",
          .actor = "users/test",
          .at = absl::Now(),
          .traceparent = ""};
}

void Publisher::Start(const BusOptions& options) { bus_ = Bus::Start(options, *database_, {}, {}); }

void Publisher::Change(const std::string& resource, int times, const std::string& payload) {
  const auto unanswered = std::make_shared<std::latch>(times);
  for (int i = 0; i < times; ++i) {
    const int64_t version = ++versions_[resource];
    database_->Write(
        [&, version](store::Transaction& transaction) {
          transaction.Emit({.type = absl::StrCat("dondoc.", name_, ".unit.changed"),
                            .name = resource,
                            .version = version,
                            .schema = "dondoc.test.Unit",
                            .payload = payload});
          return absl::OkStatus();
        },
        [unanswered](const absl::Status& status) {
          EXPECT_THAT(status, IsOk());
          unanswered->count_down();
        });
  }
  unanswered->wait();
}

void RefusingDatabase::Write(store::WriteWork work, store::WriteDone done) {
  if (to_refuse_ > 0) {
    --to_refuse_;
    ++refused_;
    done(absl::ResourceExhaustedError("the disk is full"));
    return;
  }
  real_.Write(std::move(work), std::move(done));
}

Listener::Listener(std::vector<std::string> sources, std::string name)
    : name_(std::move(name)), sources_(std::move(sources)), database_(WithEffects(), clock_) {}

void Listener::Start(const BusOptions& options) {
  bus_ = Bus::Start(options, *database_of_bus_, sources_,
                    {{"dondoc.>", [this](store::Transaction& transaction, const Event& event) {
                        return Handle(transaction, event);
                      }}});
}

void Listener::SetVerdict(Verdict verdict) {
  std::lock_guard lock(mutex_);
  verdict_ = std::move(verdict);
}

absl::Status Listener::Handle(store::Transaction& transaction, const Event& event) {
  transaction.sql().Run("insert into effects (label, payload) values (:label, :payload)",
                        Label(event.name, event.version), store::Bytes{event.payload});
  std::lock_guard lock(mutex_);
  return verdict_ ? verdict_(event) : absl::OkStatus();
}

std::vector<std::string> Listener::Effects() {
  std::vector<std::string> effects;
  EXPECT_THAT(database_->Read([&](store::Snapshot& snapshot) {
    snapshot.sql().ForEach<std::string>("select label from effects order by id",
                                        [&](std::string label) { effects.push_back(label); });
    return absl::OkStatus();
  }),
              IsOk());
  return effects;
}

std::vector<std::string> Listener::AwaitEffects(size_t count) {
  const auto count_now = [this] {
    int64_t effects = 0;
    EXPECT_THAT(database_->Read([&](store::Snapshot& snapshot) {
      effects = *snapshot.sql().Value<int64_t>("select count(*) from effects");
      return absl::OkStatus();
    }),
                IsOk());
    return static_cast<size_t>(effects);
  };
  EXPECT_TRUE(Eventually([&] { return count_now() >= count; }));
  return Effects();
}

std::vector<DeadLetter> Listener::DeadLetters() {
  std::vector<DeadLetter> letters;
  EXPECT_THAT(database_->Read([&](store::Snapshot& snapshot) {
    letters = ReadDeadLetters(snapshot);
    return absl::OkStatus();
  }),
              IsOk());
  return letters;
}

int64_t Listener::Parked() {
  int64_t parked = 0;
  EXPECT_THAT(database_->Read([&](store::Snapshot& snapshot) {
    parked = CountWaiting(snapshot).parked;
    return absl::OkStatus();
  }),
              IsOk());
  return parked;
}

}  // namespace dondoc::bus
