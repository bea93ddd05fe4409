#include "services/notification/delivery/courier.h"

#include <chrono>
#include <optional>

#include "libs/base/ids.h"
#include "libs/base/status_macros.h"
#include "libs/log/log.h"
#include "services/notification/store/deliveries.h"
#include "services/notification/timers/pace.h"

namespace dondoc::notification {
namespace {

using Steady = std::chrono::steady_clock;

// Conversations at a time. The mail server is one machine for all; webhooks are many.
constexpr int64_t kMailsMax = 8;
constexpr int64_t kWebhooksMax = 32;
// How long a stop waits for conversations under way.
constexpr std::chrono::seconds kGrace(5);
constexpr absl::Duration kLookWhenStopping = absl::Milliseconds(50);

CURLM* NewMulti() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  return ready == CURLE_OK ? curl_multi_init() : nullptr;
}

}  // namespace

Courier::Courier(store::Database& database, const Clock& clock, Outside outside, GivenUp given_up)
    : database_(database),
      clock_(clock),
      outside_(std::move(outside)),
      given_up_(std::move(given_up)),
      lease_(NewUuid()),
      multi_(NewMulti()) {
  thread_ = std::thread([this] { Run(); });
}

Courier::~Courier() {
  stopping_ = true;
  curl_multi_wakeup(multi_);
  thread_.join();
  for (auto& [handle, transfer] : running_) curl_multi_remove_handle(multi_, handle);
  running_.clear();
  curl_multi_cleanup(multi_);
}

void Courier::Run() {
  std::optional<Steady::time_point> give_up;
  while (true) {
    if (stopping_ && !give_up) give_up = Steady::now() + kGrace;
    absl::Status status = stopping_ ? absl::OkStatus() : TakeMore();
    Drive();
    const bool some_ended = !ended_.empty();
    status.Update(Record());
    if (!status.ok()) log::Warning("courier.failed", {{"error", status}});
    if (stopping_ && (running_.empty() || !status.ok() || Steady::now() >= *give_up)) return;
    // What has ended made room: look at once for more.
    if (some_ended && status.ok()) continue;
    const absl::Duration wait = stopping_ ? kLookWhenStopping : LookEvery(clock_);
    curl_multi_poll(multi_, nullptr, 0, static_cast<int>(absl::ToInt64Milliseconds(wait)), nullptr);
  }
}

absl::Status Courier::TakeMore() {
  // Ended ones that the database would not take hold their places.
  if (!ended_.empty()) return absl::OkStatus();
  const Capacity capacity = FreeCapacity();
  if (capacity.mails <= 0 && capacity.webhooks <= 0) return absl::OkStatus();
  bool due = false;
  RETURN_IF_ERROR(HasDue(due));
  if (!due) return absl::OkStatus();
  Taken taken;
  RETURN_IF_ERROR(database_.WriteAndWait([&](store::Transaction& transaction) {
    taken = TakeDue(transaction, outside_, lease_, capacity);
    return absl::OkStatus();
  }));
  given_up_(taken.given_up);
  for (Parcel& parcel : taken.parcels) Start(std::move(parcel));
  return absl::OkStatus();
}

absl::Status Courier::HasDue(bool& due) {
  return database_.Read([&](store::Snapshot& snapshot) {
    const auto next = NextAttemptTime(snapshot.sql(), lease_);
    due = next && *next <= snapshot.now();
    return absl::OkStatus();
  });
}

void Courier::Start(Parcel parcel) {
  auto transfer = std::make_unique<Transfer>(std::move(parcel), outside_);
  CURL* handle = transfer->handle();
  curl_multi_add_handle(multi_, handle);
  running_.emplace(handle, std::move(transfer));
}

void Courier::Drive() {
  int still_running = 0;
  curl_multi_perform(multi_, &still_running);
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* handle = message->easy_handle;
    const CURLcode code = message->data.result;
    curl_multi_remove_handle(multi_, handle);
    const auto found = running_.find(handle);
    ended_.emplace_back(found->second->parcel(), found->second->Finish(code));
    running_.erase(found);
  }
}

absl::Status Courier::Record() {
  if (ended_.empty()) return absl::OkStatus();
  int64_t given_up = 0;
  RETURN_IF_ERROR(database_.WriteAndWait([&](store::Transaction& transaction) {
    // It may be run again.
    given_up = 0;
    for (const auto& [parcel, result] : ended_) {
      if (RecordResult(transaction, parcel, result)) ++given_up;
    }
    return absl::OkStatus();
  }));
  given_up_(given_up);
  ended_.clear();
  return absl::OkStatus();
}

Capacity Courier::FreeCapacity() const {
  Capacity capacity{.mails = kMailsMax, .webhooks = kWebhooksMax};
  for (const auto& [handle, transfer] : running_) {
    const Parcel& parcel = transfer->parcel();
    if (parcel.channel == Channel::kEmail) {
      --capacity.mails;
    } else {
      --capacity.webhooks;
      ++capacity.busy[parcel.address];
    }
  }
  return capacity;
}

}  // namespace dondoc::notification
