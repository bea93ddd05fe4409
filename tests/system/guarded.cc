#include "tests/system/guarded.h"

#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "dondoc/admin/v1/admin_service.pb.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/status.h"
#include "libs/rpc/tls.h"

namespace dondoc::testing {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::MethodDescriptor;

constexpr char kAuthority[] = "services";
constexpr absl::Duration kPatience = absl::Seconds(20);

// Which program serves a method's service.
std::string ServiceOf(const MethodDescriptor& method) {
  const std::vector<std::string> parts = absl::StrSplit(method.full_name(), '.');
  // Accounts are the registry's; the clock is everybody's.
  return parts[1] == "identity" || parts[1] == "common" ? "registry" : parts[1];
}

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// What follows `before` in `text`, to the next white space; "" until all of it is there.
std::string WordAfter(const std::string& text, const std::string& before) {
  const size_t at = text.find(before);
  if (at == std::string::npos) return "";
  const size_t begin = at + before.size();
  const size_t end = text.find_first_of(" \n", begin);
  return end == std::string::npos ? "" : text.substr(begin, end - begin);
}

}  // namespace

std::string RowOf(const MethodDescriptor& method) {
  return absl::StrCat(method.service()->full_name(), "/", method.name());
}

const MethodDescriptor& MethodNamed(const std::string& row) {
  const std::vector<std::string> halves = absl::StrSplit(row, '/');
  return *DescriptorPool::generated_pool()->FindServiceByName(halves[0])->FindMethodByName(
      halves[1]);
}

Guarded::Guarded(City& city) : city_(city) {
  EXPECT_THAT(files_.MakeCa(kAuthority), IsOk());
  std::vector<std::string> names = ServiceNames();
  names.emplace_back("edge");
  names.emplace_back(kStranger);
  for (const std::string& name : names) {
    EXPECT_THAT(files_.Make({.name = name, .ca = kAuthority}), IsOk());
  }
  const std::string keys = city_.File("keys.json");
  std::ofstream(keys) << identity::testing::JwkSet(KeysJwk());
  for (const std::string& service : ServiceNames()) {
    city_.SetEnvironment(
        service,
        {"DONDOC_TLS_CERTIFICATE=" + files_.certificate(service),
         "DONDOC_TLS_KEY=" + files_.key(service), "DONDOC_TLS_CLIENT_CA=" + files_.ca(kAuthority),
         "DONDOC_ISSUER_NAME=" + TokenOf{}.issuer, "DONDOC_ISSUER_KEYS=file:" + keys});
  }
  // What they have said before told of other ports.
  std::map<std::string, size_t> said;
  for (const std::string& service : ServiceNames()) said[service] = city_.LogOf(service).size();
  city_.TravelToNow();
  for (const std::string& service : ServiceNames()) {
    EXPECT_TRUE(Eventually([&] {
      const std::string port = WordAfter(city_.LogOf(service).substr(said[service]), "admin_port=");
      return absl::SimpleAtoi(port, &admin_ports_[service]);
    })) << service;
  }
}

std::string Guarded::KeysJwk() const {
  return absl::StrCat(key_.Jwk("k1"), ",", rsa_key_.Jwk("k2"));
}

std::map<std::string, std::string> Guarded::EndsOfLogs() {
  std::map<std::string, std::string> ends;
  for (const std::string& service : ServiceNames()) {
    const Answer answer = AskAdmin(service, MethodNamed("dondoc.admin.v1.AdminService/GetStatus"),
                                   "", {.peer = service});
    EXPECT_THAT(answer.status, IsOk()) << service;
    admin::v1::GetStatusResponse status;
    EXPECT_TRUE(status.ParseFromString(answer.bytes)) << service;
    ends[service] = absl::StrCat(status.log().sequence(), " ", status.log().hash());
  }
  return ends;
}

Answer Guarded::Ask(const MethodDescriptor& method, const std::string& request,
                    const Shown& shown) {
  return Call(city_.PortOf(ServiceOf(method)), method, request, shown);
}

Answer Guarded::AskAdmin(const std::string& service, const MethodDescriptor& method,
                         const std::string& request, const Shown& shown) {
  return Call(admin_ports_.at(service), method, request, shown);
}

