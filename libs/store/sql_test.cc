#include "libs/store/sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "libs/base/status_matchers.h"
#include "libs/store/test_database.h"

namespace dondoc::store {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::StatusIs;
using ::testing::ElementsAre;

const std::vector<Migration> kSchema = {
    {"test", 1, "create table t (id integer primary key, name text, body blob) strict"}};

class SqlTest : public ::testing::Test {
 protected:
  void Write(const std::function<void(Sql&)>& work) {
    ASSERT_THAT(database_->WriteAndWait([&](Transaction& transaction) {
      work(transaction.sql());
      return absl::OkStatus();
    }),
                IsOk());
  }

  const FixedClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  testing::TestDatabase database_{kSchema, clock_};
};

TEST_F(SqlTest, KeepsBytesThatAreNoText) {
  const std::string bytes("a\0b\xff\x80", 5);
  Write([&](Sql& sql) {
    sql.Run("insert into t (name, body) values (:n, :b)", "long first",
            Bytes{std::string(500, 'x')});
    sql.Run("insert into t (name, body) values (:n, :b)", "short after", Bytes{bytes});
    EXPECT_EQ(sql.Value<Bytes>("select body from t where name = :n", "short after")->value, bytes);
  });
}

TEST_F(SqlTest, TellsNullFromEmpty) {
  Write([](Sql& sql) {
    sql.Run("insert into t (id, name, body) values (1, :n, :b)", std::optional<std::string>(),
            Bytes{});
    sql.Run("insert into t (id, name, body) values (2, :n, :b)", std::optional<std::string>(""),
            std::optional<Bytes>());
    const auto rows = sql.All<std::optional<std::string>, std::optional<Bytes>>(
        "select name, body from t order by id");
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_FALSE(std::get<0>(rows[0]).has_value());
    EXPECT_TRUE(std::get<1>(rows[0]).has_value());
    EXPECT_EQ(std::get<0>(rows[1]), "");
    EXPECT_FALSE(std::get<1>(rows[1]).has_value());
  });
}

TEST_F(SqlTest, SaysHowManyRowsChanged) {
  Write([](Sql& sql) {
    for (int64_t id = 1; id <= 3; ++id) sql.Run("insert into t (id) values (:id)", id);
    EXPECT_EQ(sql.Run("update t set name = :n where id >= :id", "x", 2), 2);
    EXPECT_EQ(sql.Run("update t set name = :n where id >= :id", "x", 9), 0);
  });
}

TEST_F(SqlTest, ATextArgumentIsNeverSql) {
  Write([](Sql& sql) {
    sql.Run("insert into t (id, name) values (1, :n)", "'; drop table t; --");
    EXPECT_EQ(sql.Value<std::string>("select name from t"), "'; drop table t; --");
  });
}

TEST_F(SqlTest, AQueryMayRunInsideItself) {
  Write([](Sql& sql) {
    for (int64_t id = 1; id <= 2; ++id) sql.Run("insert into t (id) values (:id)", id);
    std::vector<int64_t> seen;
    const char* all = "select id from t order by id";
    sql.ForEach<int64_t>(all, [&](int64_t outer) {
      sql.ForEach<int64_t>(all, [&](int64_t inner) { seen.push_back(10 * outer + inner); });
    });
    EXPECT_THAT(seen, ElementsAre(11, 12, 21, 22));
  });
}

TEST_F(SqlTest, AFailedStatementWorksAgainAfterwards) {
  Write([](Sql& sql) { sql.Run("insert into t (id) values (:id)", 1); });
  EXPECT_THAT(database_->WriteAndWait([](Transaction& transaction) {
    transaction.sql().Run("insert into t (id) values (:id)", 1);
    return absl::OkStatus();
  }),
              StatusIs(absl::StatusCode::kInternal));
  Write([](Sql& sql) { sql.Run("insert into t (id) values (:id)", 2); });
}

TEST_F(SqlTest, AReadCannotChangeAnything) {
  EXPECT_THAT(database_->Read([](Snapshot& snapshot) {
    snapshot.sql().Run("insert into t (id) values (:id)", 1);
    return absl::OkStatus();
  }),
              StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace dondoc::store
