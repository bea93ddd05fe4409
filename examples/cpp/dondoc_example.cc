// Another system calls Dondoc: with a certificate, a deadline, and every write safe to repeat.
// See kUsage below. It uses gRPC, protobuf and the standard library, and nothing of this repository
// but what protoc makes of the contracts.

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "dondoc/common/v1/error.pb.h"
#include "dondoc/registry/v1/registry_service.grpc.pb.h"

namespace {

namespace pb = dondoc::registry::v1;
using Clock = std::chrono::system_clock;
using Stub = pb::RegistryService::Stub;

constexpr char kUsage[] =
    "  dondoc_example ADDRESS CA CERTIFICATE KEY list              every unit, page by page\n"
    "  dondoc_example ADDRESS CA CERTIFICATE KEY show units/ID     one unit\n"
    "  dondoc_example ADDRESS CA CERTIFICATE KEY add ID NAME       adds a division, once\n"
    "  dondoc_example ADDRESS CA CERTIFICATE KEY report NAME PER   how far an assignment is, in "
    "per cent\n"
    "  dondoc_example ADDRESS CA CERTIFICATE KEY watch FROM COUNT  the log from a sequence on\n"
    "ADDRESS is host:port of the edge, the others are PEM files. Ends with 0 when it was done, 1 "
    "when\n"
    "it was refused (the reason stands on stderr), 2 for a wrong command line, 4 when nobody "
    "answered.\n";
constexpr auto kDeadline = std::chrono::seconds(20);
constexpr int kTries = 25;
// How long a watch tries to get back to a service that is away.
constexpr auto kWatchPatience = std::chrono::seconds(60);
enum Exit { kDone = 0, kRefused = 1, kUsageError = 2, kUnavailable = 4 };

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// A channel over mutual TLS. It connects when it is first used, and again by itself.
std::shared_ptr<grpc::Channel> Connect(const std::vector<std::string>& words) {
  grpc::ChannelArguments arguments;
  // So that a watch notices a peer that vanished; the servers allow one ping every 20 s.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  // Not only when the name may be looked up again, which is after half a minute by default.
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 1'000);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  const auto credentials = grpc::SslCredentials({.pem_root_certs = Read(words[1]),
                                                 .pem_private_key = Read(words[3]),
                                                 .pem_cert_chain = Read(words[2])});
  return grpc::CreateCustomChannel(words[0], credentials, arguments);
}

// A random UUID, for request_id.
std::string NewRequestId() {
  std::random_device random;
  std::string id = "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx";
  for (char& c : id) {
    if (c == 'x') c = "0123456789abcdef"[random() % 16];
  }
  return id;
}

