#include "libs/bus/wire.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "libs/base/ids.h"
#include "libs/base/status_macros.h"
#include "libs/bus/stream.h"

namespace dondoc::bus {
namespace {

constexpr char kDigestHeader[] = "dondoc-sha256";

struct HeaderLine {
  const char* name;
  std::string value;
};

std::vector<HeaderLine> HeadersOf(const store::Event& event, const std::string& source,
                                  const std::string& message_id) {
  return {{"Nats-Msg-Id", message_id},
          {"Nats-Expected-Stream", kStream},
          {"ce-specversion", "1.0"},
          {kIdHeader, event.id},
          {"ce-type", EncodeHeader(event.type)},
          {"ce-source", EncodeHeader(source)},
          {"ce-subject", EncodeHeader(event.name)},
          {"ce-time", absl::FormatTime(absl::RFC3339_full, event.at, absl::UTCTimeZone())},
          {"content-type", "application/protobuf"},
          {"dondoc-version", absl::StrCat(event.version)},
          {kSequenceHeader, absl::StrCat(event.sequence)},
          {"dondoc-actor", EncodeHeader(event.actor)},
          {"dondoc-schema", EncodeHeader(event.schema)},
          {kDigestHeader, Hex(Sha256(event.payload))},
          {"traceparent", EncodeHeader(event.traceparent)}};
}

std::string PayloadOf(natsMsg* message) {
  return std::string(natsMsg_GetData(message), static_cast<size_t>(natsMsg_GetDataLength(message)));
}

absl::Status Unreadable(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("the message is not an event: ", why));
}

}  // namespace

absl::StatusOr<Message> ToMessage(const store::Event& event, const std::string& source,
                                  const std::string& message_id, const std::string& reply_to) {
  natsMsg* made = nullptr;
  RETURN_IF_ERROR(
      ToStatus(natsMsg_Create(&made, event.type.c_str(), reply_to.c_str(), event.payload.data(),
                              static_cast<int>(event.payload.size())),
               "make a message"));
  Message message(made);
  for (const HeaderLine& header : HeadersOf(event, source, message_id)) {
    if (header.value.empty()) continue;
    RETURN_IF_ERROR(
        ToStatus(natsMsgHeader_Set(made, header.name, header.value.c_str()), "set a header"));
  }
  return message;
}

absl::StatusOr<Event> FromMessage(natsMsg* message) {
  const std::string subject = natsMsg_GetSubject(message);
  Event event{.id = Header(message, kIdHeader),
              .type = DecodeHeader(Header(message, "ce-type")),
              .source = DecodeHeader(Header(message, "ce-source")),
              .name = DecodeHeader(Header(message, "ce-subject")),
              .version = 0,
              .at = {},
              .actor = DecodeHeader(Header(message, "dondoc-actor")),
              .traceparent = DecodeHeader(Header(message, "traceparent")),
              .schema = DecodeHeader(Header(message, "dondoc-schema")),
              .payload = PayloadOf(message)};
  std::string why;
  if (event.id.empty()) return Unreadable("no ce-id");
  if (event.type != subject) return Unreadable("ce-type is not its subject");
  if (event.source != SourceOf(subject)) return Unreadable("ce-source does not own its subject");
  if (event.name.empty()) return Unreadable("no ce-subject");
  if (!absl::SimpleAtoi(Header(message, "dondoc-version"), &event.version) || event.version < 1) {
    return Unreadable("dondoc-version is not 1, 2, 3, …");
  }
  if (!absl::ParseTime(absl::RFC3339_full, Header(message, "ce-time"), &event.at, &why)) {
    return Unreadable("ce-time is not a time");
  }
  if (Header(message, kDigestHeader) != Hex(Sha256(event.payload))) {
    return Unreadable("the payload is not the one that was sent");
  }
  return event;
}

Event FromUnreadable(natsMsg* message) {
  const std::string subject = natsMsg_GetSubject(message);
  const std::string payload = PayloadOf(message);
  return {.id = absl::StrCat("unreadable-", Hex(Sha256(absl::StrCat(subject, "\n", payload)))),
          .type = subject,
          .source = std::string(SourceOf(subject)),
          .name = "",
          .version = 0,
          .at = absl::FromUnixNanos(0),
          .actor = "",
          .traceparent = "",
          .schema = "",
          .payload = payload};
}

std::string Header(natsMsg* message, const char* name) {
  const char* value = nullptr;
  return natsMsgHeader_Get(message, name, &value) == NATS_OK ? value : "";
}

absl::string_view SourceOf(absl::string_view subject) {
  const std::vector<absl::string_view> words = absl::StrSplit(subject, '.');
  return words.size() >= 3 && words[0] == kSubjectRoot ? words[1] : absl::string_view();
}

// "$JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time>.<pending>", and from
// nats-server 2.10 on possibly with "<domain>.<account>" before the stream and one word at the end.
int64_t StreamSequenceOf(absl::string_view reply) {
  const std::vector<absl::string_view> words = absl::StrSplit(reply, '.');
  if (words.size() < 9 || words[0] != "$JS" || words[1] != "ACK") return 0;
  int64_t sequence = 0;
  return absl::SimpleAtoi(words[words.size() == 9 ? 5 : 7], &sequence) ? sequence : 0;
}

std::string EncodeHeader(absl::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = absl::ascii_isgraph(static_cast<unsigned char>(c)) && c != '%' && c != '"';
    if (plain) {
      encoded.push_back(c);
    } else {
      absl::StrAppend(&encoded, "%", absl::Hex(static_cast<uint8_t>(c), absl::kZeroPad2));
    }
  }
  return encoded;
}

std::string DecodeHeader(absl::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 1])) &&
                        absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 2]));
    if (escape) {
      int byte = 0;
      static_cast<void>(absl::SimpleHexAtoi(text.substr(i + 1, 2), &byte));
      decoded.push_back(static_cast<char>(byte));
      i += 2;
    } else {
      decoded.push_back(text[i]);
    }
  }
  return decoded;
}

}  // namespace dondoc::bus
