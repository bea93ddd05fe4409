#include "libs/identity/directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "libs/identity/json.h"
#include "libs/identity/test_issuer.h"
#include "libs/store/test_database.h"

namespace dondoc::identity {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::StatusIs;
using ::dondoc::testing::TestDatabase;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const absl::CivilDay kFounded(2020, 1, 1);
const absl::CivilDay kToday(2023, 6, 1);

UnitState UnitOf(const std::string& name, const std::string& parent, int64_t version = 1) {
  return {.version = version, .unit = {.name = name, .parent = parent, .valid_from = kFounded}};
}

GrantState GrantOf(const std::string& name, const std::string& principal, Role role,
                   int64_t version = 1) {
  return {.name = name,
          .version = version,
          .grant = {
              .principal = principal, .role = role, .unit = "units/phong", .valid_from = kFounded}};
}

// The public half of a pair made on the spot.
std::string NewX() { return *JsonObject::Parse(testing::TestKey::Ed25519().Jwk("k"))->Text("x"); }

class DirectoryTest : public ::testing::Test {
 protected:
  std::shared_ptr<const View> Now() { return ViewOf(directory_, *database_); }
  static std::shared_ptr<const View> ViewOf(Directory& directory, store::Database& database) {
    std::shared_ptr<const View> view;
    EXPECT_THAT(database.Read([&](store::Snapshot& snapshot) {
      auto read = directory.At(snapshot);
      if (read.ok()) view = *read;
      return read.status();
    }),
                IsOk());
    return view;
  }
  absl::Status Write(const store::WriteWork& work) { return database_->WriteAndWait(work); }
  void Put(const UnitState& state) {
    ASSERT_THAT(Write([&](store::Transaction& transaction) {
                  PutUnit(transaction, state);
                  return absl::OkStatus();
                }),
                IsOk());
  }
  void Put(const GrantState& state) {
    ASSERT_THAT(Write([&](store::Transaction& transaction) {
                  PutGrant(transaction, state);
                  return absl::OkStatus();
                }),
                IsOk());
  }
  void Put(const KeyState& state) {
    ASSERT_THAT(Write([&](store::Transaction& transaction) {
                  PutKey(transaction, state);
                  return absl::OkStatus();
                }),
                IsOk());
  }

