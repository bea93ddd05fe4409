#include "libs/bus/wire.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "libs/base/status_matchers.h"
#include "libs/bus/publish_answer.h"

namespace dondoc::bus {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::StatusIs;

store::Event UnitRenamed() {
  return {.sequence = 42,
          .id = "01890a5d-ac96-774b-bcce-b302099a8057",
          .type = "dondoc.registry.unit.renamed",
          .name = "units/van-phong",
          .version = 3,
          .schema = "dondoc.registry.v1.Unit",
          .payload = std::string("\x00\x01 payload", 10),
          .actor = "Nguyễn Văn A\r\n100%",
          .at = absl::FromUnixMicros(1'700'000'000'123'456),
          .traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"};
}

Message Sent(const store::Event& event = UnitRenamed()) {
  // A connection does this otherwise.
  static const natsStatus opened = nats_Open(-1);
  EXPECT_EQ(opened, NATS_OK);
  return ToMessage(event, "registry", event.id, "_INBOX.registry.x.0").value();
}

TEST(Wire, AnEventArrivesAsItWasSent) {
  const store::Event sent = UnitRenamed();
  const Message message = Sent(sent);
  const absl::StatusOr<Event> event = FromMessage(message.get());
  ASSERT_THAT(event, IsOk());
  EXPECT_EQ(event->id, sent.id);
  EXPECT_EQ(event->type, sent.type);
  EXPECT_EQ(event->source, "registry");
  EXPECT_EQ(event->name, sent.name);
  EXPECT_EQ(event->version, sent.version);
  EXPECT_EQ(event->at, sent.at);
  EXPECT_EQ(event->actor, sent.actor);
  EXPECT_EQ(event->traceparent, sent.traceparent);
  EXPECT_EQ(event->schema, sent.schema);
  EXPECT_EQ(event->payload, sent.payload);
}

TEST(Wire, OthersFindTheAttributesOfCloudEvents) {
  const Message message = Sent();
  const std::pair<const char*, std::string> headers[] = {
      {"Nats-Msg-Id", "01890a5d-ac96-774b-bcce-b302099a8057"},
      {"Nats-Expected-Stream", "DONDOC"},
      {"ce-specversion", "1.0"},
      {"ce-id", "01890a5d-ac96-774b-bcce-b302099a8057"},
      {"ce-type", "dondoc.registry.unit.renamed"},
      {"ce-source", "registry"},
      {"ce-subject", "units/van-phong"},
      {"ce-time", "2023-11-14T22:13:20.123456+00:00"},
      {"dondoc-version", "3"},
      {"dondoc-sequence", "42"},
      {"dondoc-schema", "dondoc.registry.v1.Unit"},
  };
  for (const auto& [name, value] : headers) EXPECT_EQ(Header(message.get(), name), value) << name;
}

TEST(Wire, AnAttributeThatIsEmptyIsNotSent) {
  store::Event event = UnitRenamed();
  event.traceparent = "";
  const Message message = Sent(event);
  const char* value = nullptr;
  EXPECT_EQ(natsMsgHeader_Get(message.get(), "traceparent", &value), NATS_NOT_FOUND);
  EXPECT_THAT(FromMessage(message.get()), IsOk());
}

struct Damage {
  std::string what;
  std::function<void(natsMsg*)> damage;
};

TEST(Wire, WhatIsNoEventIsRefused) {
  const auto set = [](const char* header, const char* value) {
    return [=](natsMsg* message) { natsMsgHeader_Set(message, header, value); };
  };
  const auto drop = [](const char* header) {
    return [=](natsMsg* message) { natsMsgHeader_Delete(message, header); };
  };
  const Damage cases[] = {
      {"no id", drop("ce-id")},
      {"no type", drop("ce-type")},
      {"another type than the subject", set("ce-type", "dondoc.registry.unit.created")},
      {"no source", drop("ce-source")},
      {"a source that does not own the subject", set("ce-source", "kpi")},
      {"no name", drop("ce-subject")},
      {"no version", drop("dondoc-version")},
      {"version 0", set("dondoc-version", "0")},
      {"version -1", set("dondoc-version", "-1")},
      {"a version that is no number", set("dondoc-version", "3a")},
      {"no time", drop("ce-time")},
      {"a time that is none", set("ce-time", "2023-02-30T00:00:00Z")},
      {"no digest", drop("dondoc-sha256")},
      {"the digest of another payload", set("dondoc-sha256", "00")},
  };
  for (const Damage& c : cases) {
    const Message message = Sent();
    c.damage(message.get());
    EXPECT_THAT(FromMessage(message.get()), StatusIs(absl::StatusCode::kInvalidArgument)) << c.what;
  }
}

TEST(Wire, AnUnreadableMessageHasTheSameIdEachTimeAndNoVersion) {
  const Message message = Sent();
  const Event first = FromUnreadable(message.get());
  EXPECT_EQ(first.id, FromUnreadable(message.get()).id);
  EXPECT_EQ(first.version, 0);
  EXPECT_EQ(first.source, "registry");
  EXPECT_EQ(first.payload, UnitRenamed().payload);
}

TEST(EncodeHeader, LeavesNothingThatCouldEndALine) {
  const std::string texts[] = {
      "",   "plain/text-1", "a b", "100%", "\"quoted\"", "Cần Thơ", std::string("\r\n\0\x7f", 4),
      "%41"};
  for (const std::string& text : texts) {
    const std::string encoded = EncodeHeader(text);
    for (const char c : encoded) EXPECT_TRUE(c > ' ' && c < 0x7f) << encoded;
    EXPECT_EQ(DecodeHeader(encoded), text);
  }
  EXPECT_EQ(DecodeHeader("50% %4 %zz%"), "50% %4 %zz%");
}

TEST(SourceOf, IsTheSecondWordOfASubjectOfOurs) {
  EXPECT_EQ(SourceOf("dondoc.registry.unit.renamed"), "registry");
  EXPECT_EQ(SourceOf("dondoc.registry"), "");
  EXPECT_EQ(SourceOf("other.registry.unit.renamed"), "");
}

TEST(StreamSequenceOf, ReadsTheSubjectsOfBothServersWeMeet) {
  EXPECT_EQ(StreamSequenceOf("$JS.ACK.DONDOC.kpi-from-registry.1.77.5.1700000000000000000.3"), 77);
  EXPECT_EQ(
      StreamSequenceOf("$JS.ACK.hub.ACC.DONDOC.kpi-from-registry.1.77.5.1700000000000000000.3.x"),
      77);
  EXPECT_EQ(StreamSequenceOf("_INBOX.x.1"), 0);
  EXPECT_EQ(StreamSequenceOf(""), 0);
}

TEST(ReadPublishAnswer, TellsStoredFromNotStoredFromNeverStorable) {
  EXPECT_EQ(ReadPublishAnswer(R"({"stream":"DONDOC", "seq":17})").value(), 17);
  EXPECT_EQ(ReadPublishAnswer(R"({"stream":"DONDOC","seq": 3,"duplicate": true})").value(), 3);
  EXPECT_THAT(ReadPublishAnswer(R"({"error":{"code":503,"err_code":10077,"description":)"
                                R"("maximum bytes exceeded"},"stream":"DONDOC","seq":0})"),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(ReadPublishAnswer(R"({"error":{"code":400,"err_code":10054,"description":)"
                                R"("message size exceeds maximum allowed"},"seq":0})"),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ReadPublishAnswer("{}"), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(ReadPublishAnswer(""), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace dondoc::bus