// One call within its deadline. UNAVAILABLE is tried again with the same request, and so with the
// same request_id: what was done already is answered again, not done again.
template <typename Request, typename Response>
grpc::Status Call(Stub& stub,
                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                  const Request& request, Response& response) {
  const Clock::time_point deadline = Clock::now() + kDeadline;
  for (int attempt = 1;; ++attempt) {
    grpc::ClientContext context;
    context.set_deadline(deadline);
    response.Clear();
    const grpc::Status status = (stub.*method)(&context, request, &response);
    const auto pause = std::chrono::milliseconds(std::min(100 << std::min(attempt, 4), 1'000));
    if (status.error_code() != grpc::StatusCode::UNAVAILABLE || attempt == kTries ||
        Clock::now() + pause > deadline) {
      return status;
    }
    std::this_thread::sleep_for(pause);
  }
}

// The reason of a refusal; "" when it carries none.
std::string ReasonOf(const grpc::Status& status) {
  dondoc::common::v1::RefusalStatus refusal;
  dondoc::common::v1::ErrorInfo info;
  if (!refusal.ParseFromString(status.error_details())) return "";
  for (const auto& detail : refusal.details()) {
    // The type is named google.rpc.ErrorInfo, whose fields these are.
    if (detail.type_url() == "type.googleapis.com/google.rpc.ErrorInfo" &&
        info.ParseFromString(detail.value())) {
      return info.reason();
    }
  }
  return "";
}

// Every unit: pages follow until one has no token.
grpc::Status ListUnits(Stub& stub) {
  pb::ListUnitsRequest request;
  request.set_page_size(2);
  do {
    pb::ListUnitsResponse page;
    const grpc::Status status = Call(stub, &Stub::ListUnits, request, page);
    if (!status.ok()) return status;
    for (const pb::Unit& unit : page.units()) {
      std::cout << unit.name() << ' ' << unit.display_name() << '\n';
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return grpc::Status::OK;
}

grpc::Status ShowUnit(Stub& stub, const std::string& name) {
  pb::GetUnitRequest request;
  request.set_name(name);
  pb::GetUnitResponse response;
  const grpc::Status status = Call(stub, &Stub::GetUnit, request, response);
  if (status.ok()) std::cout << response.unit().display_name() << '\n';
  return status;
}

// Adds a division, and asks for the same once more, as after an answer that got lost.
grpc::Status AddUnit(Stub& stub, const std::string& id, const std::string& display_name) {
  pb::AddUnitRequest request;
  request.set_request_id(NewRequestId());
  request.mutable_unit()->set_name("units/" + id);
  request.mutable_unit()->set_display_name(display_name);
  request.mutable_unit()->set_kind(pb::UNIT_KIND_DIVISION);
  request.mutable_unit()->set_valid_from("2023-01-01");
  pb::AddUnitResponse first;
  pb::AddUnitResponse again;
  grpc::Status status = Call(stub, &Stub::AddUnit, request, first);
  if (status.ok()) status = Call(stub, &Stub::AddUnit, request, again);
  if (!status.ok()) return status;
  if (first.SerializeAsString() != again.SerializeAsString()) {
    throw std::logic_error("a repetition gets the first answer");
  }
  std::cout << first.unit().name() << ' ' << first.unit().etag() << '\n';
  return status;
}

// Says how far the work on an assignment is; refused when somebody has changed it since it was
// read.
grpc::Status ReportProgress(Stub& stub, const std::string& name, int percent) {
  pb::GetAssignmentRequest what;
  what.set_name(name);
  pb::GetAssignmentResponse seen;
  grpc::Status status = Call(stub, &Stub::GetAssignment, what, seen);
  if (!status.ok()) return status;
  pb::ReportProgressRequest request;
  request.set_request_id(NewRequestId());
  request.set_name(name);
  request.set_etag(seen.assignment().etag());
  request.set_percent(percent);
  pb::ReportProgressResponse response;
  status = Call(stub, &Stub::ReportProgress, request, response);
  if (status.ok()) {
    std::cout << response.assignment().name() << ' ' << response.assignment().percent() << '\n';
  }
  return status;
}

// Prints `count` changes from `sequence` on. A real system keeps the last sequence with what it
// made of it, in one transaction; then nothing is missed and nothing is done twice.
grpc::Status Watch(Stub& stub, int64_t sequence, int count) {
  Clock::time_point heard = Clock::now();
  while (true) {
    grpc::ClientContext context;
    pb::WatchChangesRequest request;
    request.set_from_sequence(sequence);
    const auto stream = stub.WatchChanges(&context, request);
    pb::WatchChangesResponse answer;
    while (count > 0 && stream->Read(&answer)) {
      heard = Clock::now();
      std::cout << answer.change().sequence() << ' ' << answer.change().type() << ' '
                << answer.change().name() << std::endl;
      sequence = answer.change().sequence() + 1;
      --count;
    }
    if (count == 0) context.TryCancel();
    const grpc::Status status = stream->Finish();
    if (count == 0) return grpc::Status::OK;
    if (status.error_code() != grpc::StatusCode::UNAVAILABLE ||
        Clock::now() - heard > kWatchPatience) {
      return status;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
}

int Report(const grpc::Status& status) {
  if (status.ok()) return kDone;
  static const char* const kNames[] = {"OK",
                                       "CANCELLED",
                                       "UNKNOWN",
                                       "INVALID_ARGUMENT",
                                       "DEADLINE_EXCEEDED",
                                       "NOT_FOUND",
                                       "ALREADY_EXISTS",
                                       "PERMISSION_DENIED",
                                       "RESOURCE_EXHAUSTED",
                                       "FAILED_PRECONDITION",
                                       "ABORTED",
                                       "OUT_OF_RANGE",
                                       "UNIMPLEMENTED",
                                       "INTERNAL",
                                       "UNAVAILABLE",
                                       "DATA_LOSS",
                                       "UNAUTHENTICATED"};
  std::cerr << kNames[status.error_code()] << ' ' << ReasonOf(status) << ' '
            << status.error_message() << '\n';
  const bool away = status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                    status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
  return away ? kUnavailable : kRefused;
}

int Run(const std::vector<std::string>& words) {
  const std::string command = words.size() > 4 ? words[4] : "";
  const size_t count = words.size();
  if (!((command == "list" && count == 5) || (command == "show" && count == 6) ||
        (command == "add" && count == 7) || (command == "report" && count == 7) ||
        (command == "watch" && count == 7))) {
    std::cerr << kUsage;
    return kUsageError;
  }
  const auto stub = pb::RegistryService::NewStub(Connect(words));
  if (command == "list") return Report(ListUnits(*stub));
  if (command == "show") return Report(ShowUnit(*stub, words[5]));
  if (command == "add") return Report(AddUnit(*stub, words[5], words[6]));
  if (command == "report") return Report(ReportProgress(*stub, words[5], std::stoi(words[6])));
  return Report(Watch(*stub, std::stoll(words[5]), std::stoi(words[6])));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::exception& wrong) {
    std::cerr << wrong.what() << '\n';
    return kUsageError;
  }
}
