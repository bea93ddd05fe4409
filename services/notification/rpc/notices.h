#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dondoc/notification/v1/notification_service.pb.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/notification/wire/convert.h"

namespace dondoc::notification {

absl::StatusOr<pb::ListNoticesResponse> ListNotices(const rpc::Call& call,
                                                    store::Snapshot& snapshot,
                                                    const pb::ListNoticesRequest& request);

absl::StatusOr<pb::AcknowledgeNoticeResponse> AcknowledgeNotice(
    const rpc::Call& call, store::Transaction& transaction,
    const pb::AcknowledgeNoticeRequest& request);

absl::StatusOr<pb::CountNoticesResponse> CountNotices(const rpc::Call& call,
                                                      store::Snapshot& snapshot,
                                                      const pb::CountNoticesRequest& request);

absl::StatusOr<pb::ListUpcomingResponse> ListUpcoming(const rpc::Call& call,
                                                      store::Snapshot& snapshot,
                                                      const pb::ListUpcomingRequest& request);

// Where an inbox is being read: whose, and after which notice.
struct InboxCursor {
  std::string recipient = {};
  int64_t after = 0;
  // Why the request is refused; OK when it is not.
  absl::Status refusal = {};
};
InboxCursor OpenInbox(const pb::WatchInboxRequest& request);

// Appends what has come after the cursor, and moves it. OUT_OF_SCOPE for the inbox of a unit that
// the caller does not speak for; without a recipient, all inboxes within reach.
absl::Status ReadInbox(const rpc::Call& call, store::Snapshot& snapshot, InboxCursor& cursor,
                       std::vector<pb::WatchInboxResponse>& out);

}  // namespace dondoc::notification
