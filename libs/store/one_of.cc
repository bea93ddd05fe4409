#include "libs/store/one_of.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

namespace dondoc::store {
namespace {

void AppendJsonText(absl::string_view text, std::string& list) {
  absl::StrAppend(&list, list.size() > 1 ? ",\"" : "\"");
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      list.push_back('\\');
      list.push_back(c);
    } else if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) {
      absl::StrAppendFormat(&list, "\\u%04x", static_cast<unsigned>(c));
    } else {
      list.push_back(c);
    }
  }
  list.push_back('"');
}

}  // namespace

std::string OneOf(const Sql& sql, absl::string_view column, absl::string_view placeholder) {
  if (sql.IsPostgres()) {
    return absl::StrCat(column, " in (select jsonb_array_elements_text(cast(", placeholder,
                        " as jsonb)))");
  }
  return absl::StrCat(column, " in (select value from json_each(", placeholder, "))");
}

std::string ListOf(const std::set<std::string>& texts) { return ListOfWithout("", texts); }

std::string ListOfWithout(absl::string_view prefix, const std::set<std::string>& texts) {
  std::string list = "[";
  for (absl::string_view text : texts) {
    if (absl::ConsumePrefix(&text, prefix)) AppendJsonText(text, list);
  }
  list.push_back(']');
  return list;
}

}  // namespace dondoc::store
