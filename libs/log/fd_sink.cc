#include "libs/log/fd_sink.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string>

namespace dondoc::log {
namespace {

// How long it takes at most to notice GiveUp().
constexpr int kPollMs = 50;

}  // namespace

bool FdSink::Write(absl::string_view line) {
  while (!line.empty()) {
    pollfd ready{.fd = fd_, .events = POLLOUT, .revents = 0};
    const int polled = poll(&ready, 1, giving_up_ ? 0 : kPollMs);
    if (polled == 0 && giving_up_) return false;
    if (polled <= 0) continue;
    // A pipe that is ready takes PIPE_BUF bytes without blocking.
    const ssize_t written = write(fd_, line.data(), std::min<size_t>(line.size(), PIPE_BUF));
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written < 0) return false;
    line.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

void FdSink::log(const spdlog::details::log_msg& message) {
  const std::lock_guard lock(mutex_);
  if (!Write({message.payload.data(), message.payload.size()})) ++dropped_;
  if (!loss_.overruns) return;
  const uint64_t overruns = loss_.overruns();
  if (overruns == reported_overruns_) return;
  if (Write(loss_.lost_line(overruns - reported_overruns_))) reported_overruns_ = overruns;
}

}  // namespace dondoc::log
