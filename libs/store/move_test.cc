#include "libs/store/move.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <soci/postgresql/soci-postgresql.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "libs/store/database.h"
#include "libs/store/lease.h"
#include "libs/store/sqlite_database.h"
#include "libs/store/test_database.h"
#include "libs/testing/temp_dir.h"

namespace dondoc::store {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::testing::HasSubstr;

const std::vector<Migration> kSchema = {
    {"test", 1,
     "create table things (id integer primary key, name text not null unique, body blob, "
     "note text) strict; "
     "create table parts (thing integer not null references things (id), place text not null, "
     "primary key (thing, place)) strict, without rowid; "
     "create index parts_by_place on parts (place)"}};

// Names in an order in which letters are not bytes, and what a line of text could be taken for.
const char* const kNames[] = {"Đôn đốc", "á\tb", "a\\b", "A\nb", "\\N", "", "ạ", "z", "\x01\x7f"};

class MoveTest : public ::testing::Test {
 protected:
  MoveTest() {
    auto database = OpenFile();
    for (const char* name : kNames) {
      EXPECT_THAT(database->WriteAndWait([&](Transaction& transaction) {
        const std::string bytes("\0\xff\\x\n", 5);
        transaction.sql().Run("insert into things (name, body, note) values (:n, :b, null)", name,
                              Bytes{name[0] == 'z' ? "" : bytes});
        transaction.sql().Run(
            "insert into parts (thing, place) select id, name from things where name = :n", name);
        Origin origin;
        origin.actor = "Văn phòng";
        origin.request_id = absl::StrCat("r", name);
        transaction.SetOrigin(origin);
        transaction.Emit({.type = "dondoc.test.thing.added",
                          .name = absl::StrCat("things/", name),
                          .version = 1,
                          .schema = "dondoc.test.v1.Thing",
                          .payload = bytes});
        return absl::OkStatus();
      }),
                  IsOk());
    }
  }

  std::unique_ptr<Database> OpenFile() {
    auto opened = Database::Open({.url = "sqlite:" + file_, .migrations = kSchema}, clock_);
    EXPECT_THAT(opened, IsOk());
    return *std::move(opened);
  }
  absl::StatusOr<Moved> Move() {
    return MoveToPostgres(file_, url_, [this](int64_t done, int64_t total) {
      EXPECT_LE(done, total);
      progress_ = done;
    });
  }
  int64_t TablesOfTarget() {
    soci::session session(soci::postgresql, url_);
    Sql sql(session);
    return *sql.Value<int64_t>(
        "select count(*) from information_schema.tables where table_schema = current_schema()");
  }

  const SystemClock clock_;
  const testing::TempDir folder_;
  const std::string file_ = folder_.File("test.db");
  const std::string url_ = testing::NewPostgresDatabase();
  int64_t progress_ = 0;
};

TEST_F(MoveTest, BringsEveryRowAndTheServiceGoesOnWhereItWas) {
  const absl::StatusOr<Moved> moved = Move();
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->last_sequence, static_cast<int64_t>(std::size(kNames)));
  EXPECT_EQ(moved->last_hash.size(), 64u);
  int64_t rows = 0;
  for (const Moved::Table& table : moved->tables) rows += table.rows;
  EXPECT_EQ(progress_, rows);

