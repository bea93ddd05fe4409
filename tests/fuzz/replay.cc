// Stands in for libFuzzer where there is none: runs a target over its corpus, and over mutations of
// it that are the same every time.
//
//   plan_fuzz MUTATIONS PATH…      each path is an input, or a folder of inputs
//
// An input that breaks the target is left in the working folder as "<program>-broken".
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"

namespace {

constexpr size_t kInputBytesMax = 256 * 1024;

std::string broken_path;
std::string current;

// Only what a handler of signals may call.
void KeepCurrent(int signal) {
  const int file = open(broken_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file >= 0) {
    const ssize_t written = write(file, current.data(), current.size());
    static_cast<void>(written);
    close(file);
  }
  std::signal(signal, SIG_DFL);
  raise(signal);
}

void RunOne() {
  LLVMFuzzerTestOneInput(reinterpret_cast<const unsigned char*>(current.data()), current.size());
}

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// In the order of their names, so that every run is the same.
std::vector<std::string> Corpus(int count, char** paths) {
  std::vector<std::filesystem::path> files;
  for (int i = 0; i < count; ++i) {
    if (!std::filesystem::is_directory(paths[i])) {
      files.emplace_back(paths[i]);
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(paths[i])) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> corpus;
  for (const auto& file : files) corpus.push_back(Read(file));
  return corpus;
}

class Mutator {
 public:
  explicit Mutator(const std::vector<std::string>& corpus) : corpus_(corpus) {}

  std::string Next() {
    std::string input = Any();
    for (size_t times = 1 + Below(4); times > 0; --times) Change(input);
    if (input.size() > kInputBytesMax) input.resize(kInputBytesMax);
    return input;
  }

 private:
  void Change(std::string& input) {
    const size_t at = Below(input.size() + 1);
    const size_t length = Below(std::min<size_t>(input.size() - at, 32) + 1);
    switch (Below(7)) {
      case 0:
        input.insert(at, 1, AnyByte());
        return;
      case 1:
        input.erase(at, length);
        return;
      case 2:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << Below(8)));
        return;
      case 3:
        if (at < input.size()) input[at] = AnyByte();
        return;
      case 4:
        input.insert(at, input.substr(at, length));
        return;
      case 5:
        input.resize(at);
        return;
      default:
        Splice(input, at);
    }
  }

  // A stretch of another input takes the place of what is here.
  void Splice(std::string& input, size_t at) {
    const std::string& other = Any();
    const size_t from = Below(other.size() + 1);
    const size_t length = Below(std::min<size_t>(other.size() - from, 64) + 1);
    input.replace(at, std::min(length, input.size() - at), other, from, length);
  }

  const std::string& Any() { return corpus_[Below(corpus_.size())]; }

  char AnyByte() {
    static constexpr char kTelling[] = "\0\n\r\t \"%,./0:;<=>9@A\x1E\x7F\x80\xC3\xE1\xFF";
    if (Below(2) == 0) return static_cast<char>(Below(256));
    return kTelling[Below(sizeof(kTelling) - 1)];
  }

  size_t Below(size_t end) { return static_cast<size_t>(random_() % end); }

  const std::vector<std::string>& corpus_;
  std::mt19937_64 random_{20230127};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s MUTATIONS PATH...\n", argv[0]);
    return 2;
  }
  broken_path = std::filesystem::path(argv[0]).filename().string() + "-broken";
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
    std::signal(signal, &KeepCurrent);
  }
  const std::vector<std::string> corpus = Corpus(argc - 2, argv + 2);
  if (corpus.empty()) {
    std::fprintf(stderr, "no inputs\n");
    return 2;
  }
  for (const std::string& input : corpus) {
    current = input;
    RunOne();
  }
  Mutator mutator(corpus);
  const int mutations = std::atoi(argv[1]);
  for (int i = 0; i < mutations; ++i) {
    current = mutator.Next();
    RunOne();
  }
  std::printf("%zu inputs and %d mutations of them\n", corpus.size(), mutations);
  return 0;
}
