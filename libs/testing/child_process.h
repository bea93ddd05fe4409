#pragma once

#include <sys/types.h>

#include <csignal>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace dondoc::testing {

// A TCP port of 127.0.0.1 that is free, below those that the kernel gives to outgoing connections,
// so that nothing takes it by chance before a server binds it. No port twice from one process.
int FreePort();

// True when something accepts a connection to 127.0.0.1:`port`.
bool Answers(int port);

// A program that a test starts, hurts, and starts again.
//
// It dies with its test: at the latest with the thread that started it (PR_SET_PDEATHSIG), so that
// no crash leaves a server behind. Not thread-safe.
class ChildProcess {
 public:
  struct Options {
    // The program, searched in PATH and the sbin folders, and its arguments.
    std::vector<std::string> command = {};
    // Added to the environment, as "NAME=value".
    std::vector<std::string> environment = {};
    // The program is up when this port of 127.0.0.1 answers; 0: as soon as it runs.
    int port = 0;
    // Where its output goes, appended; "" drops it.
    std::string log_path = {};
    absl::Duration ready_within = absl::Seconds(20);
  };

  // Returns when the program is up. UNAVAILABLE with the end of its log when it ends before, or
  // does not come up in time.
  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(Options options);

  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Sends a signal and does not wait: SIGSTOP, SIGCONT, SIGHUP.
  void Signal(int signal) const;

  // Sends a signal and waits for the end. Returns the exit code, or 128 + the signal that ended it;
  // DEADLINE_EXCEEDED when it still runs after `within`.
  absl::StatusOr<int> Kill(int signal = SIGKILL, absl::Duration within = absl::Seconds(30));

  // Waits for the end without a signal; answers as Kill().
  absl::StatusOr<int> Wait(absl::Duration within);

  // The same command on the same port again; kills what still runs.
  absl::Status Restart();

  bool Running();
  pid_t pid() const { return pid_; }
  int port() const { return options_.port; }

 private:
  explicit ChildProcess(Options options) : options_(std::move(options)) {}

  absl::Status Spawn();
  absl::Status AwaitPort();
  // Waits until the process ends, at most `within`, and takes its exit code. True when it has
  // ended.
  bool Ended(absl::Duration within);
  std::string EndOfLog() const;

  Options options_;
  pid_t pid_ = -1;
  int pidfd_ = -1;
  int exit_code_ = 0;
};

}  // namespace dondoc::testing
