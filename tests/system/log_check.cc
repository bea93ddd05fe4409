#include "tests/system/log_check.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "absl/time/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/store/database.h"
#include "libs/store/sqlite_database.h"

namespace dondoc::testing {

void ExpectWholeLog(const std::vector<Change>& changes) {
  int64_t sequence = 0;
  std::set<std::string> ids;
  std::map<std::string, int64_t> versions;
  for (const Change& change : changes) {
    EXPECT_EQ(change.sequence(), ++sequence) << change.type();
    EXPECT_TRUE(ids.insert(change.id()).second) << change.id() << " twice";
    EXPECT_EQ(change.version(), ++versions[change.name()]) << change.name();
  }
}

void ExpectNothingBetween(const std::vector<Change>& changes, const std::string& before,
                          const std::string& after) {
  ASSERT_GE(changes.size(), 2u);
  EXPECT_EQ(changes.back().name(), after);
  EXPECT_EQ(changes[changes.size() - 2].name(), before) << changes[changes.size() - 2].type();
}

void ExpectSoundDatabase(const std::string& file) {
  store::Connection connection("db=\"" + file + "\"");
  EXPECT_EQ(connection.sql.Value<std::string>("pragma integrity_check"), "ok") << file;
  store::Snapshot snapshot(connection.sql, absl::Now());
  EXPECT_THAT(store::VerifyLog(snapshot), IsOk()) << file;
}

}  // namespace dondoc::testing
