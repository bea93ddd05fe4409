#include "services/cli/input/secret.h"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <random>

#include "libs/base/refusal.h"

namespace dondoc::cli {
namespace {

// Longer than any password that is taken.
constexpr size_t kLineBytesMax = 4096;

// Echo is off while it lives.
class Silence {
 public:
  explicit Silence(int terminal) : terminal_(terminal) {
    off_ = tcgetattr(terminal_, &before_) == 0;
    if (!off_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(terminal_, TCSAFLUSH, &silent);
  }
  ~Silence() {
    if (off_) tcsetattr(terminal_, TCSAFLUSH, &before_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  const int terminal_;
  termios before_{};
  bool off_ = false;
};

// Byte by byte, so that the next line stays where it is.
std::string ReadLine(int descriptor) {
  std::string line;
  char letter = 0;
  while (line.size() < kLineBytesMax && read(descriptor, &letter, 1) == 1 && letter != '\n') {
    line += letter;
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

}  // namespace

absl::StatusOr<std::string> ReadSecret(absl::string_view question, int descriptor) {
  const int from = descriptor == kFromInput ? STDIN_FILENO : descriptor;
  std::string line;
  if (isatty(from) != 0) {
    std::fprintf(stderr, "%.*s: ", static_cast<int>(question.size()), question.data());
    const Silence silence(from);
    line = ReadLine(from);
    std::fputs("\n", stderr);
  } else {
    line = ReadLine(from);
  }
  if (!line.empty()) return line;
  return Refuse(absl::StatusCode::kInvalidArgument, "PASSWORD_MISSING",
                {.vi = "Chưa có mật khẩu; hãy gõ ở cửa sổ lệnh, hoặc đưa vào mỗi dòng một mật khẩu "
                       "qua --password-fd.",
                 .en = "no password; type it, or hand it over by --password-fd, one a line"},
                {{"field", "--password-fd"}});
}

std::string NewOneTimePassword() {
  // Without letters that look like others.
  constexpr absl::string_view kLetters = "abcdefghjkmnpqrstuvwxyz23456789x";
  static_assert(kLetters.size() == 32);
  std::random_device random;  // The kernel's.
  std::string password;
  for (int i = 0; i < 16; ++i) {
    if (i > 0 && i % 4 == 0) password += '-';
    password += kLetters[random() % kLetters.size()];
  }
  return password;
}

}  // namespace dondoc::cli
