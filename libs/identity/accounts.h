#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "libs/identity/directory.h"
#include "libs/identity/passwords.h"
#include "libs/store/database.h"

namespace dondoc::identity {

// A session ends after this long without a token, and after this long at all.
inline constexpr absl::Duration kSessionIdleMax = absl::Minutes(30);
inline constexpr absl::Duration kSessionMax = absl::Hours(12);
// Short, because a token cannot be taken back before it expires.
inline constexpr absl::Duration kTokenLife = absl::Minutes(5);

// From this many wrong passwords on a name is locked, for twice as long each time, up to an hour. A
// day without a wrong one, the right one, or a reset forgets them.
inline constexpr int kFailuresMax = 5;
absl::Duration LockAfter(int failures);

// The claims iss and aud of our own tokens, and what stands before the name of who signed in.
inline constexpr char kOwnIssuer[] = "dondoc";
inline constexpr char kOwnAudience[] = "dondoc";
inline constexpr char kAccountPrefix[] = "account:";

// What may be told of an account.
struct AccountState {
  std::string name;
  // 1, 2, 3, … with each change.
  int64_t version = 0;
  std::string display_name;
  bool must_change = false;
  bool disabled = false;
  absl::Time created;
  // When the password was last set.
  absl::Time password_set;
};
// Nothing for a name that nobody has.
std::optional<AccountState> ReadAccount(store::Snapshot& snapshot, const std::string& name);
// In the order of their names, those behind `after`.
std::vector<AccountState> ReadAccounts(store::Snapshot& snapshot, const std::string& after,
                                       int64_t limit);

// What else happens in the transaction of a change, or nothing does.
struct Around {
  // Before anything is looked at.
  std::function<absl::Status(store::Transaction&)> before = {};
  // After the change; not for a repetition.
  std::function<absl::Status(store::Transaction&)> after = {};
};

// Whether the request was answered before, when `around` lets it be looked at. Else what the
// transaction does is written down as of `origin`. REQUEST_ID_REUSED.
absl::StatusOr<bool> IsRepetition(store::Transaction& transaction, const store::Origin& origin,
                                  const Around& around = {});

struct AccountsOptions {
  std::string issuer = kOwnIssuer;
  std::string audience = kOwnAudience;
  PasswordCost cost = {};
  // Told of each change, in its transaction. Empty for nobody.
  std::function<void(store::Transaction&, const AccountState&)> on_account = {};
  std::function<void(store::Transaction&, const KeyState&)> on_key = {};
};

struct IssuedToken {
  std::string token;
  absl::Time expires;
};

struct NewAccount {
  // 1 to 63 of a-z, 0-9, ".", "_", "-".
  std::string name;
  std::string display_name;
  // For the first sign-in only.
  std::string password;
};

struct PasswordChange {
  std::string name;
  std::string old_password;
  std::string new_password;
};

// Accounts for an office without an identity provider: passwords, sessions and the short-lived
// tokens that services believe. Who may do what is not here but in grants.h.
//
// Time is the database's clock. An attempt to sign in is counted before the password is looked at,
// so that many at once are no way around the lock; a name that nobody has costs the same time and
// is locked in the same way. Thread-safe; each call that takes a password needs a tenth of a second
// and memory of its own, so call it from a thread that may wait; those that take a transaction are
// quick. Borrows the database, which has the schema dondoc::identity_schema().
//
// `origin` says who asks and under which request id. A repetition of it changes nothing and answers
// the account as it is now; its hash must not be made from a password.
class Accounts {
 public:
  Accounts(store::Database& database, AccountsOptions options);

  // The account must change its password before it can sign in. ACCOUNT_NAME_INVALID,
  // ACCOUNT_EXISTS, or what the password or the display name is refused for.
  absl::StatusOr<AccountState> Create(const NewAccount& account, const store::Origin& origin = {},
                                      const Around& around = {});
  // Sets a password for one use, ends all sessions and lifts the lock. ACCOUNT_NOT_FOUND.
  absl::StatusOr<AccountState> ResetPassword(const std::string& name, absl::string_view password,
                                             const store::Origin& origin = {},
                                             const Around& around = {});
  // The same, and opens an account that was closed.
  absl::StatusOr<AccountState> Recover(const std::string& name, absl::string_view password,
                                       const store::Origin& origin = {}, const Around& around = {});
  // A closed account cannot sign in and its sessions have ended. ACCOUNT_NOT_FOUND.
  absl::Status SetDisabled(const std::string& name, bool disabled);
  absl::StatusOr<AccountState> SetDisabled(store::Transaction& transaction, const std::string& name,
                                           bool disabled);

  // The secret of a new session. SIGN_IN_REFUSED, SIGN_IN_LOCKED, SIGN_IN_BUSY,
  // PASSWORD_CHANGE_REQUIRED. `system` is the name of the system that the account signs in through,
  // by its certificate; empty for none. Behind any other the session is unknown.
  absl::StatusOr<std::string> SignIn(const std::string& name, absl::string_view password,
                                     absl::string_view system = "");
  // Ends all sessions of the account. Refuses as SignIn does, and a new password that is too weak
  // or the old one (PASSWORD_UNCHANGED).
  absl::Status ChangePassword(const PasswordChange& change);
  // Ends the session; it need not exist. `system` as for IssueToken.
  absl::Status SignOut(absl::string_view session);
  void SignOut(store::Transaction& transaction, absl::string_view session,
               absl::string_view system = "");

  // A token for the session's account, good for kTokenLife. SESSION_ENDED, also when the session
  // was opened through another system than asks now. `system` is the name of that one by its
  // certificate; the token is worth nothing behind another (caller.h). Empty for none.
  absl::StatusOr<std::string> IssueToken(absl::string_view session);
  absl::StatusOr<IssuedToken> IssueToken(store::Transaction& transaction, absl::string_view session,
                                         absl::string_view system = "");
  // What checks those tokens.
  absl::StatusOr<std::string> PublishKeys();

 private:
  // What is known of an account when its password has been given.
  struct Known {
    std::string password_hash;
    bool must_change = false;
    bool disabled = false;
  };

  // Counts the attempt, checks the password, and answers what is known of the account.
  absl::StatusOr<Known> Authenticate(const std::string& name, absl::string_view password);
  absl::StatusOr<std::string> Hash(absl::string_view password);
  enum class Closed { kStays, kOpens };
  absl::StatusOr<AccountState> SetPassword(const std::string& name, absl::string_view password,
                                           Closed closed, const store::Origin& origin,
                                           const Around& around);
  // The account as it is now, told to whoever wants to know.
  AccountState Changed(store::Transaction& transaction, const std::string& name);
  void RotateKeys(store::Transaction& transaction);

  store::Database& database_;
  const AccountsOptions options_;
  // What the password of a name that nobody has is checked against.
  const std::string& NobodysHash();
  std::once_flag nobodys_hash_made_;
  std::string nobodys_hash_;
  std::atomic<int> hashing_ = 0;
};

}  // namespace dondoc::identity
