#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace dondoc::registry {

// A few threads for work that takes long, so that it does not hold up gRPC's own, and a short queue
// before them. Thread-safe.
class Workers {
 public:
  struct Options {
    size_t threads = 2;
    // Of works that no thread has begun; one more is turned away.
    size_t waiting_max = 32;
  };

  explicit Workers(Options options);
  // Does what waits, then ends.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // False when too many wait; `work` is not run then. It must not throw.
  bool Submit(std::function<void()> work);
  // How many works no thread has begun.
  size_t waiting();

 private:
  void Run();

  const Options options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace dondoc::registry