  auto database = Database::Open({.url = url_, .migrations = kSchema}, clock_);
  ASSERT_THAT(database, IsOk()) << "the steps of its schema are those of the file";
  EXPECT_EQ((*database)->LastSequence(), moved->last_sequence);
  EXPECT_THAT((*database)->WriteAndWait([](Transaction& transaction) {
    Sql& sql = transaction.sql();
    int64_t id = 0;
    for (const char* name : kNames) {
      const auto row = sql.One<int64_t, std::optional<Bytes>, std::optional<std::string>>(
          "select id, body, note from things where name = :n", name);
      EXPECT_TRUE(row.has_value()) << name;
      if (!row) continue;
      EXPECT_EQ(std::get<0>(*row), ++id);
      EXPECT_EQ(std::get<1>(*row)->value, name[0] == 'z' ? "" : std::string("\0\xff\\x\n", 5));
      EXPECT_EQ(std::get<2>(*row), std::nullopt);
    }
    EXPECT_THAT(transaction.EarlierResponse("rz", "another"), Refuses("REQUEST_ID_REUSED"));
    sql.Run("insert into things (name) values ('next')");
    EXPECT_EQ(sql.Value<int64_t>("select id from things where name = 'next'"), id + 1);
    transaction.Emit({.type = "dondoc.test.thing.added",
                      .name = "things/next",
                      .version = 1,
                      .schema = "dondoc.test.v1.Thing",
                      .payload = ""});
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_THAT((*database)->Read([](Snapshot& snapshot) { return VerifyLog(snapshot); }), IsOk());
  EXPECT_THAT((*database)->WriteAndWait([](Transaction& transaction) {
    transaction.sql().Run("update events set actor = 'x'");
    return absl::OkStatus();
  }),
              testing::StatusIs(absl::StatusCode::kInternal))
      << "what refuses is there too";
}

TEST_F(MoveTest, LeavesNoLeaseToWaitFor) {
  {
    auto database = OpenFile();
    ASSERT_THAT(database->WriteAndWait([](Transaction& transaction) {
      TakeLease(transaction, "duty", "killed", absl::Hours(24));
      return absl::OkStatus();
    }),
                IsOk());
  }
  ASSERT_THAT(Move(), IsOk());
  auto database = Database::Open({.url = url_, .migrations = kSchema}, clock_);
  ASSERT_THAT(database, IsOk());
  Lease lease(**database);
  EXPECT_TRUE(*lease.Take());
}

TEST_F(MoveTest, IsRefusedWhileTheServiceRuns) {
  const auto database = OpenFile();
  EXPECT_THAT(Move(), Refuses("DATABASE_IN_USE"));
  EXPECT_EQ(TablesOfTarget(), 0);
}

TEST_F(MoveTest, SaysWhatIsThereWhenItIsRunAgain) {
  ASSERT_THAT(Move(), IsOk());
  const int64_t tables = TablesOfTarget();
  const absl::StatusOr<Moved> again = Move();
  EXPECT_THAT(again, Refuses("DATABASE_NOT_EMPTY"));
  EXPECT_THAT(again.status().ToString(), HasSubstr("9 events, those of this file"));
  EXPECT_EQ(TablesOfTarget(), tables);
}

TEST_F(MoveTest, NeverTouchesATargetThatHoldsSomethingElse) {
  {
    soci::session session(soci::postgresql, url_);
    session << "create table somebody_elses (id bigint)";
  }
  const absl::StatusOr<Moved> moved = Move();
  EXPECT_THAT(moved, Refuses("DATABASE_NOT_EMPTY"));
  EXPECT_THAT(moved.status().ToString(), HasSubstr("choose an empty one"));
  EXPECT_EQ(TablesOfTarget(), 1);
}

TEST_F(MoveTest, AFailureInTheMiddleLeavesTheTargetEmpty) {
  {
    auto database = OpenFile();
    ASSERT_THAT(database->WriteAndWait([](Transaction& transaction) {
      transaction.sql().Run("insert into things (name) values (:n)", std::string("a\0b", 3));
      return absl::OkStatus();
    }),
                IsOk());
  }
  const absl::StatusOr<Moved> moved = Move();
  EXPECT_THAT(moved, Refuses("VALUE_NOT_MOVABLE"));
  EXPECT_THAT(moved.status().ToString(), HasSubstr("table things"));
  EXPECT_EQ(TablesOfTarget(), 0);
}

TEST_F(MoveTest, RefusesTextThatIsNotUtf8) {
  {
    auto database = OpenFile();
    ASSERT_THAT(database->WriteAndWait([](Transaction& transaction) {
      transaction.sql().Run("insert into things (name) values (:n)", "\xff\xfe");
      return absl::OkStatus();
    }),
                IsOk());
  }
  EXPECT_THAT(Move(), Refuses("VALUE_NOT_MOVABLE"));
  EXPECT_EQ(TablesOfTarget(), 0);
}

TEST_F(MoveTest, RefusesAFileThatWasTamperedWith) {
  {
    Connection connection("db=\"" + file_ + "\"");
    connection.session << "drop trigger events_stay_as_they_are";
    connection.session << "update events set actor = 'nobody' where seq = 2";
  }
  EXPECT_THAT(Move(), testing::StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_EQ(TablesOfTarget(), 0);
}

TEST_F(MoveTest, NeedsAFileAndAServer) {
  const auto nothing = [](int64_t, int64_t) {};
  EXPECT_THAT(MoveToPostgres(folder_.File("none.db"), url_, nothing), Refuses("FILE_NOT_FOUND"));
  EXPECT_THAT(MoveToPostgres(file_, "postgresql://nobody@127.0.0.1:1/none", nothing),
              testing::StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace dondoc::store
