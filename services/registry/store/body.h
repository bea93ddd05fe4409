#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "libs/store/database.h"

// A resource at rest: its protobuf message in a column `body`, and the same message in the log.
namespace dondoc::registry {

template <typename Message>
store::Bytes Encode(const Message& message) {
  return {message.SerializeAsString()};
}

// Throws when the bytes are no such message: the database is broken, and Database says so.
template <typename Message>
Message Decode(const store::Bytes& body) {
  Message message;
  if (!message.ParseFromString(body.value)) {
    throw std::runtime_error(
        absl::StrCat("a body is no ", std::string(Message::descriptor()->full_name())));
  }
  return message;
}

// What happened to which resource.
struct Change {
  absl::string_view noun;
  absl::string_view verb;
  absl::string_view name;
  int64_t version = 0;
};

// Adds "dondoc.registry.<noun>.<verb>" to the log.
template <typename Event>
void Emit(store::Transaction& transaction, const Change& change, const Event& event) {
  transaction.Emit({.type = absl::StrCat("dondoc.registry.", change.noun, ".", change.verb),
                    .name = std::string(change.name),
                    .version = change.version,
                    .schema = Event::descriptor()->full_name(),
                    .payload = event.SerializeAsString()});
}

}  // namespace dondoc::registry
