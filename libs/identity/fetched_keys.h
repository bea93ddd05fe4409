#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/identity/keys.h"

namespace dondoc::identity {

// Reads the text at a location.
using Fetch = std::function<absl::StatusOr<std::string>(const std::string& location)>;

// A fetch of "https://…" by libcurl (no other protocol, no redirect, certificates checked against
// `ca_file`, or those of the system when it is empty) or of "file:/…". At most KeySet::kBytesMax,
// at most ten seconds.
Fetch FetchByCurl(std::string ca_file);

// The keys of an issuer, kept while they are fresh and, when the issuer does not answer, for a day
// beyond: people go on working while their identity provider is being repaired.
//
// Only decides; who fetches when told is KeyRefresher. Thread-safe.
class FetchedKeys {
 public:
  static constexpr absl::Duration kFresh = absl::Minutes(10);
  static constexpr absl::Duration kUsable = absl::Hours(24);
  // An unknown kid asks for a fetch, but whoever invents kids does not make us a flood.
  static constexpr absl::Duration kBetweenFetches = absl::Minutes(1);

  FetchedKeys(std::string location, Fetch fetch, const Clock& clock);

  // The key, if the set that was fetched last is still usable. Never waits.
  std::optional<PublicKey> Find(absl::string_view id);
  // True when a fetch should be made: none yet, not fresh, or an unknown kid was asked for; and the
  // last attempt is a minute ago.
  bool FetchIsDue() const;
  // Fetches, and keeps the old keys when that fails or brings no usable set.
  void FetchNow();

 private:
  const std::string location_;
  const Fetch fetch_;
  const Clock& clock_;

  mutable std::mutex mutex_;
  KeySet keys_;
  absl::Time fetched_ = absl::InfinitePast();
  absl::Time attempted_ = absl::InfinitePast();
  bool unknown_asked_ = false;
};

// Fetches what is due, in a thread of its own. Borrows the keys.
class KeyRefresher {
 public:
  explicit KeyRefresher(FetchedKeys& keys);
  ~KeyRefresher();
  KeyRefresher(const KeyRefresher&) = delete;
  KeyRefresher& operator=(const KeyRefresher&) = delete;

 private:
  void Run();

  FetchedKeys& keys_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace dondoc::identity
