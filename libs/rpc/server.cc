#include "libs/rpc/server.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_option.h>
#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/rpc/errors.h"

namespace dondoc::rpc {
namespace {

// Reflection for one server, or for none: gRPC's library gives it to every server of a process that
// is linked with it, asked for or not.
class Reflection final : public grpc::ServerBuilderOption {
 public:
  explicit Reflection(bool asked_for) : asked_for_(asked_for) {}
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    auto own = std::make_unique<grpc::reflection::ProtoServerReflectionPlugin>();
    plugins->erase(
        std::remove_if(plugins->begin(), plugins->end(),
                       [&](const auto& plugin) { return plugin->name() == own->name(); }),
        plugins->end());
    if (asked_for_) plugins->push_back(std::move(own));
  }

 private:
  const bool asked_for_;
};

// The limits of reliability.md (d.1); each keeps one caller from taking what belongs to all. Some
// are others here; docs/adr/2026-11-28-limits-that-are-not-the-guides.md tells which, and why.
void SetLimits(grpc::ServerBuilder& builder, const ServerOptions& options) {
  builder.SetMaxReceiveMessageSize(options.message_bytes_max);
  builder.SetMaxSendMessageSize(options.message_bytes_max);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 1000);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 * 1024);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 2);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10'000);
  // Two copies on one port would share the callers between them and surprise everybody.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

// A method that nobody has thought about is not served at all.
absl::Status CheckRules(const std::string& service, const identity::AccessTable& table) {
  const auto* described =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service);
  if (described == nullptr)
    return absl::InternalError(absl::StrCat("no service is named ", service));
  for (int i = 0; i < described->method_count(); ++i) {
    const std::string method = absl::StrCat(service, "/", described->method(i)->name());
    if (table.Find(method) == nullptr) return error::MethodWithoutRule(method);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      const std::vector<Served>& services) {
  grpc::EnableDefaultHealthCheckService(true);
  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
  if (options.tls.Used()) {
    ASSIGN_OR_RETURN(const TlsPem pem, ReadTls(options.tls));
    credentials = ServerCredentialsOf(pem);
  }
  std::unique_ptr<Server> server(new Server);
  grpc::ServerBuilder builder;
  SetLimits(builder, options);
  builder.SetOption(std::make_unique<Reflection>(options.reflection));
  builder.AddListeningPort(options.listen, credentials, &server->port_);
  std::vector<Served> all = services;
  if (options.clock != nullptr) {
    server->clock_service_ = std::make_unique<ClockService>(*options.clock, *options.door);
    all.push_back({common::v1::ClockService::service_full_name(), server->clock_service_.get()});
  }
  for (const Served& served : all) {
    if (options.table != nullptr) RETURN_IF_ERROR(CheckRules(served.name, *options.table));
    ASSIGN_OR_RETURN(auto guard, MessageGuard::Before(*served.service, served.name,
                                                      options.observer, *options.door));
    builder.RegisterService(guard.get());
    server->guards_.push_back(std::move(guard));
  }
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr || server->port_ == 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", options.listen, ": the address is taken or not ours"));
  }
  return server;
}

Server::~Server() { Drain(absl::ZeroDuration()); }

void Server::SetServing(bool serving) {
  if (auto* health = server_->GetHealthCheckService()) health->SetServingStatus(serving);
}

void Server::Drain(absl::Duration grace) {
  if (server_ == nullptr) return;
  if (auto* health = server_->GetHealthCheckService()) health->SetServingStatus(false);
  server_->Shutdown(absl::ToChronoTime(absl::Now() + grace));
  server_->Wait();
  server_.reset();
}

void HoldSignals() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void WaitForStop() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  int received = 0;
  sigwait(&signals, &received);
}

}  // namespace dondoc::rpc
