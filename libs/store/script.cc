#include "libs/store/script.h"

#include <cctype>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace dondoc::store {
namespace {

// The end of the quoted text or comment that starts at `at`, or `at` itself when none starts there.
size_t SkipQuoted(absl::string_view sql, size_t at) {
  const auto past = [&](absl::string_view end, size_t from) {
    const size_t found = sql.find(end, from);
    return found == absl::string_view::npos ? sql.size() : found + end.size();
  };
  if (sql[at] == '\'' || sql[at] == '"') return past(sql.substr(at, 1), at + 1);
  return at;
}

size_t SkipComment(absl::string_view sql, size_t at) {
  if (sql.substr(at, 2) != "--") return at;
  const size_t end = sql.find('\n', at);
  return end == absl::string_view::npos ? sql.size() : end;
}

bool IsWordPart(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

absl::string_view WordAt(absl::string_view sql, size_t at) {
  size_t end = at;
  while (end < sql.size() && IsWordPart(sql[end])) ++end;
  return sql.substr(at, end - at);
}

}  // namespace

std::vector<std::string> SplitScript(absl::string_view sql) {
  std::vector<std::string> statements;
  std::string statement;
  int depth = 0;
  const auto finish = [&] {
    const absl::string_view text = absl::StripAsciiWhitespace(statement);
    if (!text.empty()) statements.emplace_back(text);
    statement.clear();
  };
  for (size_t at = 0; at < sql.size();) {
    if (const size_t end = SkipComment(sql, at); end > at) {
      at = end;
    } else if (const size_t close = SkipQuoted(sql, at); close > at) {
      absl::StrAppend(&statement, sql.substr(at, close - at));
      at = close;
    } else if (IsWordPart(sql[at])) {
      const absl::string_view word = WordAt(sql, at);
      if (absl::EqualsIgnoreCase(word, "begin") || absl::EqualsIgnoreCase(word, "case")) ++depth;
      if (absl::EqualsIgnoreCase(word, "end")) --depth;
      absl::StrAppend(&statement, word);
      at += word.size();
    } else if (sql[at] == ';' && depth == 0) {
      finish();
      ++at;
    } else {
      statement.push_back(sql[at++]);
    }
  }
  finish();
  return statements;
}

}  // namespace dondoc::store
