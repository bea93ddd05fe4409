#include "libs/cache/breaker.h"

namespace dondoc::cache {

bool Breaker::Allows(SteadyTime now) {
  std::lock_guard lock(mutex_);
  if (errors_ < limits_.errors_in_a_row) return true;
  if (now < retry_at_) return false;
  // This one tries; the next may when it has failed to report, or that much later.
  retry_at_ = now + limits_.open_for;
  return true;
}

void Breaker::Success() {
  std::lock_guard lock(mutex_);
  errors_ = 0;
}

void Breaker::Failure(SteadyTime now) {
  std::lock_guard lock(mutex_);
  if (errors_ < limits_.errors_in_a_row) ++errors_;
  retry_at_ = now + limits_.open_for;
}

}  // namespace dondoc::cache
