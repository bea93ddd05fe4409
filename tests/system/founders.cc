#include "tests/system/founders.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "tests/system/acts.h"
#include "tests/system/log_check.h"

namespace dondoc::testing {
namespace {

constexpr int kFounders = 4;

}  // namespace

Founders::Founders(City& city) : city_(city) {
  city_.AddUnits();
  before_ = UnitsIn(city_).size();
  for (int founder = 0; founder < kFounders; ++founder) {
    threads_.emplace_back([this, founder] { Found(founder); });
  }
}

void Founders::Stop() {
  stopping_ = true;
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::set<std::string> Founders::acknowledged() {
  std::lock_guard lock(mutex_);
  return acknowledged_;
}

void Founders::Found(int founder) {
  for (int i = 0; !stopping_; ++i) {
    const registry_pb::AddUnitRequest request = AddUnit(absl::StrCat("don-vi-", founder, "-", i));
    const auto added = city_.Call(&Registry::AddUnit, request);
    EXPECT_THAT(added, IsOk());
    if (!added.ok()) return;
    std::lock_guard lock(mutex_);
    acknowledged_.insert(request.unit().name());
  }
}

void Founders::ExpectAllOnce() {
  Stop();
  EXPECT_EQ(UnitsIn(city_).size(), before_ + acknowledged_.size());
  EXPECT_THAT(city_.Call(&Registry::AddUnit, AddUnit("cuoi-cung")), IsOk());
  ExpectWholeLog(city_.ReadLog(&Registry::WatchChanges, 1, [](const Change& change) {
    return change.name() == "units/cuoi-cung";
  }));
  const auto counted = static_cast<int64_t>(kUnitsCountedOfThePlan + acknowledged_.size() + 1);
  EXPECT_TRUE(Eventually([&] { return CoverageOf(city_, 2023).unit_count() == counted; }))
      << CoverageOf(city_, 2023).unit_count() << " of " << counted;
}

std::set<std::string> UnitsIn(City& city) {
  std::set<std::string> names;
  registry_pb::ListUnitsRequest request;
  request.set_page_size(1'000);
  const auto all = city.ListAll(&Registry::ListUnits, request);
  for (const registry_pb::Unit& unit : all.units()) {
    EXPECT_TRUE(names.insert(unit.name()).second) << unit.name() << " twice";
  }
  return names;
}

void ExpectUnits(City& city, const std::set<std::string>& acknowledged) {
  const std::set<std::string> found = UnitsIn(city);
  EXPECT_TRUE(std::includes(found.begin(), found.end(), acknowledged.begin(), acknowledged.end()))
      << acknowledged.size() << " acknowledged, " << found.size() << " found";
}

}  // namespace dondoc::testing
