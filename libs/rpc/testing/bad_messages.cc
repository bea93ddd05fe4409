#include "libs/rpc/testing/bad_messages.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/unknown_field_set.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/message_check.h"
#include "libs/rpc/status.h"

namespace dondoc::testing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// No message of ours has so many fields.
constexpr int kUnknownField = 1000;
constexpr absl::string_view kUnknownGroup = "\xC3\x3E";
constexpr absl::string_view kUnknownGroupEnd = "\xC4\x3E";

// "Công nghệ" in TCVN3; its second byte is the first that is no UTF-8.
constexpr absl::string_view kTcvn3 = "C\xabng ngh\xd6";

std::string Times(absl::string_view bytes, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) absl::StrAppend(&all, bytes);
  return all;
}

// A number or a length as protobuf writes it.
std::string Varint(size_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}

std::string Delimited(int field, absl::string_view content) {
  return absl::StrCat(Varint(static_cast<size_t>(field) << 3 | 2), Varint(content.size()), content);
}

struct Spoiled {
  std::string field;
  std::string bytes;
};

// A message of this type whose first field of text, however deep, is in TCVN3. Nothing when it has
// no text.
std::optional<Spoiled> SpoiledText(const Descriptor& type, int depth = 0) {
  constexpr int kDeepest = 4;
  for (int i = 0; i < type.field_count() && depth < kDeepest; ++i) {
    const FieldDescriptor& field = *type.field(i);
    const std::string name = absl::StrCat(field.name(), field.is_repeated() ? "[0]" : "");
    if (field.type() == FieldDescriptor::TYPE_STRING) {
      return Spoiled{name, Delimited(field.number(), kTcvn3)};
    }
    if (field.type() != FieldDescriptor::TYPE_MESSAGE) continue;
    if (const auto inner = SpoiledText(*field.message_type(), depth + 1)) {
      return Spoiled{absl::StrCat(name, ".", inner->field),
                     Delimited(field.number(), inner->bytes)};
    }
  }
  return std::nullopt;
}

class Sender {
 public:
  explicit Sender(int port)
      : stub_(grpc::CreateChannel(absl::StrCat("127.0.0.1:", port),
                                  grpc::InsecureChannelCredentials())) {}

  // What the server says to these bytes, or to no message when there are none.
  absl::Status Send(const MethodDescriptor& method, const std::string* bytes) {
    const std::string path = absl::StrCat("/", method.service()->full_name(), "/", method.name());
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    // A stream of one message looks to the server like a call with one request, and may be empty.
    const auto stream = stub_.PrepareCall(&context, path, &queue);
    stream->StartCall(nullptr);
    Await(queue);
    if (bytes != nullptr) {
      const grpc::Slice slice(*bytes);
      stream->Write(grpc::ByteBuffer(&slice, 1), nullptr);
      Await(queue);
    }
    stream->WritesDone(nullptr);
    Await(queue);
    grpc::Status status;
    stream->Finish(&status, nullptr);
    Await(queue);
    queue.Shutdown();
    return rpc::FromGrpc(status);
  }

 private:
  static void Await(grpc::CompletionQueue& queue) {
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
  }

  grpc::GenericStub stub_;
};

void ExpectRefusal(const absl::Status& got, const char* reason, const std::string& what) {
  EXPECT_THAT(got, StatusIs(absl::StatusCode::kInvalidArgument)) << what;
  EXPECT_THAT(got, Refuses(reason)) << what;
  // Vietnamese, then English in parentheses.
  const std::string sentence(got.message());
  const size_t english = sentence.find(" (");
  ASSERT_NE(english, std::string::npos) << what << ": " << sentence;
  EXPECT_EQ(sentence.back(), ')') << what << ": " << sentence;
  EXPECT_TRUE(std::any_of(sentence.begin(), sentence.begin() + static_cast<ptrdiff_t>(english),
                          [](char c) { return (c & 0x80) != 0; }))
      << what << ": " << sentence;
}

void ExpectBadMessagesRefused(Sender& sender, const MethodDescriptor& method) {
  const std::string cut = Delimited(1, "x") + "\x0A\x05x";
  const std::string deep = Times(kUnknownGroup, 101) + Times(kUnknownGroupEnd, 101);
  const std::string unknown =
      Delimited(kUnknownField, std::string(dondoc::rpc::kUnknownBytesMax, 'x'));
  const std::string no_protobuf = "GET / HTTP/1.1";
  const std::string& name = method.name();
  ExpectRefusal(sender.Send(method, &cut), "MESSAGE_UNREADABLE", name + ", cut");
  ExpectRefusal(sender.Send(method, &no_protobuf), "MESSAGE_UNREADABLE", name + ", no protobuf");
  ExpectRefusal(sender.Send(method, nullptr), "MESSAGE_UNREADABLE", name + ", nothing");
  ExpectRefusal(sender.Send(method, &deep), "MESSAGE_TOO_DEEP", name + ", deep");
  ExpectRefusal(sender.Send(method, &unknown), "UNKNOWN_FIELDS_TOO_LONG", name + ", unknown");
  const auto spoiled = SpoiledText(*method.input_type());
  if (!spoiled) return;
  const absl::Status refused = sender.Send(method, &spoiled->bytes);
  ExpectRefusal(refused, "NOT_UTF8", name + ", TCVN3");
  EXPECT_EQ(DetailsOf(refused), (Details{{"field", spoiled->field}, {"byte_offset", "1"}})) << name;
}

}  // namespace

void ExpectBadMessagesRefused(int port, const std::string& service_full_name) {
  const auto* service =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service_full_name);
  ASSERT_NE(service, nullptr) << service_full_name;
  Sender sender(port);
  for (int i = 0; i < service->method_count(); ++i) {
    const MethodDescriptor& method = *service->method(i);
    if (!method.client_streaming()) ExpectBadMessagesRefused(sender, method);
  }
}

void AddUnknownFields(Message& message, absl::string_view content) {
  const auto* reflection = message.GetReflection();
  reflection->MutableUnknownFields(&message)->AddLengthDelimited(kUnknownField,
                                                                 std::string(content));
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      AddUnknownFields(*reflection->MutableMessage(&message, field), content);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      AddUnknownFields(*reflection->MutableRepeatedMessage(&message, field, i), content);
    }
  }
}

void ExpectNotKept(const std::string& database_file, absl::string_view content) {
  std::vector<std::string> paths = {database_file, database_file + "-wal"};
  if (std::filesystem::is_directory(database_file)) {
    paths.clear();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(database_file)) {
      if (entry.is_regular_file()) paths.push_back(entry.path());
    }
  }
  std::string kept;
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    kept.append(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  EXPECT_FALSE(kept.empty()) << database_file;
  EXPECT_FALSE(absl::StrContains(kept, content)) << database_file;
}

}  // namespace dondoc::testing
