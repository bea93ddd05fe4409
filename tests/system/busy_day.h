#pragma once

#include <atomic>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/system/city.h"

namespace dondoc::testing {

// A row of writes, one after the other, each sent again until it is answered.
class Writes {
 public:
  // Sends one request and answers with the bytes of its response.
  using Write = std::function<absl::StatusOr<std::string>()>;

  void Add(Write write) { writes_.push_back(std::move(write)); }
  size_t size() const { return writes_.size(); }
  // How many have been answered; for another thread.
  size_t answered() const { return answered_; }

  void Run();
  // Sends every request once more: each gets the answer that it got the first time.
  void RunAgain() const;

 private:
  std::vector<Write> writes_;
  std::vector<std::string> answers_;
  std::atomic<size_t> answered_ = 0;
};

// What a department writes on a busy day, by two writers at once: results are reported, handed in
// and accepted, and units are added; figures are recorded that count for 1 out of 2 each. The city
// may be hurt meanwhile, as long as everything comes back.
class BusyDay {
 public:
  // Imports the units and the plan, and waits until every service knows them.
  explicit BusyDay(City& city);
  ~BusyDay();
  BusyDay(const BusyDay&) = delete;
  BusyDay& operator=(const BusyDay&) = delete;

  void Begin();
  // Returns when everything has been answered.
  void End();

  // Waits until so much of the registry's writes has been answered.
  void AwaitShare(double share);
  // Waits until a tenth more has been answered.
  void AwaitMore();

  // Sends everything once more, as one does who is not sure that it arrived. Fails the test unless
  // everything that was acknowledged is there once: in what is stored, in the four logs of events,
  // and in what the kpi, the inspection and the notification service have made of it.
  void ExpectAllOnce();

 private:
  void ExpectWholeLogs();

  City& city_;
  Writes registry_;
  std::vector<std::vector<kpi_pb::Observation>> batches_;
  std::thread registry_writer_;
  std::thread kpi_writer_;
};

// The assignments on which work goes on, and those that the notification service is going to tell
// about; the same ones, once it has heard of everything.
std::set<std::string> OpenAssignments(City& city);
std::set<std::string> AwaitedAssignments(City& city);

}  // namespace dondoc::testing
