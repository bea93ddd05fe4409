#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/bus/bus.h"
#include "libs/bus/connection.h"

namespace dondoc::bus {

// A thread that always has work to do with the broker: it connects, runs `session`, and when that
// ends, for whatever reason, it waits a little longer each time and begins again.
//
// Stop() closes the connection under a session that waits for the broker, so that a broker which
// does not answer delays the end by a second or two at most. Owners destroy it before what its
// functions use. Thread-safe.
class SessionLoop {
 public:
  struct Work {
    // Goes on until something is wrong or stopping() is true.
    std::function<absl::Status(Connection&)> session;
    // Runs between sessions: what can be done without a broker.
    std::function<void()> offline;
    // Ends a wait of the session for something else than the broker.
    std::function<void()> wake;
  };

  // Names the connection "<service>-<role>".
  SessionLoop(const BusOptions& options, std::string role, Work work);
  ~SessionLoop() { Stop(); }

  // Ends the session and the thread.
  void Stop();

  bool stopping() const { return stopping_; }
  // Sleeps, or less when it is to stop.
  void Sleep(absl::Duration time);
  // Whether a session runs and its broker is there.
  bool Connected() const;

 private:
  void Run();
  absl::Status RunSession();
  void Report(const absl::Status& ended);

  const BusOptions options_;
  const std::string role_;
  const Work work_;
  std::once_flag stopped_;
  // Of the thread: what was said last, so that it is not said again.
  std::string last_report_;

  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::condition_variable stop_;
  // Made and reset by the thread, under the mutex; closed by Stop().
  std::unique_ptr<Connection> connection_;

  std::thread thread_;
};

}  // namespace dondoc::bus
