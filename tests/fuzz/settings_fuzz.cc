// Settings: libs/settings/settings.h. Arguments of a command line, one on a line, and a file.
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "libs/settings/settings.h"
#include "libs/testing/temp_dir.h"
#include "tests/fuzz/fuzz.h"

using namespace dondoc;

namespace {

constexpr char kSecret[] = "hidden-by-default";

struct Sample {
  std::string listen = "127.0.0.1:7001";
  int max_streams = 100;
  absl::Duration drain = absl::Seconds(20);
  bool reflection = false;
  std::string database = "registry.db";
  std::string log_format = "text";
  std::string password = kSecret;
};

settings::Table TableOf(Sample& sample) {
  settings::Table table("sample", "for fuzzing");
  table.Text("listen", sample.listen, "an address", {.may_be_empty = false, .bytes_max = 64});
  table.Int("max_streams", sample.max_streams, {.min = 1, .max = 1000}, "a number");
  table.Duration("drain", sample.drain, {.min = absl::Seconds(1), .max = absl::Minutes(5)},
                 "a time");
  table.Bool("reflection", sample.reflection, "a switch");
  table.Path("database", sample.database, {}, "a file");
  table.Choice("log_format", sample.log_format, {"text", "json"}, "a choice");
  table.Secret("password", sample.password, "a secret");
  return table;
}

std::string Shown(const absl::StatusOr<settings::Next>& read, const std::string& printed) {
  return read.ok() ? printed : std::string(read.status().message());
}

// What the program would do with these arguments; the secret is never in it.
std::string Read(const std::vector<std::string>& arguments) {
  Sample sample;
  settings::Table table = TableOf(sample);
  std::vector<const char*> argv = {"sample"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  std::ostringstream out;
  const auto read = table.Read(static_cast<int>(argv.size()), argv.data(), out);
  if (read.ok() && *read == settings::Next::kRun) {
    fuzz::Expect(sample.max_streams >= 1 && sample.max_streams <= 1000,
                 "a number is in its limits");
    fuzz::Expect(sample.drain >= absl::Seconds(1) && sample.drain <= absl::Minutes(5),
                 "a time is in its limits");
    fuzz::Expect(sample.log_format == "text" || sample.log_format == "json",
                 "a choice is one of the words");
    fuzz::Expect(!sample.listen.empty() && sample.listen.size() <= 64, "a text is in its limits");
    fuzz::Expect(!sample.database.empty(), "a path is not empty");
  }
  if (!read.ok()) fuzz::Expect(!read.status().message().empty(), "a refusal has a sentence");
  fuzz::Expect(!absl::StrContains(Shown(read, out.str()), kSecret), "a secret is never shown");
  return absl::StrCat(read.ok(), Shown(read, out.str()), sample.listen, sample.max_streams);
}

}  // namespace

int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  static const testing::TempDir folder;
  const std::vector<std::string> pieces = fuzz::Pieces(fuzz::BytesOf(data, size), 2);
  std::vector<std::string> arguments = absl::StrSplit(pieces[0], '\n', absl::SkipEmpty());
  if (!pieces[1].empty()) {
    const std::string path = folder.File("settings");
    std::ofstream(path, std::ios::binary) << pieces[1];
    arguments.push_back(absl::StrCat("--config=", path));
  }
  // A secret may come from a file of its own, but no input of ours shall read one of the machine;
  // and what an input says itself is no secret.
  const std::string all = absl::StrCat(absl::StrJoin(arguments, "\n"), pieces[1]);
  if (absl::StrContains(all, "file") || absl::StrContains(all, kSecret)) return 0;
  fuzz::Expect(Read(arguments) == Read(arguments), "the same arguments mean the same");
  return 0;
}
