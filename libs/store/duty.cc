#include "libs/store/duty.h"

#include <utility>

#include "libs/log/log.h"

namespace dondoc::store {
namespace {

// A lease is renewed so many times within its term: one or two may fail.
constexpr int kRenewalsInTerm = 5;

}  // namespace

Duty::Duty(Lease& lease, Work work) : lease_(lease), work_(std::move(work)) {
  StandBy();
  thread_ = std::thread([this] { Run(); });
}

Duty::~Duty() { Stop(); }

void Duty::Stop() {
  bool working = false;
  {
    std::unique_lock lock(mutex_);
    if (ended_) return;
    stopping_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !busy_; });
    working = std::exchange(working_, false);
  }
  // The thread goes on renewing meanwhile: what is under way may still be written down.
  if (working) work_.end();
  {
    std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
  lease_.GiveBack();
}

bool Duty::on() const {
  std::lock_guard lock(mutex_);
  return working_ && lease_.held();
}

void Duty::Run() {
  auto since_renewal = absl::ZeroDuration();
  std::unique_lock lock(mutex_);
  while (
      !changed_.wait_for(lock, absl::ToChronoMilliseconds(kLookEvery), [this] { return ended_; })) {
    const bool stands_by = !working_ && !stopping_;
    lock.unlock();
    since_renewal += kLookEvery;
    if (stands_by) {
      StandBy();
      since_renewal = absl::ZeroDuration();
    } else if (!lease_.held() || since_renewal >= lease_.options().term / kRenewalsInTerm) {
      GoOn();
      since_renewal = absl::ZeroDuration();
    }
    lock.lock();
  }
}

void Duty::StandBy() {
  const absl::StatusOr<bool> taken = lease_.Take();
  if (!taken.ok()) return Report(taken.status());
  last_report_.clear();
  if (*taken) Begin();
}

// Lost for good, or not renewed for so long that it may be: then somebody else begins.
void Duty::GoOn() {
  const absl::Status renewed = lease_.Renew();
  if (renewed.ok() || lease_.held()) return;
  Report(renewed);
  End();
}

void Duty::Begin() {
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return;
    busy_ = true;
  }
  log::Info("duty.begins", {{"lease", lease_.options().name}});
  const absl::Status begun = work_.begin();
  if (!begun.ok()) {
    Report(begun);
    work_.end();
    lease_.GiveBack();
  }
  {
    std::lock_guard lock(mutex_);
    working_ = begun.ok();
    busy_ = false;
  }
  changed_.notify_all();
}

void Duty::End() {
  {
    std::lock_guard lock(mutex_);
    // Stop() ends it, or has.
    if (!working_ || stopping_) return;
    working_ = false;
    busy_ = true;
  }
  log::Warning("duty.ends", {{"lease", lease_.options().name}});
  work_.end();
  lease_.GiveBack();
  {
    std::lock_guard lock(mutex_);
    busy_ = false;
  }
  changed_.notify_all();
}

// A database that is away for a day is said once, not four times a second.
void Duty::Report(const absl::Status& failed) {
  std::string report = failed.ToString();
  if (report == last_report_) return;
  log::Warning("duty.waits", {{"lease", lease_.options().name}, {"why", report}});
  last_report_ = std::move(report);
}

}  // namespace dondoc::store
