#include "libs/testing/child_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "libs/base/status_macros.h"

namespace dondoc::testing {
namespace {

// Linux gives outgoing connections the ports from 32768 on.
constexpr int kPortMin = 12'000;
constexpr int kPortMax = 32'000;
// Tests that run side by side have process ids close to each other. Each begins to look at a place
// of its own, so that none takes a port that another has found and not bound yet.
constexpr int kPortsApart = 32;

constexpr absl::Duration kPollEvery = absl::Milliseconds(10);
constexpr size_t kLogTailBytes = 2'000;

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A TCP socket for the length of one question.
class Socket {
 public:
  Socket() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool Binds(int port) const {
    const sockaddr_in address = Loopback(port);
    return bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  bool Connects(int port) const {
    const sockaddr_in address = Loopback(port);
    return connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

 private:
  int fd_;
};

// The path of a program, so that the child need not search after fork().
std::string PathOf(const std::string& program) {
  if (program.find('/') != std::string::npos) return program;
  const char* path = std::getenv("PATH");
  const std::string folders =
      absl::StrCat(path == nullptr ? "/usr/bin" : path, ":/usr/local/sbin:/usr/sbin");
  for (const absl::string_view folder : absl::StrSplit(folders, ':')) {
    std::string candidate = absl::StrCat(folder, "/", program);
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return "";
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> EnvironmentWith(const std::vector<std::string>& added) {
  std::vector<std::string> all = added;
  for (char** entry = environ; *entry != nullptr; ++entry) all.emplace_back(*entry);
  return all;
}

// What the child does between fork() and exec(): system calls only, because other threads of the
// test may have held any lock.
[[noreturn]] void Become(const char* path, char** arguments, char** environment, int output) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  execve(path, arguments, environment);
  _exit(127);
}

}  // namespace

int FreePort() {
  static std::atomic<int> next = kPortMin + getpid() * kPortsApart % (kPortMax - kPortMin);
  for (int tries = kPortMin; tries < kPortMax; ++tries) {
    const int port = kPortMin + (next++ - kPortMin) % (kPortMax - kPortMin);
    if (Socket().Binds(port)) return port;
  }
  std::abort();
}

bool Answers(int port) { return Socket().Connects(port); }

absl::StatusOr<std::unique_ptr<ChildProcess>> ChildProcess::Start(Options options) {
  std::unique_ptr<ChildProcess> child(new ChildProcess(std::move(options)));
  RETURN_IF_ERROR(child->Spawn());
  RETURN_IF_ERROR(child->AwaitPort());
  return child;
}

ChildProcess::~ChildProcess() {
  if (Running()) (void)Kill();
}

absl::Status ChildProcess::Spawn() {
  const std::string path = options_.command.empty() ? "" : PathOf(options_.command.front());
  if (path.empty()) return absl::NotFoundError("there is no such program to start");
  std::vector<std::string> command = options_.command;
  std::vector<std::string> variables = EnvironmentWith(options_.environment);
  const std::vector<char*> arguments = Pointers(command);
  const std::vector<char*> environment = Pointers(variables);
  const std::string log = options_.log_path.empty() ? "/dev/null" : options_.log_path;
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (output < 0) return absl::UnavailableError(absl::StrCat("cannot write ", log));

  pid_ = fork();
  if (pid_ == 0) {
    Become(path.c_str(), const_cast<char**>(arguments.data()),
           const_cast<char**>(environment.data()), output);
  }
  close(output);
  if (pid_ < 0) return absl::UnavailableError(absl::StrCat("fork: ", std::strerror(errno)));
  // As system calls: glibc 2.36 declares both without extern "C".
  pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  if (pidfd_ < 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    return absl::UnavailableError(absl::StrCat("pidfd_open: ", std::strerror(errno)));
  }
  return absl::OkStatus();
}

absl::Status ChildProcess::AwaitPort() {
  const absl::Time deadline = absl::Now() + options_.ready_within;
  while (options_.port != 0 && !Answers(options_.port)) {
    if (Ended(kPollEvery)) {
      return absl::UnavailableError(
          absl::StrCat(options_.command.front(), " ended with ", exit_code_, ": ", EndOfLog()));
    }
    if (absl::Now() > deadline) {
      return absl::UnavailableError(absl::StrCat(options_.command.front(), " is not up after ",
                                                 absl::FormatDuration(options_.ready_within), ": ",
                                                 EndOfLog()));
    }
  }
  return absl::OkStatus();
}

bool ChildProcess::Ended(absl::Duration within) {
  if (pidfd_ < 0) return true;
  pollfd waiting{.fd = pidfd_, .events = POLLIN, .revents = 0};
  if (poll(&waiting, 1, static_cast<int>(absl::ToInt64Milliseconds(within))) <= 0) return false;
  int status = 0;
  // It has ended, but one that strace follows is handed over a moment later.
  if (waitpid(pid_, &status, 0) != pid_) return false;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  close(pidfd_);
  pidfd_ = -1;
  return true;
}

bool ChildProcess::Running() { return !Ended(absl::ZeroDuration()); }

void ChildProcess::Signal(int signal) const {
  // By the pidfd, so that a number that was given to another process is never meant.
  if (pidfd_ >= 0) syscall(SYS_pidfd_send_signal, pidfd_, signal, nullptr, 0);
}

absl::StatusOr<int> ChildProcess::Kill(int signal, absl::Duration within) {
  Signal(signal);
  return Wait(within);
}

absl::StatusOr<int> ChildProcess::Wait(absl::Duration within) {
  if (Ended(within)) return exit_code_;
  return absl::DeadlineExceededError(
      absl::StrCat(options_.command.front(), " still runs after ", absl::FormatDuration(within)));
}

absl::Status ChildProcess::Restart() {
  if (Running()) RETURN_IF_ERROR(Kill().status());
  RETURN_IF_ERROR(Spawn());
  return AwaitPort();
}

std::string ChildProcess::EndOfLog() const {
  std::ifstream file(options_.log_path, std::ios::binary);
  const std::string log{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return log.substr(log.size() - std::min(log.size(), kLogTailBytes));
}

}  // namespace dondoc::testing
