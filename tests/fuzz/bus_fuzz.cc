// Messages from the broker: libs/bus/wire.h. A subject, a payload, and headers as lines
// "name: value".
#include <nats/nats.h>

#include "absl/strings/str_split.h"
#include "libs/bus/wire.h"
#include "tests/fuzz/fuzz.h"

using namespace dondoc;

namespace {

bus::Message MessageOf(const std::vector<std::string>& pieces) {
  static const natsStatus opened = nats_Open(-1);
  fuzz::Expect(opened == NATS_OK, "the library starts");
  natsMsg* made = nullptr;
  const std::string subject = pieces[0].c_str();
  const natsStatus status = natsMsg_Create(&made, subject.c_str(), nullptr, pieces[1].data(),
                                           static_cast<int>(pieces[1].size()));
  if (status != NATS_OK) return nullptr;
  bus::Message message(made);
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(pieces[2], '\n'))) {
    const std::vector<std::string> field = absl::StrSplit(line, absl::MaxSplits(": ", 1));
    if (field.size() == 2) natsMsgHeader_Set(made, field[0].c_str(), field[1].c_str());
  }
  return message;
}

// What was received can be sent on, and is then the same.
void CheckEvent(const bus::Event& event) {
  fuzz::Expect(event.version > 0 && !event.id.empty() && !event.name.empty(),
               "an event has an id, a name and a version");
  fuzz::Expect(bus::SourceOf(event.type) == event.source, "an event comes from who owns it");
  const store::Event sent{.sequence = 1,
                          .id = event.id,
                          .type = event.type,
                          .name = event.name,
                          .version = event.version,
                          .schema = event.schema,
                          .payload = event.payload,
                          .actor = event.actor,
                          .at = event.at,
                          .traceparent = event.traceparent};
  const auto message = bus::ToMessage(sent, event.source, event.id, "_INBOX.x");
  if (!message.ok()) return;
  const auto again = bus::FromMessage(message->get());
  fuzz::Expect(again.ok() && again->id == event.id && again->name == event.name &&
                   again->version == event.version && again->actor == event.actor &&
                   again->payload == event.payload,
               "an event that is sent on arrives as it was");
}

}  // namespace

int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const std::vector<std::string> pieces = fuzz::Pieces(fuzz::BytesOf(data, size), 3);
  const std::string encoded = bus::EncodeHeader(pieces[1]);
  fuzz::Expect(bus::DecodeHeader(encoded) == pieces[1], "a header holds any text");
  fuzz::Expect(encoded.find_first_of("\r\n ") == std::string::npos, "a header is one line");
  bus::DecodeHeader(pieces[2]);
  fuzz::Expect(bus::StreamSequenceOf(pieces[0]) == bus::StreamSequenceOf(pieces[0]),
               "a place in the stream is one number");

  const bus::Message message = MessageOf(pieces);
  if (message == nullptr) return 0;
  const auto event = bus::FromMessage(message.get());
  if (event.ok()) {
    CheckEvent(*event);
    return 0;
  }
  const bus::Event unreadable = bus::FromUnreadable(message.get());
  fuzz::Expect(unreadable.version == 0, "what cannot be read has no version");
  fuzz::Expect(unreadable.id == bus::FromUnreadable(message.get()).id,
               "what cannot be read has the same id each time");
  return 0;
}
