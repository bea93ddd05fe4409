#include "libs/rpc/doorkeeper.h"

#include <grpc/grpc_security_constants.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/base/status_macros.h"
#include "libs/identity/caller.h"
#include "libs/identity/certificate.h"
#include "libs/identity/errors.h"
#include "libs/rpc/errors.h"
#include "libs/rpc/metadata.h"
#include "libs/rpc/trace.h"

namespace dondoc::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using identity::MethodRule;
using identity::Reach;
using identity::Role;

constexpr char kActor[] = "dondoc-actor";
constexpr char kAnonymous[] = "anonymous";
constexpr char kSystem[] = "system:";
// Longer than any honest name, also when each of its bytes is written as three (metadata.h).
constexpr size_t kActorBytesMax = 1023;
constexpr size_t kRequestIdBytesMax = 64;
// Longer than any name of a resource of ours.
constexpr size_t kResourceBytesMax = 256;
// Callers times methods whose reach is remembered; a reach may be thousands of units.
constexpr size_t kReachesMax = 1'000;

std::vector<absl::string_view> MetadataOf(const grpc::CallbackServerContext& context,
                                          const char* key) {
  std::vector<absl::string_view> values;
  const auto [first, last] = context.client_metadata().equal_range(key);
  for (auto entry = first; entry != last; ++entry) {
    values.emplace_back(entry->second.data(), entry->second.size());
  }
  return values;
}

std::string FirstOf(const grpc::CallbackServerContext& context, const char* key) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find(key);
  if (found == metadata.end()) return "";
  return std::string(found->second.data(), std::min(found->second.size(), kActorBytesMax));
}

// The common name that the other side of the connection itself has proven; "" without TLS, and for
// a certificate that names two.
std::string PeerOf(const grpc::CallbackServerContext& context) {
  const auto proven = context.auth_context();
  if (proven == nullptr || !proven->IsPeerAuthenticated()) return "";
  const auto names = proven->FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME);
  return names.size() == 1 ? std::string(names[0].data(), names[0].size()) : "";
}

// "ipv4:10.0.0.7:41234" without the port, which is another for each connection.
std::string AddressOf(const grpc::CallbackServerContext& context) {
  const std::string peer = context.peer();
  return peer.substr(0, peer.rfind(':'));
}

// The system whose certificate the call shows, itself or through the edge (the common name of its
// certificate; "" where callers come without one); "" for none.
absl::StatusOr<std::string> SystemShown(const grpc::CallbackServerContext& context,
                                        const std::string& edge,
                                        const identity::TellCertificateCause& tell) {
  const identity::ForwardedCertificate shown = {
      .peer = PeerOf(context), .subjects = MetadataOf(context, "x-client-cert-subject")};
  if (edge.empty()) return identity::SystemOfPeer(shown, tell);
  if (shown.subjects.empty()) return std::string();
  return identity::SystemOf(shown, edge, tell);
}

// Whose rate a call counts against that nobody has proven to be theirs: that of the system which it
// came through, else that of its address. Behind the edge all have one address.
std::string SourceOf(const grpc::CallbackServerContext& context, const std::string& edge) {
  const absl::StatusOr<std::string> system =
      SystemShown(context, edge, [](absl::string_view /*cause*/) {});
  return system.ok() && !system->empty() ? *system : AddressOf(context);
}

// Which row a request is for. Every method has a request of its own (buf lint says so).
std::map<const Descriptor*, const MethodRule*> RulesByRequest(const identity::AccessTable& table) {
  std::map<const Descriptor*, const MethodRule*> rules;
  for (const auto& [name, rule] : table.rules()) {
    const std::vector<std::string> halves = absl::StrSplit(name, '/');
    const auto* service = DescriptorPool::generated_pool()->FindServiceByName(halves[0]);
    const auto* method = service == nullptr ? nullptr : service->FindMethodByName(halves[1]);
    if (method != nullptr) rules[method->input_type()] = &rule;
  }
  return rules;
}

// What calls that have proven nothing are counted by, whatever their method.
const MethodRule& UnprovenRule() {
  static const MethodRule& rule = *new MethodRule{
      .method = "unproven", .anyone = true, .per_minute = Doorkeeper::kUnprovenPerMinute};
  return rule;
}

bool SpeaksForAUnit(Role role) {
  return role == Role::kUnitHead || role == Role::kUnitStaff || role == Role::kSystem;
}

}  // namespace

Doorkeeper::Doorkeeper(Options options)
    : options_(std::move(options)), rules_(RulesByRequest(options_->table)) {}

