#include "libs/rpc/feed.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"

namespace dondoc::rpc {
namespace {

// A thread that is woken by commits looks around now and then all the same.
constexpr absl::Duration kPatience = absl::Seconds(1);

absl::Status Stopping() {
  return Refuse(absl::StatusCode::kUnavailable, "STOPPING",
                {.vi = "Dịch vụ đang dừng; hãy nối lại từ vị trí cuối đã nhận.",
                 .en = "the service is stopping; resume after the last sequence received"});
}

}  // namespace

Feeds::Feeds(store::Database& database, const Doorkeeper& door, Observer observer)
    : database_(database),
      door_(door),
      observer_(std::move(observer)),
      thread_([this] { Run(); }) {}

Feeds::~Feeds() {
  Stop();
  database_.Wake();
  thread_.join();
}

void Feeds::Stop() {
  std::set<std::shared_ptr<FeedBase>> feeds;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    feeds = feeds_;
  }
  for (const auto& feed : feeds) feed->Cancel(ToGrpc(Stopping()));
}

void Feeds::Add(const std::shared_ptr<FeedBase>& feed) {
  bool stopping = false;
  {
    std::lock_guard lock(mutex_);
    feeds_.insert(feed);
    stopping = stopping_;
  }
  if (stopping) feed->Cancel(ToGrpc(Stopping()));
}

void Feeds::Remove(const std::shared_ptr<FeedBase>& feed) {
  std::lock_guard lock(mutex_);
  feeds_.erase(feed);
}

void Feeds::Run() {
  int64_t seen = database_.LastSequence();
  while (true) {
    const int64_t last = database_.WaitForSequenceAfter(seen, kPatience);
    std::set<std::shared_ptr<FeedBase>> feeds;
    {
      std::lock_guard lock(mutex_);
      if (stopping_) return;
      if (last > seen) feeds = feeds_;
    }
    seen = last;
    for (const auto& feed : feeds) feed->Poke();
  }
}

absl::StatusOr<std::vector<store::Event>> Feeds::ReadFor(const Call& call,
                                                         store::Snapshot& snapshot,
                                                         const std::vector<Reserved>& reserved,
                                                         int64_t& cursor) const {
  std::vector<std::string> hidden;
  for (const Reserved& events : reserved) {
    ASSIGN_OR_RETURN(const bool allowed, door_.Allows(events.method, snapshot, call));
    if (!allowed) hidden.push_back(events.type_prefix);
  }
  const auto is_hidden = [&hidden](const store::Event& event) {
    return std::any_of(hidden.begin(), hidden.end(), [&event](const std::string& prefix) {
      return absl::StartsWith(event.type, prefix);
    });
  };
  // A feed that has nothing to tell waits until the log grows, so a batch that is left out whole
  // must not look like its end.
  std::vector<store::Event> told;
  bool more = true;
  while (told.empty() && more) {
    std::vector<store::Event> events = store::ReadEvents(snapshot, cursor + 1, kFeedBatch);
    more = events.size() == static_cast<size_t>(kFeedBatch);
    for (store::Event& event : events) {
      cursor = event.sequence;
      if (!is_hidden(event)) told.push_back(std::move(event));
    }
  }
  return told;
}

common::v1::Change Feeds::ToChange(store::Event event) {
  common::v1::Change change;
  change.set_sequence(event.sequence);
  change.set_id(std::move(event.id));
  change.set_type(std::move(event.type));
  change.set_name(std::move(event.name));
  change.set_version(event.version);
  change.set_actor(std::move(event.actor));
  change.set_traceparent(std::move(event.traceparent));
  const int64_t micros = absl::ToUnixMicros(event.at);
  change.mutable_time()->set_seconds(micros / 1'000'000);
  change.mutable_time()->set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1'000));
  change.mutable_payload()->set_type_url(absl::StrCat("type.googleapis.com/", event.schema));
  change.mutable_payload()->set_value(std::move(event.payload));
  return change;
}

}  // namespace dondoc::rpc
