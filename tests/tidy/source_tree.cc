#include "tests/tidy/source_tree.h"

#include <filesystem>
#include <fstream>
#include <set>

namespace dondoc::tidy {
namespace {

namespace fs = std::filesystem;

const std::set<std::string> kNotOurs = {".git", "build", "node_modules", "data", "__pycache__"};

bool IsText(const fs::path& path) {
  static const std::set<std::string> kEndings = {".cc", ".h",     ".proto", ".sql",  ".txt",
                                                 ".md", ".cmake", ".json",  ".yaml", ".yml",
                                                 ".py", ".sh",    ".csv",   ".conf", ""};
  return kEndings.contains(path.extension().string());
}

}  // namespace

std::vector<SourceFile> ReadTree(const std::string& root) {
  std::vector<SourceFile> files;
  for (auto entry = fs::recursive_directory_iterator(root);
       entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry->is_directory() && kNotOurs.contains(entry->path().filename().string())) {
      entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file() || !IsText(entry->path())) continue;
    SourceFile file{.path = fs::relative(entry->path(), root).generic_string(), .lines = {}};
    std::ifstream stream(entry->path());
    for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
    files.push_back(std::move(file));
  }
  return files;
}

void Breach(Report& report, const SourceFile& file, size_t line, const std::string& reason) {
  report.push_back(file.path + ":" + std::to_string(line) + ": " + reason);
}

}  // namespace dondoc::tidy
