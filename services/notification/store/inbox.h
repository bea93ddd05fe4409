#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "libs/identity/grants.h"
#include "libs/store/one_of.h"

namespace dondoc::notification {

// Whose rows are asked for, and whose may be told.
struct Inbox {
  // units/{id}; empty for all.
  std::string recipient = {};
  const identity::Reach& reach = identity::Reach::Everything();
};

// Calls `query(condition, parameters...)` with the condition that `column` belongs to the inbox,
// and what it binds. The condition is empty or ends in "and ".
template <typename Query>
auto WithInbox(const store::Sql& sql, absl::string_view column, const Inbox& inbox,
               const Query& query) {
  const std::string one = absl::StrCat(column, " = :recipient and ");
  if (inbox.reach.IsEverything())
    return inbox.recipient.empty() ? query("") : query(one, inbox.recipient);
  const std::string within = absl::StrCat(store::OneOf(sql, column, ":reach"), " and ");
  const std::string reach = store::ListOf(inbox.reach.units);
  if (inbox.recipient.empty()) return query(within, reach);
  return query(absl::StrCat(one, within), inbox.recipient, reach);
}

}  // namespace dondoc::notification
