#pragma once

#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/system/city.h"

namespace dondoc::testing {

// Several people who add units to the registry of a City, each sending again what was not
// answered, until they are told to stop.
class Founders {
 public:
  // Begins with the illustrative units, one of which is the parent of the others.
  explicit Founders(City& city);
  ~Founders() { Stop(); }
  Founders(const Founders&) = delete;
  Founders& operator=(const Founders&) = delete;

  // Returns when what was begun has been answered.
  void Stop();

  // The names of all units of which somebody has been told that they were added.
  std::set<std::string> acknowledged();

  // Stops, and fails the test unless each of them is there once and nothing besides: in the
  // registry, in its log of events, and in what the inspection service counts.
  void ExpectAllOnce();

 private:
  void Found(int founder);

  City& city_;
  size_t before_ = 0;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::set<std::string> acknowledged_;
  std::vector<std::thread> threads_;
};

// The names of all units of the registry; one that stands there twice shows as a failure.
std::set<std::string> UnitsIn(City& city);

// Fails the test unless every one of `acknowledged` is a unit of the registry now.
void ExpectUnits(City& city, const std::set<std::string>& acknowledged);

}  // namespace dondoc::testing
