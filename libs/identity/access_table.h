#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "libs/identity/roles.h"

namespace dondoc::identity {

// Which part of the register a method shows or changes.
enum class Scope {
  kWhole,    // all of it: needs a grant for the whole register
  kSubtree,  // the units of the caller's grants and all below them
  kUnit,     // those units alone
  kSelf,     // what belongs to the caller itself
  kPublic,   // what everybody inside may see: not narrowed by units
};

absl::string_view ScopeName(Scope scope);

// One row of proto/access.csv.
struct MethodRule {
  // "dondoc.registry.v1.RegistryService/AddUnit".
  std::string method;
  // True when nobody has to sign in; then `roles` is empty and the scope public.
  bool anyone = false;
  std::vector<Role> roles = {};
  Scope scope = Scope::kWhole;
  // Calls of one caller; a stream counts once.
  int per_minute = 0;
  // A record of each call is kept, of the refused ones too.
  bool audited = true;
  // The domain refuses whoever did the work that is being judged.
  bool four_eyes = false;
  int64_t request_bytes_max = 0;

  bool Names(Role role) const;
};

// Who may call what: one row for each method of every service. Immutable.
class AccessTable {
 public:
  static constexpr int kPerMinuteMax = 60'000;
  static constexpr int64_t kRequestBytesMin = 256;
  // What a server takes at most.
  static constexpr int64_t kRequestBytesMax = 4 * 1024 * 1024;

  // Reads the table strictly: the header line, then a row per line; empty lines and lines that
  // begin with "#" are for the reader. INVALID_ARGUMENT, reason ACCESS_TABLE_INVALID, with the
  // line.
  static absl::StatusOr<AccessTable> Parse(absl::string_view csv);

  // proto/access.csv as it was when this program was built. Ends the program when that cannot be
  // read, which a test holds it against.
  static const AccessTable& BuiltIn();

  // Null for a method that has no row.
  const MethodRule* Find(absl::string_view method) const;
  const std::map<std::string, MethodRule, std::less<>>& rules() const { return rules_; }

 private:
  std::map<std::string, MethodRule, std::less<>> rules_;
};

// docs/access.md: the table for people.
std::string AccessPage(const AccessTable& table);

}  // namespace dondoc::identity
