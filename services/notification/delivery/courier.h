#pragma once

#include <curl/curl.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "libs/base/clock.h"
#include "libs/store/database.h"
#include "services/notification/delivery/queue.h"

namespace dondoc::notification {

// The thread that sends what leaves the service. It takes deliveries from the database, runs many
// conversations at once in one libcurl multi handle, and writes down how each ended.
//
// At least once: a crash between the other side's "yes" and our commit sends it again, under the
// same id. Attempts are scheduled by the service's clock; time limits of a conversation are real.
// Thread-safe.
class Courier {
 public:
  // Told how many deliveries were given up, once that is durable.
  using GivenUp = std::function<void(int64_t)>;

  // Borrows the first two.
  Courier(
      store::Database& database, const Clock& clock, Outside outside,
      GivenUp given_up = [](int64_t) {});
  // Gives conversations under way a few seconds to end; the others are repeated after the next
  // start.
  ~Courier();
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

 private:
  void Run();
  // Takes what is due and starts it.
  absl::Status TakeMore();
  absl::Status HasDue(bool& due);
  void Start(Parcel parcel);
  // Drives all conversations on; collects those that have ended.
  void Drive();
  // Commits the ended ones. When the database refuses, they wait for the next time.
  absl::Status Record();
  Capacity FreeCapacity() const;

  store::Database& database_;
  const Clock& clock_;
  const Outside outside_;
  const GivenUp given_up_;
  // Names this run of the service.
  const std::string lease_;
  CURLM* const multi_;
  std::map<CURL*, std::unique_ptr<Transfer>> running_;
  std::vector<std::pair<Parcel, SendResult>> ended_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace dondoc::notification
