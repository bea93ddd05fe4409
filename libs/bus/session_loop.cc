#include "libs/bus/session_loop.h"

#include <algorithm>
#include <random>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/bus/steady.h"
#include "libs/log/log.h"

namespace dondoc::bus {
namespace {

constexpr absl::Duration kPauseMin = absl::Milliseconds(100);
constexpr absl::Duration kPauseMax = absl::Seconds(3);
// A session that lasted this long was a good one: the next pause is the shortest again.
constexpr absl::Duration kGoodSession = absl::Seconds(5);

// Between half of `pause` and all of it, so that services that lost the same broker do not come
// back in the same moment.
absl::Duration Jitter(absl::Duration pause) {
  thread_local std::minstd_rand random(std::random_device{}());
  return pause / 2 + pause / 2 * std::uniform_real_distribution<double>(0, 1)(random);
}

}  // namespace

SessionLoop::SessionLoop(const BusOptions& options, std::string role, Work work)
    : options_(options),
      role_(std::move(role)),
      work_(std::move(work)),
      thread_([this] { Run(); }) {}

void SessionLoop::Stop() {
  std::call_once(stopped_, [this] {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
      if (connection_) connection_->Close();
    }
    stop_.notify_all();
    work_.wake();
    thread_.join();
  });
}

void SessionLoop::Sleep(absl::Duration time) {
  std::unique_lock lock(mutex_);
  stop_.wait_for(lock, absl::ToChronoNanoseconds(time), [this] { return stopping(); });
}

bool SessionLoop::Connected() const {
  std::lock_guard lock(mutex_);
  return connection_ && connection_->Alive();
}

void SessionLoop::Run() {
  absl::Duration pause = kPauseMin;
  while (!stopping()) {
    const absl::Time began = SteadyNow();
    const absl::Status ended = RunSession();
    if (stopping()) return;
    work_.offline();
    if (SteadyNow() - began >= kGoodSession) {
      pause = kPauseMin;
      last_report_.clear();
    }
    Report(ended);
    Sleep(Jitter(pause));
    pause = std::min(2 * pause, kPauseMax);
  }
}

absl::Status SessionLoop::RunSession() {
  absl::StatusOr<std::unique_ptr<Connection>> opened = Connection::Open(options_, role_);
  RETURN_IF_ERROR(opened.status());
  {
    std::lock_guard lock(mutex_);
    connection_ = *std::move(opened);
  }
  const absl::Status ended = stopping() ? absl::OkStatus() : work_.session(*connection_);
  std::unique_ptr<Connection> used;
  {
    std::lock_guard lock(mutex_);
    used = std::move(connection_);
  }
  return ended;
}

// A broker that is away for a day is said once, not every three seconds.
void SessionLoop::Report(const absl::Status& ended) {
  std::string report = ended.ToString();
  if (report == last_report_) return;
  log::Warning("bus.waits_for_broker", {{"role", role_}, {"url", options_.url}, {"why", report}});
  last_report_ = std::move(report);
}

}  // namespace dondoc::bus
