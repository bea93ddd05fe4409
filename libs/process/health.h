#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "libs/metrics/metrics.h"
#include "libs/rpc/server.h"
#include "libs/store/database.h"
#include "libs/store/duty.h"

namespace dondoc::process {

// What a service may lack: the value of the label "what", and a sentence for operators.
struct Trouble {
  std::string what;
  std::string sentence;
};
// "database", "disk", "clock".
const std::vector<Trouble>& Troubles();

// 1 for each trouble there is, 0 for the others.
inline constexpr char kTroubleMetric[] = "dondoc_health_trouble";

// Looks again and again whether this process can do its work, and has its server answer health
// accordingly: whether the database takes a write, the disk of a database file has a tenth left,
// and the clock is trusted. A broker or a Redis that is away is no trouble, nor is standing by. It
// never ends the process: only a dead listener does (self_probe.h). Thread-safe.
//
// Tells kTroubleMetric, dondoc_store_reachable and dondoc_duty_on.
class Health {
 public:
  struct Parts {
    // All borrowed.
    store::Database& database;
    rpc::Server& server;
    const store::Duty& duty;
    metrics::Registry& metrics;
    // Of a database file (FolderOf).
    std::optional<std::filesystem::path> folder = {};
    // Of a service that has reason to ask.
    std::function<bool()> clock_suspect = [] { return false; };
    // Called once a minute, from the thread of this.
    std::function<void()> each_minute = [] {};
  };

  explicit Health(Parts parts);
  ~Health();
  Health(const Health&) = delete;
  Health& operator=(const Health&) = delete;

 private:
  // How the question that is on its way, or was the last, was answered. Shared with the answer,
  // which may come when this has gone.
  struct Question {
    std::mutex mutex;
    bool answered = false;
    bool taken = false;
  };

  void Run();
  void Look();
  bool DatabaseTakesWrites();
  bool DiskIsLow() const;
  void Tell(const std::vector<bool>& troubled);

  const Parts parts_;
  metrics::Family<metrics::Gauge>& troubles_;
  metrics::Gauge& store_reachable_;
  metrics::Gauge& duty_on_;

  // Of the thread.
  std::shared_ptr<Question> question_;
  absl::Time asked_at_ = absl::InfinitePast();
  bool takes_writes_ = true;
  absl::Time minute_began_ = absl::InfinitePast();
  std::string last_wrong_;

  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace dondoc::process
