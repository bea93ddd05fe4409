#include "libs/bus/puller.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/bus/steady.h"
#include "libs/bus/stream.h"
#include "libs/bus/wire.h"

namespace dondoc::bus {
namespace {

// How long a request stands at the broker, and how much later its end must have been heard of.
constexpr absl::Duration kExpires = absl::Seconds(10);
constexpr absl::Duration kGrace = absl::Seconds(5);

// The broker's words on a request (HTTP-like codes in the header "Status").
constexpr char kNoMessages[] = "404";
constexpr char kRequestExpired[] = "408";

}  // namespace

Puller::Puller(Connection& connection, const std::vector<std::string>& sources,
               const std::string& service)
    : connection_(connection) {
  for (const std::string& source : sources) {
    lanes_.push_back({.source = source, .durable = DurableName(service, source)});
  }
}

absl::StatusOr<std::vector<Message>> Puller::Next(absl::Duration wait) {
  RETURN_IF_ERROR(AskWhereNothingIsOwed());
  std::vector<Message> messages;
  ASSIGN_OR_RETURN(Message message, connection_.Receive(wait));
  while (message) {
    RETURN_IF_ERROR(Take(std::move(message), messages));
    if (messages.size() == kBatch) break;
    ASSIGN_OR_RETURN(message, connection_.Receive(absl::ZeroDuration()));
  }
  // The next messages may travel while these are being applied.
  RETURN_IF_ERROR(AskWhereNothingIsOwed());
  return messages;
}

absl::Status Puller::Acknowledge(const std::vector<Message>& messages) {
  for (const Message& message : messages) {
    RETURN_IF_ERROR(connection_.Send(natsMsg_GetReply(message.get()), "", "+ACK"));
  }
  return absl::OkStatus();
}

absl::Status Puller::AskWhereNothingIsOwed() {
  const absl::Time now = SteadyNow();
  for (size_t i = 0; i < lanes_.size(); ++i) {
    if (lanes_[i].owed > 0 && now > lanes_[i].given_up_at) {
      return absl::UnavailableError(
          absl::StrCat("the broker says nothing about ", lanes_[i].durable));
    }
    if (lanes_[i].owed == 0) RETURN_IF_ERROR(Ask(i));
  }
  return absl::OkStatus();
}

absl::Status Puller::Ask(size_t lane) {
  RETURN_IF_ERROR(connection_.Send(
      absl::StrCat("$JS.API.CONSUMER.MSG.NEXT.", kStream, ".", lanes_[lane].durable),
      connection_.ReplyTo(absl::StrCat(lane)),
      absl::StrCat("{\"batch\":", kBatch, ",\"expires\":", absl::ToInt64Nanoseconds(kExpires),
                   "}")));
  lanes_[lane].owed = kBatch;
  lanes_[lane].given_up_at = SteadyNow() + kExpires + kGrace;
  return absl::OkStatus();
}

absl::Status Puller::Take(Message message, std::vector<Message>& messages) {
  if (natsMsg_GetReply(message.get()) == nullptr) return TakeWord(message.get());
  const absl::string_view source = SourceOf(natsMsg_GetSubject(message.get()));
  for (Lane& lane : lanes_) {
    if (lane.source == source && lane.owed > 0) --lane.owed;
  }
  messages.push_back(std::move(message));
  return absl::OkStatus();
}

absl::Status Puller::TakeWord(natsMsg* message) {
  size_t lane = 0;
  const absl::string_view tag = connection_.TagOf(natsMsg_GetSubject(message));
  if (!absl::SimpleAtoi(tag, &lane) || lane >= lanes_.size()) return absl::OkStatus();
  lanes_[lane].owed = 0;
  const std::string word = Header(message, "Status");
  if (word == kRequestExpired || word == kNoMessages) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("the broker refuses to serve ", lanes_[lane].durable,
                                             ": ", word, " ", Header(message, "Description")));
}

}  // namespace dondoc::bus