Doorkeeper::Doorkeeper(Options options, std::set<std::string> operators)
    : options_(std::move(options)),
      operators_(std::move(operators)),
      rules_(RulesByRequest(options_->table)) {}

const Doorkeeper& Doorkeeper::Open() {
  static const Doorkeeper* const kOpen = new Doorkeeper;
  return *kOpen;
}

Call Doorkeeper::Receive(const grpc::CallbackServerContext& context,
                         const Descriptor& request_type) const {
  Call call{.method = std::string(absl::StripSuffix(request_type.name(), "Request")),
            .actor = kAnonymous,
            .traceparent = TraceparentOf(context)};
  if (open()) {
    std::string claimed = FromMetadata(FirstOf(context, kActor));
    if (!claimed.empty()) call.actor = std::move(claimed);
    return call;
  }
  const auto rule = rules_.find(&request_type);
  if (rule != rules_.end()) call.rule = rule->second;
  return call;
}

void Doorkeeper::SetRequestId(const std::string& request_id, Call& call) {
  call.request_id = request_id.substr(0, kRequestIdBytesMax);
}

void Doorkeeper::SetResource(const std::string& resource, Call& call) const {
  if (!open()) call.resource = resource.substr(0, kResourceBytesMax);
}

absl::Status Doorkeeper::Enter(const grpc::CallbackServerContext& context, size_t request_bytes,
                               store::Snapshot& snapshot, Call& call) const {
  if (open()) return absl::OkStatus();
  RETURN_IF_ERROR(CheckSize(request_bytes, call));
  ASSIGN_OR_RETURN(const View view, options_->directory.At(snapshot));
  const absl::Status known =
      operators_ ? IdentifyOperator(context, call) : Identify(context, *view, call);
  // Where nobody has to prove anything, a bad proof is as good as none.
  if (!known.ok() && !call.rule->anyone) {
    RETURN_IF_ERROR(CheckUnproven(context, call));
    return known;
  }
  RETURN_IF_ERROR(
      CheckRate(call.actor == kAnonymous ? SourceOf(context, options_->edge) : call.actor, call));
  return Narrow(view, snapshot.today(), call);
}

absl::Status Doorkeeper::EnterPublic(const grpc::CallbackServerContext& context,
                                     size_t request_bytes, Call& call) const {
  if (open()) return absl::OkStatus();
  RETURN_IF_ERROR(CheckSize(request_bytes, call));
  if (!call.rule->anyone) return identity::error::NotSignedIn();
  return CheckRate(SourceOf(context, options_->edge), call);
}

absl::Status Doorkeeper::EnterUnreadable(const grpc::CallbackServerContext& context,
                                         size_t request_bytes, const Call& call) const {
  if (open()) return absl::OkStatus();
  RETURN_IF_ERROR(CheckSize(request_bytes, call));
  return CheckUnproven(context, call);
}

absl::Status Doorkeeper::Reconsider(store::Snapshot& snapshot, Call& call) const {
  if (open()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const View view, options_->directory.At(snapshot));
  return Narrow(view, snapshot.today(), call);
}

absl::Status Doorkeeper::Reconsider(store::Transaction& transaction, Call& call) const {
  if (open()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const View view, options_->directory.At(transaction));
  return Narrow(view, transaction.today(), call);
}

absl::Status Doorkeeper::CheckSize(size_t request_bytes, const Call& call) const {
  if (open()) return absl::OkStatus();
  if (call.rule == nullptr) return identity::error::RoleMissing(call.method);
  const auto bytes = static_cast<int64_t>(request_bytes);
  if (bytes <= call.rule->request_bytes_max) return absl::OkStatus();
  return error::RequestTooLarge(bytes, call.rule->request_bytes_max);
}

absl::StatusOr<bool> Doorkeeper::Allows(absl::string_view method, store::Snapshot& snapshot,
                                        const Call& call) const {
  if (open()) return true;
  Call other = call;
  other.rule = options_->table.Find(method);
  if (other.rule == nullptr) return false;
  ASSIGN_OR_RETURN(const View view, options_->directory.At(snapshot));
  return Narrow(view, snapshot.today(), other).ok();
}

size_t Doorkeeper::RequestBytesMax(const Descriptor& request_type) const {
  const auto rule = rules_.find(&request_type);
  // What has no row is refused by its method, whatever its size.
  if (open() || rule == rules_.end()) return std::numeric_limits<size_t>::max();
  return static_cast<size_t>(rule->second->request_bytes_max);
}

