#include "tests/tidy/rules.h"

#include <map>
#include <regex>
#include <set>

namespace dondoc::tidy {
namespace {

constexpr size_t kColumnsMax = 100;
constexpr size_t kFileLinesMax = 500;
constexpr size_t kFunctionLinesMax = 70;

// The included path, or "" when the line includes nothing.
std::string IncludeOf(const std::string& line) {
  static const std::regex kInclude(R"re(^\s*#include\s*[<"]([^>"]+)[>"])re");
  std::smatch found;
  return std::regex_search(line, found, kInclude) ? found[1].str() : "";
}

// "registry" for services/registry/…, "" for anything else.
std::string ServiceOf(const std::string& path) {
  static const std::regex kService(R"(^services/([a-z]+)/)");
  std::smatch found;
  return std::regex_search(path, found, kService) ? found[1].str() : "";
}

std::string NameOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// A line that may be long because it cannot be broken: a link, a verbatim text of a test.
bool MayBeLong(const SourceFile& file, const std::string& line) {
  return line.find("://") != std::string::npos || IncludeOf(line) != "" || !file.IsCpp();
}

// Functions in our format begin at column 0 with a line that ends in "{" and end with "}" at column
// 0; namespaces, classes, enums and tables do too, but their first line names them.
bool OpensFunction(const std::string& line) {
  static const std::regex kOther(
      R"(^(namespace|class|struct|enum|extern|union|const|constexpr|static const))");
  return !line.empty() && line[0] != ' ' && line[0] != '}' && line[0] != '#' && line[0] != '/' &&
         line.back() == '{' && line.find('(') != std::string::npos &&
         !std::regex_search(line, kOther);
}

void CheckFunctions(const SourceFile& file, Report& report) {
  size_t opened = 0;
  for (size_t i = 0; i < file.lines.size(); ++i) {
    const std::string& line = file.lines[i];
    if (opened == 0 && (OpensFunction(line) || line == "    {")) opened = i + 1;
    if (opened != 0 && !line.empty() && line[0] == '}') {
      if (i + 1 - opened > kFunctionLinesMax) {
        Breach(report, file, opened,
               "a function of " + std::to_string(i + 1 - opened) + " lines holds two things");
      }
      opened = 0;
    }
  }
}

struct Ban {
  std::regex pattern;
  std::string reason;
  // "" everywhere, else only under this folder.
  std::string folder;
  // Where there is a reason not to mind.
  std::string except = "-";
};

const std::vector<Ban>& Bans() {
  // The words are cut in two so that this table does not report itself.
  static const std::vector<Ban> kBans = {
      {std::regex("\\b(TO"
                  "DO|FIX"
                  "ME|XX"
                  "X)\\b"),
       "finish it, or open an issue", ""},
      {std::regex("std::string"
                  "_view"),
       "use absl::string_view (Debian's abseil has its own)", ""},
      {std::regex("absl::"
                  "Now\\(\\)"),
       "take the time from a Clock", "services",
       // How long a person waits for an answer is real time, whatever the services' clock says.
       "services/cli"},
      {std::regex("\\bsprint"
                  "f\\("),
       "use absl::StrCat or absl::StrFormat", ""},
      {std::regex("redisComm"
                  "and\\("),
       "use redisCommandArgv: a key is never a format", ""},
      {std::regex("/wo"
                  "rk/|/ro"
                  "ot/"),
       "a path of one machine does not belong here", ""},
  };
  return kBans;
}

}  // namespace

size_t ColumnsOf(const std::string& line) {
  size_t columns = 0;
  for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return columns;
}

Report DomainsArePure(const std::vector<SourceFile>& files) {
  static const std::regex kImpure(
      R"re(^(grpc|google/protobuf|dondoc/|sqlite3|soci|nats|hiredis|spdlog|prometheus|curl)|)re"
      R"re(^libs/(store|bus|rpc|cache|log|metrics|settings)/|/(rpc|store|wire|events)/)re");
  static const std::regex kAsksTheTime(R"(absl::Now\(|system_clock::now|time\(nullptr\))");
  Report report;
  for (const SourceFile& file : files) {
    if (!file.IsCpp() || !file.InRoom("domain")) continue;
    for (size_t i = 0; i < file.lines.size(); ++i) {
      if (std::regex_search(IncludeOf(file.lines[i]), kImpure)) {
        Breach(report, file, i + 1, "a domain is pure; move this to another room");
      }
      if (std::regex_search(file.lines[i], kAsksTheTime)) {
        Breach(report, file, i + 1, "a domain is told the time; take `now` as an argument");
      }
    }
  }
  return report;
}

Report ArrowsPointInward(const std::vector<SourceFile>& files) {
  Report report;
  for (const SourceFile& file : files) {
    if (!file.IsCpp()) continue;
    const std::string service = ServiceOf(file.path);
    for (size_t i = 0; i < file.lines.size(); ++i) {
      const std::string included = IncludeOf(file.lines[i]);
      const std::string other = ServiceOf(included);
      if (other.empty()) continue;
      if (file.IsUnder("libs")) Breach(report, file, i + 1, "a lib knows no service");
      if (!service.empty() && other != service) {
        Breach(report, file, i + 1, "services meet only in proto/");
      }
      if (file.InRoom("store") && included.find("/rpc/") != std::string::npos) {
        Breach(report, file, i + 1, "arrows point inward: store does not know rpc");
      }
    }
  }
  return report;
}

Report EveryFileIsUsed(const std::vector<SourceFile>& files) {
  std::string build_files;
  std::set<std::string> included;
  for (const SourceFile& file : files) {
    const bool builds = file.EndsWith("CMakeLists.txt");
    for (const std::string& line : file.lines) {
      if (builds) build_files += line + "\n";
      if (file.IsCpp()) included.insert(IncludeOf(line));
    }
  }
  Report report;
  for (const SourceFile& file : files) {
    const bool source = file.EndsWith(".cc") || file.EndsWith(".proto") || file.EndsWith(".sql");
    if (source && build_files.find(NameOf(file.path)) == std::string::npos) {
      Breach(report, file, 1, "no CMakeLists.txt names this file");
    }
    if (file.EndsWith(".h") && !included.contains(file.path)) {
      Breach(report, file, 1, "nobody includes this header");
    }
  }
  return report;
}

Report NothingIsTooLong(const std::vector<SourceFile>& files) {
  Report report;
  for (const SourceFile& file : files) {
    const bool ours = file.IsCpp() || file.EndsWith(".proto") || file.EndsWith(".sql");
    if (!ours) continue;
    if (file.lines.size() > kFileLinesMax && !file.EndsWith("_test.cc") && file.IsCpp()) {
      Breach(report, file, 1,
             "a file of " + std::to_string(file.lines.size()) + " lines holds two things");
    }
    for (size_t i = 0; i < file.lines.size(); ++i) {
      if (ColumnsOf(file.lines[i]) > kColumnsMax && !MayBeLong(file, file.lines[i])) {
        Breach(report, file, i + 1, "more than 100 columns");
      }
    }
    if (file.IsCpp() && !file.EndsWith("_test.cc")) CheckFunctions(file, report);
  }
  return report;
}

Report NothingBannedIsUsed(const std::vector<SourceFile>& files) {
  Report report;
  for (const SourceFile& file : files) {
    if (!file.IsCpp() && !file.EndsWith(".proto") && !file.EndsWith(".py")) continue;
    for (size_t i = 0; i < file.lines.size(); ++i) {
      for (const Ban& ban : Bans()) {
        if (!ban.folder.empty() && !file.IsUnder(ban.folder)) continue;
        if (file.IsUnder(ban.except)) continue;
        if (std::regex_search(file.lines[i], ban.pattern)) Breach(report, file, i + 1, ban.reason);
      }
    }
  }
  return report;
}

}  // namespace dondoc::tidy
