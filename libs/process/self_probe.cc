#include "libs/process/self_probe.h"

#include <unistd.h>

#include <utility>

#include "libs/log/log.h"

namespace dondoc::process {
SelfProbe::SelfProbe(Options options) : options_(std::move(options)), thread_([this] { Run(); }) {}

SelfProbe::~SelfProbe() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void SelfProbe::EndProcess() {
  log::Shutdown();
  _exit(kExitDead);
}

void SelfProbe::Run() {
  int failures = 0;
  while (Wait()) {
    const absl::Status answer = options_.ask();
    failures = answer.ok() ? 0 : failures + 1;
    if (failures == 0) continue;
    log::Warning("self_probe.no_answer", {{"failures", failures}, {"why", answer}});
    if (failures < options_.failures_max) continue;
    log::Error("self_probe.dead", {{"exit_code", kExitDead}});
    options_.dead();
    return;
  }
}

bool SelfProbe::Wait() {
  std::unique_lock lock(mutex_);
  stop_.wait_for(lock, absl::ToChronoMilliseconds(options_.interval), [this] { return stopping_; });
  return !stopping_;
}

}  // namespace dondoc::process
