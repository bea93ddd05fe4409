#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "dondoc/common/v1/change.pb.h"
#include "libs/base/status_macros.h"
#include "libs/base/trace.h"
#include "libs/rpc/doorkeeper.h"
#include "libs/rpc/observe.h"
#include "libs/store/database.h"

namespace dondoc::rpc {

// One open feed; see Feeds.
class FeedBase {
 public:
  virtual ~FeedBase() = default;
  // The log has grown.
  virtual void Poke() = 0;
  virtual void Cancel(const grpc::Status& status) = 0;
};

// Server streams that go on as the log of events grows: WatchChanges and its kin. One thread waits
// for commits and pokes every open feed; a feed reads what is new and writes it, one message at a
// time, so a slow reader holds up nobody. Thread-safe.
class Feeds {
 public:
  // Borrows the database and the doorkeeper.
  explicit Feeds(store::Database& database, const Doorkeeper& door = Doorkeeper::Open(),
                 Observer observer = LogRefusal);
  ~Feeds();

  // Ends every feed with UNAVAILABLE, and each that is opened later at once. Call it before
  // Server::Drain, which waits for open streams.
  void Stop();

  // Opens a feed when the doorkeeper lets the caller in. `next(call, store::Snapshot&, cursor,
  // out)` appends messages after `cursor` to `out` and moves the cursor; it is called again
  // whenever the log has grown, after the doorkeeper was asked again. It may refuse, which ends the
  // stream. `cursor` is any state that can be copied. What is observed and audited is how the
  // doorkeeper answered.
  template <typename Response, typename Cursor, typename Request>
  grpc::ServerWriteReactor<Response>* Open(
      const grpc::CallbackServerContext& context, const Request& request, Cursor cursor,
      std::function<absl::Status(const Call&, store::Snapshot&, Cursor&, std::vector<Response>&)>
          next);

  // Events that are told only to those who may call a method which tells the same.
  struct Reserved {
    // What their type begins with: "dondoc.registry.grant.".
    std::string type_prefix;
    // "dondoc.registry.v1.RegistryService/ListGrants".
    std::string method;
  };

  // The feed behind every service's WatchChanges. Events that are reserved for others are left out,
  // and leave a gap in the sequence.
  template <typename Response, typename Request>
  grpc::ServerWriteReactor<Response>* WatchChanges(const grpc::CallbackServerContext& context,
                                                   const Request& request,
                                                   std::vector<Reserved> reserved = {}) {
    const int64_t from = request.from_sequence();
    return Open<Response, int64_t>(context, request, from > 0 ? from - 1 : 0,
                                   [this, reserved = std::move(reserved)](
                                       const Call& call, store::Snapshot& snapshot, int64_t& cursor,
                                       std::vector<Response>& out) -> absl::Status {
                                     ASSIGN_OR_RETURN(std::vector<store::Event> events,
                                                      ReadFor(call, snapshot, reserved, cursor));
                                     for (store::Event& event : events) {
                                       *out.emplace_back().mutable_change() =
                                           ToChange(std::move(event));
                                     }
                                     return absl::OkStatus();
                                   });
  }

  // How many messages a feed reads at once.
  static constexpr int64_t kFeedBatch = 100;

  static dondoc::common::v1::Change ToChange(store::Event event);

  // For the reactors.
  void Add(const std::shared_ptr<FeedBase>& feed);
  void Remove(const std::shared_ptr<FeedBase>& feed);
  store::Database& database() { return database_; }
  const Doorkeeper& door() const { return door_; }
  void Report(const Call& call, const absl::Status& status, absl::Duration took) const {
    const TraceScope trace(call.traceparent);
    Audit(call, status);
    if (!status.ok()) observer_(call, status, took);
  }

 private:
  void Run();
  // The next events that the caller may be told, as the grants are now; none at the end of the log.
  // Moves the cursor, past those that are left out too.
  absl::StatusOr<std::vector<store::Event>> ReadFor(const Call& call, store::Snapshot& snapshot,
                                                    const std::vector<Reserved>& reserved,
                                                    int64_t& cursor) const;

  store::Database& database_;
  const Doorkeeper& door_;
  const Observer observer_;
  std::mutex mutex_;
  std::set<std::shared_ptr<FeedBase>> feeds_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace dondoc::rpc

#include "libs/rpc/feed_reactor.h"