  const FixedClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  Directory directory_;
  TestDatabase database_{DirectoryMigrations(), clock_};
};

TEST_F(DirectoryTest, HoldsNothingAtFirst) {
  const auto view = Now();
  EXPECT_THAT(view->grants(), IsEmpty());
  EXPECT_THAT(view->keys(), IsEmpty());
  EXPECT_THAT(view->GrantsOf("person:an"), IsEmpty());
  EXPECT_FALSE(view->tree().ExistsOn("units/so", kToday));
}

TEST_F(DirectoryTest, ShowsGrantsByPrincipalWithTheirDays) {
  GrantState ended = GrantOf("grants/2", "person:an", Role::kUnitStaff);
  ended.grant.unit = "";
  ended.grant.valid_to = kToday;
  Put(GrantOf("grants/1", "person:an", Role::kUnitHead));
  Put(ended);
  Put(GrantOf("grants/3", "system:mot-cua", Role::kSystem));
  const auto view = Now();
  EXPECT_THAT(view->grants(), SizeIs(2));
  const std::vector<Grant>& grants = view->GrantsOf("person:an");
  ASSERT_THAT(grants, SizeIs(2));
  EXPECT_EQ(grants[0].principal, "person:an");
  EXPECT_EQ(grants[0].role, Role::kUnitHead);
  EXPECT_EQ(grants[0].unit, "units/phong");
  EXPECT_EQ(grants[0].valid_from, kFounded);
  EXPECT_EQ(grants[0].valid_to, std::nullopt);
  EXPECT_EQ(grants[1].unit, "");
  EXPECT_EQ(grants[1].valid_to, kToday);
}

TEST_F(DirectoryTest, ShowsTheTreeAndTheDaysOnWhichUnitsExist) {
  Put(UnitOf("units/to", "units/phong"));  // Before the one above it.
  Put(UnitOf("units/phong", "units/so"));
  UnitState dissolved = UnitOf("units/so", "");
  dissolved.unit.valid_to = kToday;
  Put(dissolved);
  const auto view = Now();
  EXPECT_THAT(view->tree().SubtreeOf("units/so"),
              UnorderedElementsAre("units/so", "units/phong", "units/to"));
  EXPECT_FALSE(view->tree().ExistsOn("units/so", kFounded - 1));
  EXPECT_TRUE(view->tree().ExistsOn("units/so", kFounded));
  EXPECT_TRUE(view->tree().ExistsOn("units/so", kToday - 1));
  EXPECT_FALSE(view->tree().ExistsOn("units/so", kToday));
}

TEST_F(DirectoryTest, FindsAKeyUntilItIsRetired) {
  const std::string x = NewX();
  Put(KeyState{.id = "k1", .version = 1, .x = x});
  Put(KeyState{.id = "broken", .version = 1, .x = "short"});
  const auto before = Now();
  EXPECT_TRUE(before->FindKey("k1").has_value());
  EXPECT_FALSE(before->FindKey("k2").has_value());
  EXPECT_THAT(before->keys(), SizeIs(1));
  Put(KeyState{.id = "k1", .version = 2, .x = x, .retired = true});
  EXPECT_FALSE(Now()->FindKey("k1").has_value());
  // Who holds the old view goes on with it.
  EXPECT_TRUE(before->FindKey("k1").has_value());
}

TEST_F(DirectoryTest, KeepsTheNewestStateInWhateverOrderTheyCome) {
  const std::string x = NewX();
  Put(GrantOf("grants/1", "person:an", Role::kDirector, 2));
  Put(UnitOf("units/phong", "units/so", 2));
  Put(KeyState{.id = "k1", .version = 2, .x = x});
  const auto newest = Now();
  Put(GrantOf("grants/1", "person:an", Role::kOffice, 1));
  Put(GrantOf("grants/1", "person:an", Role::kAuditor, 2));
  Put(UnitOf("units/phong", "", 1));
  Put(KeyState{.id = "k1", .version = 1, .x = x, .retired = true});
  // Nothing has changed, so nothing is read again.
  EXPECT_EQ(Now(), newest);
  EXPECT_EQ(newest->GrantsOf("person:an").at(0).role, Role::kDirector);
  Put(GrantOf("grants/1", "person:an", Role::kAuditor, 3));
  EXPECT_EQ(Now()->GrantsOf("person:an").at(0).role, Role::kAuditor);
}

TEST_F(DirectoryTest, MovesAUnitAndReadsTheRestNoMore) {
  for (const auto* name : {"units/so", "units/a", "units/b"}) Put(UnitOf(name, ""));
  Put(UnitOf("units/to", "units/a"));
  Put(GrantOf("grants/1", "person:an", Role::kDirector));
  const auto before = Now();
  EXPECT_EQ(Now(), before);
  Put(UnitOf("units/to", "units/b", 2));
  const auto after = Now();
  EXPECT_GT(after->revision(), before->revision());
  EXPECT_EQ(&after->grants(), &before->grants());
  EXPECT_THAT(after->tree().SubtreeOf("units/a"), ElementsAre("units/a"));
  EXPECT_THAT(after->tree().SubtreeOf("units/b"), ElementsAre("units/b", "units/to"));
  EXPECT_THAT(before->tree().SubtreeOf("units/a"), ElementsAre("units/a", "units/to"));
}

TEST_F(DirectoryTest, GivesARoleOfALaterVersionNothing) {
  Put(GrantOf("grants/1", "person:an", Role::kDirector));
  ASSERT_THAT(Write([](store::Transaction& transaction) {
                transaction.sql().Run("update directory_grants set role = 'minister'");
                return absl::OkStatus();
              }),
              IsOk());
  EXPECT_THAT(Now()->GrantsOf("person:an"), IsEmpty());
}

TEST_F(DirectoryTest, ShowsAWriteItsOwnChangesAndOthersNothingOfOneThatFailed) {
  Now();
  EXPECT_THAT(Write([&](store::Transaction& transaction) -> absl::Status {
                PutGrant(transaction, GrantOf("grants/1", "person:an", Role::kOffice));
                const auto view = directory_.At(transaction);
                EXPECT_THAT(view, IsOk());
                EXPECT_THAT((*view)->GrantsOf("person:an"), SizeIs(1));
                return absl::AbortedError("no");
              }),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(Now()->GrantsOf("person:an"), IsEmpty());
  // The next change takes the same revision and is another one.
  Put(GrantOf("grants/1", "person:binh", Role::kOffice));
  EXPECT_THAT(Now()->grants(), ElementsAre(Pair("person:binh", SizeIs(1))));
}

TEST_F(DirectoryTest, RemembersWhatAWriteReadOnceItIsDurable) {
  std::shared_ptr<const View> inside;
  ASSERT_THAT(Write([&](store::Transaction& transaction) -> absl::Status {
                PutGrant(transaction, GrantOf("grants/1", "person:an", Role::kOffice));
                inside = directory_.At(transaction).value();
                return absl::OkStatus();
              }),
              IsOk());
  EXPECT_EQ(Now(), inside);
}

TEST_F(DirectoryTest, AnswersAnOldSnapshotAsItWasThen) {
  Put(GrantOf("grants/1", "person:an", Role::kDirector));
  ASSERT_THAT(database_->Read([&](store::Snapshot& old) -> absl::Status {
    // The snapshot is taken with its first query.
    EXPECT_THAT(directory_.At(old).value()->GrantsOf("person:an"), SizeIs(1));
    Put(GrantOf("grants/2", "person:an", Role::kAuditor));
    EXPECT_THAT(Now()->GrantsOf("person:an"), SizeIs(2));
    EXPECT_THAT(directory_.At(old).value()->GrantsOf("person:an"), SizeIs(1));
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_THAT(Now()->GrantsOf("person:an"), SizeIs(2));
}

TEST_F(DirectoryTest, IsTheSameAfterARestart) {
  Put(GrantOf("grants/1", "person:an", Role::kDirector));
  Put(UnitOf("units/phong", ""));
  const int64_t revision = Now()->revision();
  database_.Reopen();
  Directory again;
  const auto view = ViewOf(again, *database_);
  EXPECT_EQ(view->revision(), revision);
  EXPECT_THAT(view->GrantsOf("person:an"), SizeIs(1));
  EXPECT_TRUE(view->tree().ExistsOn("units/phong", kToday));
}

TEST_F(DirectoryTest, SaysThatItsTablesAreBroken) {
  ASSERT_THAT(Write([](store::Transaction& transaction) {
                transaction.sql().Run("delete from directory_revision");
                return absl::OkStatus();
              }),
              IsOk());
  EXPECT_THAT(
      database_->Read([&](store::Snapshot& snapshot) { return directory_.At(snapshot).status(); }),
      StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(DirectoryTest, ServesManyAtOnceWhileItChanges) {
  constexpr int kUnits = 50;
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([this] {
      size_t seen = 0;
      while (seen < kUnits) {
        const size_t size = Now()->tree().SubtreeOf("units/so").size() - 1;
        EXPECT_GE(size, seen);
        seen = size;
      }
    });
  }
  for (int i = 0; i < kUnits; ++i) Put(UnitOf(absl::StrCat("units/u", i), "units/so"));
  for (std::thread& reader : readers) reader.join();
}

TEST_F(DirectoryTest, IsTheSameForEveryReplica) {
  if (!dondoc::testing::OnPostgres()) GTEST_SKIP() << "a database file has one process";
  auto other = store::Database::Open(database_.Options(), clock_);
  ASSERT_THAT(other, IsOk());
  Directory others;
  for (int64_t version = 1; version <= 4; ++version) {
    // They take turns in writing, and both see each version.
    const GrantState state =
        GrantOf("grants/1", absl::StrCat("person:", version), Role::kOffice, version);
    store::Database& writer = version % 2 == 0 ? **other : *database_;
    ASSERT_THAT(writer.WriteAndWait([&](store::Transaction& transaction) {
      PutGrant(transaction, state);
      return absl::OkStatus();
    }),
                IsOk());
    const auto mine = Now();
    const auto theirs = ViewOf(others, **other);
    EXPECT_EQ(mine->revision(), theirs->revision());
    EXPECT_THAT(mine->grants(), ElementsAre(Pair(state.grant.principal, SizeIs(1))));
    EXPECT_THAT(theirs->grants(), ElementsAre(Pair(state.grant.principal, SizeIs(1))));
  }
}

}  // namespace
}  // namespace dondoc::identity
