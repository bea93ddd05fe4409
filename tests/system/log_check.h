#pragma once

#include <string>
#include <vector>

#include "tests/system/city.h"

namespace dondoc::testing {

// Fails the test unless `changes` is a whole log from its first row on: sequences 1, 2, 3, …, no id
// twice, and of every resource the versions 1, 2, 3, ….
void ExpectWholeLog(const std::vector<Change>& changes);

// Fails the test unless the last change is about `after`, and the one before it about `before`: so
// that between these two writes nothing was written.
void ExpectNothingBetween(const std::vector<Change>& changes, const std::string& before,
                          const std::string& after);

// Fails the test unless the database in `file`, which no service has open, is sound, and the chain
// of hashes of its log of events holds.
void ExpectSoundDatabase(const std::string& file);

}  // namespace dondoc::testing
