#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "libs/store/database.h"

namespace dondoc::store {

// Tells callers how their writes ended, in a thread of its own: the writer goes on with the next
// commit meanwhile. In the order of the commits. The destructor answers what is left.
class Answerer {
 public:
  struct Answer {
    WriteDone done;
    absl::Status status;
  };

  Answerer();
  ~Answerer();

  void Add(std::vector<Answer> answers);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable waits_;
  std::vector<Answer> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace dondoc::store
