#pragma once

#include <functional>
#include <string>
#include <vector>

namespace dondoc::tidy {

// One file of the repository, read once.
struct SourceFile {
  // Relative to the root, with "/" between folders.
  std::string path;
  std::vector<std::string> lines;

  bool IsUnder(const std::string& folder) const { return path.rfind(folder + "/", 0) == 0; }
  bool InRoom(const std::string& room) const {
    return path.find("/" + room + "/") != std::string::npos;
  }
  bool EndsWith(const std::string& ending) const {
    return path.size() >= ending.size() &&
           path.compare(path.size() - ending.size(), ending.size(), ending) == 0;
  }
  bool IsCpp() const { return EndsWith(".cc") || EndsWith(".h"); }
};

// Every text file that belongs to the repository: build trees, fetched packages and .git are left
// out.
std::vector<SourceFile> ReadTree(const std::string& root);

// A breach of a rule: "path:line: reason", the way an editor jumps to it.
using Report = std::vector<std::string>;

void Breach(Report& report, const SourceFile& file, size_t line, const std::string& reason);

}  // namespace dondoc::tidy
