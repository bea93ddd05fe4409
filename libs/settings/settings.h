#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dondoc::settings {

struct TextLimits {
  bool may_be_empty = true;
  size_t bytes_max = 4096;
};

struct IntLimits {
  int64_t min = 0;
  int64_t max = std::numeric_limits<int64_t>::max();
  // What is counted: "streams", "bytes". For the reader only.
  std::string unit = {};
};

struct DurationLimits {
  absl::Duration min = absl::ZeroDuration();
  absl::Duration max = absl::Hours(24 * 366);
};

struct PathLimits {
  bool may_be_empty = false;
  bool must_exist = false;
};

// What main() has to do after Read().
enum class Next {
  kRun,
  kExit,  // --help or --print-settings was answered
};

// Every setting of one program, bound to the fields of a plain struct:
//
//   Settings settings;                       // the defaults stand on its fields
//   settings::Table table("registry", "keeps units, plans and tasks");
//   table.Text("listen", settings.listen, "address:port of the gRPC API");
//   table.Int("max_streams", settings.max_streams, {.min = 1, .max = 1000}, "per connection");
//   ASSIGN_OR_RETURN(const settings::Next next, table.Read(argc, argv, std::cout));
//
// A value comes, weakest to strongest, from the field itself, the environment (DONDOC_MAX_STREAMS),
// a file of "name = value" lines (--config=file or DONDOC_CONFIG), and the command line
// (--max_streams=200 or --max-streams=200). Whatever is wrong anywhere is INVALID_ARGUMENT before
// the program has done anything: one sentence that says the name, the value, where it came from and
// what is allowed. Not thread-safe; the fields must outlive it.
class Table {
 public:
  // `program` and `about` head the answer to --help.
  Table(absl::string_view program, absl::string_view about);

  // Each adds one setting. `name` is lower-case letters, digits and "_"; `meaning` is for the
  // operator.
  void Text(absl::string_view name, std::string& field, absl::string_view meaning,
            TextLimits limits = {});
  void Int(absl::string_view name, int& field, IntLimits limits, absl::string_view meaning);
  void Int(absl::string_view name, int64_t& field, IntLimits limits, absl::string_view meaning);
  // Written as 50ms, 20s, 1m30s, 24h.
  void Duration(absl::string_view name, absl::Duration& field, DurationLimits limits,
                absl::string_view meaning);
  // Written as true or false.
  void Bool(absl::string_view name, bool& field, absl::string_view meaning);
  void Path(absl::string_view name, std::string& field, PathLimits limits,
            absl::string_view meaning);
  void Choice(absl::string_view name, std::string& field, std::vector<std::string> choices,
              absl::string_view meaning);
  // Never shown, in a refusal neither. "file:/run/secrets/x" takes it from a file, without the
  // newline at its end; so does a second setting, <name>_file, that holds the path alone. Refused
  // on the command line, where every user of the machine could read it; the path is not.
  void Secret(absl::string_view name, std::string& field, absl::string_view meaning);

  // Fills the fields, or refuses. Answers --help and --print-settings on `out`.
  absl::StatusOr<Next> Read(int argc, const char* const* argv, std::ostream& out);

  // Names in the environment that begin with DONDOC_ and belong to no setting here, sorted. They
  // may be another program's, so they are not refused; a caller warns about them.
  std::vector<std::string> UnknownInEnvironment() const;

 private:
  struct Entry {
    std::string name;
    std::string allowed;
    std::string meaning;
    bool secret = false;
    std::string default_value = {};
    std::string source = "default";
    // Puts a value into the field; false when it is not allowed.
    std::function<bool(absl::string_view)> set = {};
    // The field as text.
    std::function<std::string()> get = {};
  };
  // A value and where it was found.
  struct Given {
    std::string name;
    std::string value;
    std::string source;
  };

  template <typename Integer>
  void AddInt(absl::string_view name, Integer& field, IntLimits limits, absl::string_view meaning);
  void Add(Entry entry);
  Entry* Find(absl::string_view name);
  absl::Status Apply(const Given& given);
  absl::Status ApplyEnvironment();
  absl::Status ApplyFile(const std::string& path);
  void PrintHelp(std::ostream& out) const;
  void PrintSettings(std::ostream& out) const;

  std::string program_;
  std::string about_;
  std::vector<Entry> entries_;
};

}  // namespace dondoc::settings
