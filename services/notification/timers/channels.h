#pragma once

namespace dondoc::notification {

// Which channels this service has besides the inbox, by its settings. Without a mail server an
// address of a contact is kept, and nothing is sent to it.
struct Channels {
  bool email = false;
  bool webhook = true;
};

}  // namespace dondoc::notification
