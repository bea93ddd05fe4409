#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "libs/bus/bus.h"
#include "libs/calendar/dates.h"
#include "services/notification/domain/errors.h"

namespace dondoc::notification {

// The message in an event. INVALID_ARGUMENT when it is another one or damaged.
template <typename Message>
absl::StatusOr<Message> PayloadOf(const bus::Event& event) {
  Message message;
  if (event.schema != message.GetTypeName()) return error::EventInvalid(event.type, "schema");
  if (!message.ParseFromString(event.payload)) return error::EventInvalid(event.type, "payload");
  return message;
}

// A civil date in an event.
inline absl::StatusOr<absl::CivilDay> DateIn(const bus::Event& event, absl::string_view field,
                                             absl::string_view text) {
  const auto date = calendar::ParseDate(field, text);
  if (!date.ok()) return error::EventInvalid(event.type, field);
  return *date;
}

// "plans/a" of "plans/a/tasks/1/…".
inline std::string PlanOf(absl::string_view name) {
  return std::string(name.substr(0, name.find('/', name.find('/') + 1)));
}

}  // namespace dondoc::notification
