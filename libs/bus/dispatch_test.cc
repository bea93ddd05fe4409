#include "libs/bus/dispatch.h"

#include <gtest/gtest.h>

#include <string>

namespace dondoc::bus {
namespace {

struct PatternCase {
  std::string pattern;
  std::string type;
  bool matches;
};

TEST(Matches, TheWholeTypeOneMoreWordOrTheRest) {
  const PatternCase cases[] = {
      {"dondoc.registry.task.accepted", "dondoc.registry.task.accepted", true},
      {"dondoc.registry.task.accepted", "dondoc.registry.task.acceptedly", false},
      {"dondoc.registry.task.accepted", "dondoc.registry.task", false},
      {"dondoc.registry.task.*", "dondoc.registry.task.accepted", true},
      {"dondoc.registry.task.*", "dondoc.registry.task", false},
      {"dondoc.registry.task.*", "dondoc.registry.task.", false},
      {"dondoc.registry.task.*", "dondoc.registry.tasks.accepted", false},
      {"dondoc.registry.*", "dondoc.registry.task.accepted", false},
      {"dondoc.registry.>", "dondoc.registry.task.accepted", true},
      {"dondoc.registry.>", "dondoc.registry.task", true},
      {"dondoc.registry.>", "dondoc.registry", false},
      {"dondoc.registry.>", "dondoc.registrys.task", false},
      {"dondoc.registry.>", "dondoc.kpi.value.changed", false},
      {"", "dondoc.kpi.value.changed", false},
  };
  for (const PatternCase& c : cases) {
    EXPECT_EQ(Matches(c.pattern, c.type), c.matches) << c.pattern << " for " << c.type;
  }
}

}  // namespace
}  // namespace dondoc::bus
