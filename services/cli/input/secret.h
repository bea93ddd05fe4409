#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dondoc::cli {

// Where passwords are read: -1 is standard input; another one is a descriptor that a script opened.
inline constexpr int kFromInput = -1;

// One line: from the terminal, asked for with `question` and without echo, or the next line of a
// descriptor or of standard input when that is no terminal. INVALID_ARGUMENT, reason
// PASSWORD_MISSING, when there is none. Passwords are no arguments, because others see those.
absl::StatusOr<std::string> ReadSecret(absl::string_view question, int descriptor);

// A password for one use that nobody guesses: 80 random bits, in groups that can be read aloud.
std::string NewOneTimePassword();

}  // namespace dondoc::cli
