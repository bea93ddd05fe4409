#include "services/cli/client/session_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"

namespace dondoc::cli {
namespace {

// A token or a session is far shorter.
constexpr size_t kTokenFileBytesMax = 64 * 1024;

absl::Status Unwritable(const std::string& path) {
  return Refuse(absl::StatusCode::kFailedPrecondition, "SESSION_FILE_UNWRITABLE",
                {.vi = absl::StrCat("Không ghi được phiên làm việc vào ", path,
                                    "; hãy xem quyền của thư mục, hoặc đặt XDG_STATE_HOME."),
                 .en = "the session cannot be written there; see the folder's rights"});
}

bool WriteAll(int file, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written <= 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace

std::string SessionPath(const Environment& environment) {
  std::string folder = environment("XDG_STATE_HOME");
  if (folder.empty()) folder = absl::StrCat(environment("HOME"), "/.local/state");
  return absl::StrCat(folder, "/dondoc/session");
}

absl::StatusOr<std::optional<SignedIn>> ReadSession(const std::string& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) return std::optional<SignedIn>();
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Refuse(absl::StatusCode::kFailedPrecondition, "SESSION_FILE_OPEN",
                  {.vi = absl::StrCat("Người khác đọc được ", path,
                                      "; hãy xóa tệp, đăng nhập lại và đổi mật khẩu."),
                   .en = "others may read the session; remove the file, sign in again and change "
                         "the password"});
  }
  std::ifstream file(path);
  SignedIn signed_in;
  for (std::string line; std::getline(file, line);) {
    const std::pair<std::string, std::string> pair = absl::StrSplit(line, absl::MaxSplits('=', 1));
    int64_t seconds = 0;
    if (pair.first == "registry") signed_in.registry = pair.second;
    if (pair.first == "account") signed_in.account = pair.second;
    if (pair.first == "session") signed_in.session = pair.second;
    if (pair.first == "token") signed_in.token = pair.second;
    if (pair.first == "token_fetched" && absl::SimpleAtoi(pair.second, &seconds)) {
      signed_in.token_fetched = absl::FromUnixSeconds(seconds);
    }
  }
  if (signed_in.session.empty()) return std::optional<SignedIn>();
  return std::optional(std::move(signed_in));
}

absl::Status WriteSession(const std::string& path, const SignedIn& signed_in) {
  std::error_code failed;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (std::filesystem::create_directories(folder, failed)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
  }
  // Beside it, so that a reader never sees half of one.
  const std::string fresh = absl::StrCat(path, ".", getpid());
  const int file = open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return Unwritable(path);
  const bool written = WriteAll(
      file, absl::StrCat("registry=", signed_in.registry, "\naccount=", signed_in.account,
                         "\nsession=", signed_in.session, "\ntoken=", signed_in.token,
                         "\ntoken_fetched=", absl::ToUnixSeconds(signed_in.token_fetched), "\n"));
  const bool closed = close(file) == 0;
  if (!written || !closed || rename(fresh.c_str(), path.c_str()) != 0) {
    unlink(fresh.c_str());
    return Unwritable(path);
  }
  return absl::OkStatus();
}

void RemoveSession(const std::string& path) { unlink(path.c_str()); }

absl::StatusOr<std::string> TokenOf(const TokenWish& wish, absl::Time now,
                                    const FetchToken& fetch) {
  ASSIGN_OR_RETURN(std::optional<SignedIn> signed_in, ReadSession(wish.path));
  if (!signed_in || signed_in->registry != wish.registry) return std::string();
  const absl::Duration age = now - signed_in->token_fetched;
  const bool young = age >= absl::ZeroDuration() && age < kTokenAgeMax;
  if (young && !wish.renew && !signed_in->token.empty()) return std::move(signed_in->token);
  ASSIGN_OR_RETURN(signed_in->token, fetch(*signed_in));
  signed_in->token_fetched = now;
  RETURN_IF_ERROR(WriteSession(wish.path, *signed_in));
  return std::move(signed_in->token);
}

absl::StatusOr<std::string> ReadTokenFile(const std::string& path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const absl::string_view token = absl::StripAsciiWhitespace(text);
  const bool one_word = token.find_first_of(" \t\r\n") == absl::string_view::npos;
  if (token.empty() || token.size() > kTokenFileBytesMax || !one_word) {
    return Refuse(absl::StatusCode::kInvalidArgument, "TOKEN_FILE_UNREADABLE",
                  {.vi = absl::StrCat(path,
                                      " không chứa đúng một token; hãy lấy token mới từ nơi "
                                      "cấp danh tính."),
                   .en = "the file does not hold one token; fetch one from the identity provider"},
                  {{"field", "--token-file"}});
  }
  return std::string(token);
}

}  // namespace dondoc::cli