absl::Status Doorkeeper::Identify(const grpc::CallbackServerContext& context,
                                  const identity::View& view, Call& call) const {
  identity::Proven proven;
  proven.by_edge = !options_->edge.empty();
  ASSIGN_OR_RETURN(proven.system,
                   SystemShown(context, options_->edge, identity::LogCertificateCause));
  call.system = proven.system;
  const auto tokens = MetadataOf(context, "authorization");
  if (!tokens.empty()) {
    ASSIGN_OR_RETURN(const std::string token, identity::BearerToken(tokens));
    std::vector<identity::Issuer> issuers = options_->issuers;
    for (identity::Issuer& issuer : issuers) {
      if (issuer.find_key != nullptr) continue;
      issuer.find_key = [&view](absl::string_view id) { return view.FindKey(id); };
      issuer.party_is_system = true;
    }
    ASSIGN_OR_RETURN(proven.person, identity::CheckToken(token, issuers, options_->clock.Now()));
  }
  ASSIGN_OR_RETURN(const std::string principal, identity::CallerOf(proven));
  if (principal.empty()) return identity::error::NotSignedIn();
  call.actor = principal;
  if (proven.person) call.proven_until = proven.person->expires + identity::kClockLeeway;
  return absl::OkStatus();
}

absl::Status Doorkeeper::IdentifyOperator(const grpc::CallbackServerContext& context,
                                          Call& call) const {
  const std::string peer = PeerOf(context);
  if (peer.empty()) return identity::error::NotSignedIn();
  call.actor = absl::StrCat(kSystem, peer);
  return absl::OkStatus();
}

absl::Status Doorkeeper::CheckRate(absl::string_view caller, const Call& call) const {
  const absl::Duration wait = rates_.Take(caller, *call.rule, options_->clock.Now());
  if (wait == absl::ZeroDuration()) return absl::OkStatus();
  return error::TooManyCalls(call.method, call.rule->per_minute, wait);
}

absl::Status Doorkeeper::CheckUnproven(const grpc::CallbackServerContext& context,
                                       const Call& call) const {
  const std::string source = SourceOf(context, options_->edge);
  const absl::Duration wait = rates_.Take(source, UnprovenRule(), options_->clock.Now());
  if (wait == absl::ZeroDuration()) return absl::OkStatus();
  return error::TooManyUnproven(call.method, kUnprovenPerMinute, wait);
}

absl::Status Doorkeeper::Narrow(const View& view, absl::CivilDay today, Call& call) const {
  if (options_->clock.Now() >= call.proven_until) return identity::error::TokenRefused();
  if (operators_) {
    const std::string name(absl::StripPrefix(call.actor, kSystem));
    if (!operators_->contains(name)) return identity::error::NoGrant(call.actor);
    return call.rule->Names(Role::kOperator) ? absl::OkStatus()
                                             : identity::error::RoleMissing(call.rule->method);
  }
  ASSIGN_OR_RETURN(call.narrowed, Reaches(view, today, call));
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const Narrowed>> Doorkeeper::Reaches(const View& view,
                                                                    absl::CivilDay today,
                                                                    const Call& call) const {
  const std::string key = absl::StrCat(call.actor, "\n", call.rule->method);
  {
    const std::lock_guard lock(mutex_);
    if (reaches_of_ == view && reaches_on_ == today) {
      const auto known = reaches_.find(key);
      if (known != reaches_.end()) return known->second;
    }
  }
  const std::vector<identity::Grant>& grants = view->GrantsOf(call.actor);
  ASSIGN_OR_RETURN(Reach reach,
                   identity::Allows(call.actor, grants, *call.rule, view->tree(), today));
  std::vector<identity::Grant> inside;
  std::copy_if(grants.begin(), grants.end(), std::back_inserter(inside),
               [](const identity::Grant& grant) { return !SpeaksForAUnit(grant.role); });
  const auto reach_inside = identity::Allows(call.actor, inside, *call.rule, view->tree(), today);
  auto narrowed = std::make_shared<const Narrowed>(
      Narrowed{.reach = std::move(reach), .inside = reach_inside.value_or(Reach{})});

  const std::lock_guard lock(mutex_);
  if (reaches_of_ != view || reaches_on_ != today || reaches_.size() >= kReachesMax) {
    reaches_.clear();
    reaches_of_ = view;
    reaches_on_ = today;
  }
  reaches_[key] = narrowed;
  return narrowed;
}

}  // namespace dondoc::rpc
