#pragma once

#include <vector>

#include "tests/tidy/source_tree.h"

// The house rules that a compiler cannot see; each reads the whole tree and reports every breach.
// Debian keeps all headers in one include folder, so no build file can hold these walls.
namespace dondoc::tidy {

// domain/ knows no transport, no storage, no log and no clock.
Report DomainsArePure(const std::vector<SourceFile>& files);
// A service includes no other service; libs include no service; rpc and store meet only in main.
Report ArrowsPointInward(const std::vector<SourceFile>& files);
// Every .cc, .proto and .sql is named in a CMakeLists.txt; every header is included by somebody.
Report EveryFileIsUsed(const std::vector<SourceFile>& files);
// 100 columns, 500 lines a file, 70 lines a function.
Report NothingIsTooLong(const std::vector<SourceFile>& files);
// Words and calls that have a better replacement here; the reason says which.
Report NothingBannedIsUsed(const std::vector<SourceFile>& files);

// Columns of a line as a person counts them: code points, not bytes.
size_t ColumnsOf(const std::string& line);

}  // namespace dondoc::tidy
