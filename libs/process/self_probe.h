#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace dondoc::process {

// Asks the server of its own process, as a stranger would, again and again. A listener can be dead
// in a process that is up: with no file descriptor left it never accepts again (CVE-2023-4785), and
// no supervisor notices. Thread-safe.
class SelfProbe {
 public:
  struct Options {
    // Asks once, over a new connection.
    std::function<absl::Status()> ask;
    absl::Duration interval = absl::Seconds(10);
    // How many in a row fail before `dead` is called.
    int failures_max = 3;
    // Called once, from the thread of the probe; the default ends the process with kExitDead.
    std::function<void()> dead = EndProcess;
  };

  // sysexits.h EX_OSERR: the supervisor starts us again.
  static constexpr int kExitDead = 71;

  explicit SelfProbe(Options options);
  ~SelfProbe();

  // Ends this process at once.
  static void EndProcess();

 private:
  void Run();
  // Sleeps for an interval. False when it is to end.
  bool Wait();

  const Options options_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace dondoc::process
