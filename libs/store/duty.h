#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/store/lease.h"

namespace dondoc::store {

// Does the work of a lease while this process holds it, and stands by while another one does: one
// thread, which takes, renews and loses.
//
// When the holder dies another process begins after the rest of its term and one look, so six
// seconds at most; when it ends in order, after a look. A holder that the system stops inside its
// turn to write keeps everybody from writing until PostgreSQL ends its session (ten seconds,
// postgres_connection.cc), and is followed right after that. One that wakes up later finds each of
// its writes refused, and ends its work. Thread-safe.
class Duty {
 public:
  struct Work {
    // Begins the work. When it cannot, the lease is given back and asked for again later.
    std::function<absl::Status()> begin;
    // Ends what was begun, also when `begin` failed in the middle. The lease may be lost already.
    std::function<void()> end;
  };

  // How often somebody who stands by looks whether the lease is free, and how soon a write that has
  // found it lost ends the work.
  static constexpr absl::Duration kLookEvery = absl::Milliseconds(250);

  // Takes the lease, when it is free, and has begun the work when this returns. Borrows the lease.
  Duty(Lease& lease, Work work);
  // As Stop().
  ~Duty();

  // Ends the work and then gives the lease back, so that the next one begins at once.
  void Stop();

  bool on() const;

 private:
  void Run();
  // Take and begin, or look again later.
  void StandBy();
  // Renew, or end.
  void GoOn();
  void Begin();
  void End();
  void Report(const absl::Status& failed);

  Lease& lease_;
  const Work work_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Nothing is begun any more.
  bool stopping_ = false;
  // The thread ends.
  bool ended_ = false;
  // The work has begun and has not ended.
  bool working_ = false;
  // The thread is about to begin or to end it.
  bool busy_ = false;
  // Of the thread: what was said last, so that it is not said again.
  std::string last_report_;

  std::thread thread_;
};

}  // namespace dondoc::store
