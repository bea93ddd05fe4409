#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "libs/store/database.h"
#include "services/notification/domain/catch_up.h"
#include "services/notification/domain/notice.h"
#include "services/notification/store/notices.h"
#include "services/notification/timers/channels.h"

namespace dondoc::notification {

// Writes notices, in one transaction: gives them their numbers, puts what is told into the open
// digest of its recipient, and emits an event for each. Call Finish() at the end.
//
// It remembers digests and contacts, so that thousands of notices of one run read each of them
// once.
class Ledger {
 public:
  Ledger(store::Transaction& transaction, const Channels& channels)
      : transaction_(transaction), channels_(channels), last_id_(LastNoticeId(transaction.sql())) {}
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  // Records what became of one step of `deadline`.
  void Record(const TrackedDeadline& deadline, const Verdict& verdict);

  // Stores which notices the digests have.
  void Finish();

 private:
  struct Recipient {
    Digest digest = {};
    // Whether a message will go out besides the inbox.
    bool reached_outside = false;
  };

  Recipient& RecipientOf(const std::string& name);

  store::Transaction& transaction_;
  const Channels channels_;
  int64_t last_id_;
  std::map<std::string, Recipient> recipients_;
};

// Emits notice.<verb> with the notice's version, in the trace `traceparent`; empty for that of the
// transaction.
void EmitNotice(store::Transaction& transaction, const Notice& notice, absl::string_view verb,
                const std::string& traceparent = "");

// Marks those notices of a digest that are on their way as sent.
void MarkSent(store::Transaction& transaction, const Digest& digest);

}  // namespace dondoc::notification
