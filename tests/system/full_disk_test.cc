#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "tests/system/acts.h"
#include "tests/system/city.h"
#include "tests/system/log_check.h"
#include "tests/system/mount.h"

namespace dondoc::testing {
namespace {

constexpr int kDiskMegabytes = 4;
constexpr int kWrites = 200;

// One service keeps its database on a small disk that somebody fills.
class AFullDisk : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    auto mounted = Mount::Memory(city_.File("disk"), kDiskMegabytes);
    if (!mounted.ok()) GTEST_SKIP() << mounted.status().message();
    mount_ = *std::move(mounted);
    city_.Kill(GetParam());
    city_.SetDatabase(GetParam(), city_.File("disk/small.db"));
    city_.Start(GetParam());
    city_.AddUnits();
    if (GetParam() == "notification") AwaitContacts();
  }

  // It makes one by itself for each unit whose e-mail the registry tells.
  void AwaitContacts() {
    registry_pb::ListUnitsRequest request;
    request.set_page_size(1'000);
    int expected = 0;
    const auto list = city_.ListAll(&Registry::ListUnits, request);
    for (const registry_pb::Unit& unit : list.units()) {
      if (!unit.email().empty()) ++expected;
    }
    EXPECT_TRUE(Eventually([&] { return Count() == expected; })) << Count() << " of " << expected;
  }

  void Fill() const {
    std::ofstream ballast(Ballast(), std::ios::binary);
    const std::string block(1024, '.');
    while (ballast.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
  void MakeRoom() const { std::filesystem::remove(Ballast()); }

  absl::Status Write(const std::string& id) {
    if (GetParam() == "registry") return city_.Call(&Registry::AddUnit, AddUnit(id)).status();
    if (GetParam() == "kpi") {
      return city_.Call(&Kpi::DefineIndicator, DefineIndicator(id)).status();
    }
    return city_.Call(&Notification::SetContact, SetContact(id)).status();
  }

  // How many things that Write() has made are there.
  int Count() {
    if (GetParam() == "registry") {
      registry_pb::ListUnitsRequest request;
      request.set_page_size(1'000);
      return city_.ListAll(&Registry::ListUnits, request).units_size();
    }
    if (GetParam() == "kpi") {
      return city_.ListAll(&Kpi::ListIndicators, kpi_pb::ListIndicatorsRequest()).indicators_size();
    }
    notification_pb::ListContactsRequest request;
    return city_.ListAll(&Notification::ListContacts, request).contacts_size();
  }

  City city_;
  std::unique_ptr<Mount> mount_;

 private:
  std::string Ballast() const { return city_.File("disk/ballast"); }
};

TEST_P(AFullDisk, RefusesWritesAnswersReadsAndGoesOnWhenThereIsRoom) {
  const int none = Count();
  int written = 0;
  ASSERT_THAT(Write("dau-tien"), IsOk());
  ++written;
  const pid_t pid = city_.PidOf(GetParam());
  Fill();
  absl::Status refusal;
  for (int i = 0; i < kWrites && refusal.ok(); ++i) {
    refusal = Write(absl::StrCat("day-", i));
    if (refusal.ok()) ++written;
  }
  EXPECT_THAT(refusal, Refuses("STORAGE_FULL"));
  EXPECT_THAT(refusal, StatusIs(absl::StatusCode::kResourceExhausted));
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(Write(absl::StrCat("van-day-", i)), Refuses("STORAGE_FULL"));
  }
  EXPECT_EQ(Count(), none + written) << "what was refused is not there";

  MakeRoom();
  for (int i = 0; i < 20; ++i, ++written) {
    ASSERT_THAT(Write(absl::StrCat("co-cho-", i)), IsOk());
  }
  EXPECT_EQ(Count(), none + written);
  EXPECT_EQ(city_.PidOf(GetParam()), pid) << "nobody had to start it anew";
  city_.Kill(GetParam(), SIGTERM);
  ExpectSoundDatabase(city_.DatabaseOf(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Of, AFullDisk, ::testing::Values("registry", "kpi", "notification"),
                         [](const auto& service) { return service.param; });

}  // namespace
}  // namespace dondoc::testing