grpc::GenericStub& Guarded::StubFor(int port, const std::string& peer) {
  std::unique_ptr<grpc::GenericStub>& stub = stubs_[{port, peer}];
  if (stub == nullptr) {
    const auto files = rpc::ReadTls({.certificate = files_.certificate(peer),
                                     .key = files_.key(peer),
                                     .ca = files_.ca(kAuthority)});
    stub = std::make_unique<grpc::GenericStub>(grpc::CreateChannel(
        absl::StrCat("127.0.0.1:", port), rpc::ChannelCredentialsOf(files.value())));
  }
  return *stub;
}

// One message each way, whatever kind of method it is.
Answer Guarded::Call(int port, const MethodDescriptor& method, const std::string& request,
                     const Shown& shown) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
  for (const auto& [key, value] : shown.metadata) context.AddMetadata(key, value);
  grpc::CompletionQueue queue;
  const auto done = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  const auto call =
      StubFor(port, shown.peer).PrepareCall(&context, absl::StrCat("/", RowOf(method)), &queue);
  call->StartCall(nullptr);
  done();
  // Where the call was refused before its message, only Finish() says how.
  call->WriteLast(BufferOf(request), grpc::WriteOptions(), nullptr);
  done();
  grpc::ByteBuffer message;
  call->Read(&message, nullptr);
  const bool told = done();
  if (told && method.server_streaming()) context.TryCancel();
  grpc::Status status;
  call->Finish(&status, nullptr);
  done();
  if (told && method.server_streaming()) status = grpc::Status::OK;
  return {.status = rpc::FromGrpc(status), .bytes = told ? BytesOf(message) : std::string()};
}

void Guarded::MustAsk(const std::string& method, const google::protobuf::Message& request,
                      const Shown& shown, google::protobuf::Message& response) {
  const Answer answer = Ask(MethodNamed(method), request.SerializeAsString(), shown);
  EXPECT_THAT(answer.status, IsOk()) << method << ": " << request.ShortDebugString();
  EXPECT_TRUE(response.ParseFromString(answer.bytes)) << method;
}

std::string Guarded::Token(const TokenOf& token) const {
  const absl::Time now = absl::Now();
  std::string payload =
      absl::StrCat(R"({"iss":")", token.issuer, R"(","aud":")", token.audience, R"(","sub":")",
                   token.subject, R"(","nbf":)", absl::ToUnixSeconds(now + token.not_before),
                   R"(,"exp":)", absl::ToUnixSeconds(now + token.expires));
  if (!token.authorized_party.empty()) {
    absl::StrAppend(&payload, R"(,"azp":")", token.authorized_party, "\"");
  }
  const std::string header =
      absl::StrCat(R"({"alg":")", token.algorithm, R"(","kid":")", token.key_id, R"("})");
  payload += "}";
  if (token.algorithm == "HS256") {
    const bool rsa = token.key_id == "k2";
    return identity::testing::Hs256Token(header, payload, rsa ? rsa_key_.PublicPem() : KeysJwk());
  }
  if (token.algorithm == "RS256") return rsa_key_.Token(header, payload);
  return (token.signed_by_another ? other_key_ : key_).Token(header, payload);
}

Shown Guarded::Person(const std::string& name) const {
  return {.metadata = {{"authorization", absl::StrCat("Bearer ", Token({.subject = name}))}}};
}

Shown Guarded::System(const std::string& name) {
  return {.metadata = {{"x-client-cert-subject", absl::StrCat("CN=", name, ",O=Dondoc")}}};
}

std::string Guarded::Cli(const std::string& person, const std::vector<std::string>& words,
                         int* exit_code) {
  const std::string token_file = city_.File("token-of-" + person);
  std::ofstream(token_file) << Token({.subject = person});
  std::vector<std::string> all = {
      "--tls-ca",  files_.ca(kAuthority), "--tls-certificate", files_.certificate("edge"),
      "--tls-key", files_.key("edge"),    "--token-file",      token_file};
  all.insert(all.end(), words.begin(), words.end());
  return city_.Cli(all, exit_code);
}

}  // namespace dondoc::testing
