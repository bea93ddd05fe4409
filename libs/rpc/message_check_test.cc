#include "libs/rpc/message_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dondoc/common/v1/change.pb.h"
#include "echo.pb.h"
#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"

namespace dondoc::rpc {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using google::protobuf::FieldDescriptor;

using Message = rpctest::v1::WatchChangesResponse;

struct Row {
  const char* what;
  std::string bytes;
  // "" for a good message.
  std::string reason = "";
  Details details = {};
};

// change { name: "…" }, with these bytes for the text.
std::string WithName(const std::string& name) {
  Message message;
  message.mutable_change()->set_name(name);
  return message.SerializePartialAsString();
}

std::string Repeated(const std::string& bytes, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += bytes;
  return all;
}

std::string UnknownOf(size_t bytes) {
  Message message;
  // A tag of two bytes and a length of two.
  message.GetReflection()->MutableUnknownFields(&message)->AddLengthDelimited(
      1000, std::string(bytes - 4, 'x'));
  return message.SerializeAsString();
}

// What CheckMessage accepts and refuses is what protobuf does, but for its own limit.
void ExpectRows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    const absl::Status checked = CheckMessage(*Message::descriptor(), row.bytes);
    EXPECT_EQ(ReasonOf(checked), row.reason) << row.what << ": " << checked;
    EXPECT_EQ(DetailsOf(checked), row.details) << row.what;
    if (row.reason != "UNKNOWN_FIELDS_TOO_LONG") {
      EXPECT_EQ(Message().ParseFromString(row.bytes), row.reason.empty()) << row.what;
    }
  }
}

TEST(CheckMessage, NamesTheFirstByteThatIsNoUtf8) {
  const auto at = [](const char* offset) {
    return Details{{"field", "change.name"}, {"byte_offset", offset}};
  };
  ExpectRows({
      {"Vietnamese", WithName("Đôn đốc"), ""},
      {"nothing", "", ""},
      {"an emoji", WithName("\xF0\x9F\x8C\x8F"), ""},
      {"TCVN3", WithName("C\xabng"), "NOT_UTF8", at("1")},
      {"after good letters", WithName("Đôn\xC3"), "NOT_UTF8", at("5")},
      {"an overlong slash", WithName("\xC0\xAF"), "NOT_UTF8", at("0")},
      {"half a surrogate pair", WithName("ab\xED\xA0\x80"), "NOT_UTF8", at("2")},
      {"beyond the last code point", WithName("\xF4\x90\x80\x80"), "NOT_UTF8", at("0")},
  });
}

TEST(CheckMessage, SaysWhereAMessageBreaksOff) {
  const std::string good = WithName("plans/a");
  const auto at = [](const char* offset) { return Details{{"byte_offset", offset}}; };
  ExpectRows({
      {"cut in a message", good.substr(0, good.size() - 1), "MESSAGE_UNREADABLE", at("1")},
      {"cut after a tag", good + "\x0A", "MESSAGE_UNREADABLE",
       at(absl::StrCat(good.size() + 1).c_str())},
      {"field 0", std::string("\x02\x00", 2), "MESSAGE_UNREADABLE", at("0")},
      {"wire type 6", "\x0E", "MESSAGE_UNREADABLE", at("1")},
      {"the end of a group that never began", "\x0C", "MESSAGE_UNREADABLE", at("1")},
      {"the end of another group", "\x13\x1C", "MESSAGE_UNREADABLE", at("1")},
      {"a number without an end", "\x10" + std::string(11, '\xFF'), "MESSAGE_UNREADABLE", at("1")},
      {"a tag of six bytes", std::string("\x88\x80\x80\x80\x80\x00\x01", 7), "MESSAGE_UNREADABLE",
       at("0")},
      {"a length of 2^40", "\x12\x80\x80\x80\x80\x80\x40", "MESSAGE_UNREADABLE", at("1")},
      {"five of eight bytes", "\x11\x01\x02\x03\x04\x05", "MESSAGE_UNREADABLE", at("1")},
  });
}

TEST(CheckMessage, KnowsHowDeepProtobufGoes) {
  const auto groups = [](int depth) { return Repeated("\x13", depth) + Repeated("\x14", depth); };
  ExpectRows({
      {"100 deep", groups(100), ""},
      {"101 deep", groups(101), "MESSAGE_TOO_DEEP"},
      {"never closed", Repeated("\x13", 200), "MESSAGE_TOO_DEEP"},
  });
}

TEST(CheckMessage, LimitsWhatNobodyKnows) {
  ExpectRows({
      {"a field of another type", std::string("\x08\x01", 2), ""},
      {"the most", UnknownOf(kUnknownBytesMax), ""},
      {"one byte more", UnknownOf(kUnknownBytesMax + 1), "UNKNOWN_FIELDS_TOO_LONG"},
      {"in two halves", UnknownOf(kUnknownBytesMax / 2 + 1) + UnknownOf(kUnknownBytesMax / 2),
       "UNKNOWN_FIELDS_TOO_LONG"},
  });
  common::v1::Change change;
  change.GetReflection()->MutableUnknownFields(&change)->AddLengthDelimited(
      1000, std::string(kUnknownBytesMax, 'x'));
  Message message;
  *message.mutable_change() = change;
  ExpectRows({{"inside", message.SerializeAsString(), "UNKNOWN_FIELDS_TOO_LONG"}});
}

}  // namespace
}  // namespace dondoc::rpc
