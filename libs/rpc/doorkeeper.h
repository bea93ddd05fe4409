#pragma once

#include <google/protobuf/descriptor.h>
#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "libs/base/clock.h"
#include "libs/identity/access_table.h"
#include "libs/identity/directory.h"
#include "libs/identity/token.h"
#include "libs/rpc/call.h"
#include "libs/rpc/rate_limit.h"
#include "libs/store/database.h"

namespace dondoc::rpc {

// Decides who may call what, before anything else of a call is done.
//
// An open door lets everybody reach everything and believes what callers say of themselves; it is
// for one machine. Any other asks, in this order: the method's row, the size of the request, who
// calls, how often, and which grant lets them, how far (docs/access.md). Thread-safe.
class Doorkeeper {
 public:
  // Calls a minute that one source (a system's certificate, else an address) may make with a proof
  // that is refused, or with a message that cannot be read, over all methods. An honest client
  // fails once when its token has just expired and then fetches another; but behind the edge a
  // whole office has one address, so this is an office that comes back from a break, and not one
  // person. Calls with a good proof are not counted, and go on however many others fail.
  static constexpr int kUnprovenPerMinute = 1'200;

  // Everything borrowed but the rest.
  struct Options {
    // Of the methods that this program links in.
    const identity::AccessTable& table;
    identity::Directory& directory;
    const Clock& clock;
    // Issuers whose tokens are believed. One without a `find_key` is our own: its keys are those of
    // the directory.
    std::vector<identity::Issuer> issuers = {};
    // Common name of who may tell a system's subject; empty: each connection tells its own alone.
    std::string edge = "edge";
  };
  // A door for callers.
  explicit Doorkeeper(Options options);

  // A door for the operators of this program: known by the certificate of the connection itself,
  // whose common name is one of these. They need no grant, because the first grant of an
  // installation is theirs to give, but each method must name the role.
  Doorkeeper(Options options, std::set<std::string> operators);

  // The open door.
  static const Doorkeeper& Open();
  bool open() const { return !options_; }

  // A call as it came; nothing is proven.
  Call Receive(const grpc::CallbackServerContext& context,
               const google::protobuf::Descriptor& request_type) const;
  template <typename Request>
  Call Receive(const grpc::CallbackServerContext& context, const Request& request) const {
    Call call = Receive(context, *Request::descriptor());
    if constexpr (requires { request.request_id(); }) SetRequestId(request.request_id(), call);
    if constexpr (requires { request.name().size(); }) {
      SetResource(request.name(), call);
    } else if constexpr (requires { request.parent().size(); }) {
      SetResource(request.parent(), call);
    }
    return call;
  }

  // Whether the call may go on, by the directory as `snapshot` shows it; sets its actor and how far
  // it reaches. Of an open door: yes.
  //
  // INVALID_ARGUMENT REQUEST_TOO_LARGE; UNAUTHENTICATED TOKEN_REFUSED, CERTIFICATE_REFUSED,
  // NOT_SIGNED_IN; RESOURCE_EXHAUSTED TOO_MANY_CALLS; PERMISSION_DENIED NO_GRANT, ROLE_MISSING,
  // SCOPE_TOO_NARROW.
  absl::Status Enter(const grpc::CallbackServerContext& context, size_t request_bytes,
                     store::Snapshot& snapshot, Call& call) const;

  // For a method that anyone may call: no snapshot is needed.
  absl::Status EnterPublic(const grpc::CallbackServerContext& context, size_t request_bytes,
                           Call& call) const;

  // For a request that cannot be read, before anybody looks why: nothing else can be asked about it
  // than its size, and how much its source has sent of this kind. Of an open door: yes.
  //
  // INVALID_ARGUMENT REQUEST_TOO_LARGE; RESOURCE_EXHAUSTED TOO_MANY_CALLS.
  absl::Status EnterUnreadable(const grpc::CallbackServerContext& context, size_t request_bytes,
                               const Call& call) const;

  // The same grants looked at once more, later: in the transaction of a write that waited, or
  // before a stream tells more. Refuses what has been taken away since, and a token that has
  // expired.
  absl::Status Reconsider(store::Snapshot& snapshot, Call& call) const;
  absl::Status Reconsider(store::Transaction& transaction, Call& call) const;

  // Whether the caller of `call` would be let into `method` too. Of an open door: yes; into a
  // method without a row: no.
  absl::StatusOr<bool> Allows(absl::string_view method, store::Snapshot& snapshot,
                              const Call& call) const;

  // One message of a stream of the caller's.
  absl::Status CheckSize(size_t request_bytes, const Call& call) const;
  // What the row of this request takes at most; an open door takes what the server does.
  size_t RequestBytesMax(const google::protobuf::Descriptor& request_type) const;

 private:
  using View = std::shared_ptr<const identity::View>;

  Doorkeeper() = default;

  static void SetRequestId(const std::string& request_id, Call& call);
  void SetResource(const std::string& resource, Call& call) const;
  // Sets the actor and until when that is proven.
  absl::Status Identify(const grpc::CallbackServerContext& context, const identity::View& view,
                        Call& call) const;
  absl::Status IdentifyOperator(const grpc::CallbackServerContext& context, Call& call) const;
  absl::Status CheckRate(absl::string_view caller, const Call& call) const;
  // Counts one call that has proven nothing against its source.
  absl::Status CheckUnproven(const grpc::CallbackServerContext& context, const Call& call) const;
  absl::Status Narrow(const View& view, absl::CivilDay today, Call& call) const;
  absl::StatusOr<std::shared_ptr<const Narrowed>> Reaches(const View& view, absl::CivilDay today,
                                                          const Call& call) const;

  const std::optional<Options> options_;
  const std::optional<std::set<std::string>> operators_;
  std::map<const google::protobuf::Descriptor*, const identity::MethodRule*> rules_;
  mutable RateLimits rates_;

  // Reaches over many units, kept while the directory and the day stay as they are.
  mutable std::mutex mutex_;
  mutable View reaches_of_;
  mutable absl::CivilDay reaches_on_;
  mutable absl::flat_hash_map<std::string, std::shared_ptr<const Narrowed>> reaches_;
};

}  // namespace dondoc::rpc
