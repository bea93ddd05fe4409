#include "libs/identity/accounts.h"

#include <sodium.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/ids.h"
#include "libs/base/status_macros.h"
#include "libs/base/text.h"
#include "libs/identity/account_errors.h"
#include "libs/identity/account_name.h"
#include "libs/identity/base64url.h"
#include "libs/identity/json.h"
#include "libs/identity/signing_keys.h"
#include "libs/log/log.h"

namespace dondoc::identity {
namespace {

constexpr size_t kDisplayNameMax = 255;
constexpr absl::Duration kFirstLock = absl::Minutes(1);
constexpr absl::Duration kLongestLock = absl::Hours(1);
constexpr absl::Duration kFailuresForgotten = absl::Hours(24);
// Beyond this the lock no longer grows.
constexpr int64_t kFailuresCounted = 1000;
// Each check of a password takes the memory of PasswordCost; more at once would be a way to exhaust
// ours.
constexpr int kHashingMax = 4;
constexpr size_t kSessionBytes = 32;

int64_t Micros(absl::Time time) { return absl::ToUnixMicros(time); }

// A place among those who may look at a password at once; given back also when that throws for want
// of memory.
class Place {
 public:
  explicit Place(std::atomic<int>& taken) : taken_(taken), free_(++taken <= kHashingMax) {}
  ~Place() { --taken_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  bool free() const { return free_; }

 private:
  std::atomic<int>& taken_;
  const bool free_;
};

std::string SessionId(absl::string_view session) { return Hex(Sha256(session)); }

std::string NewSession() {
  std::string bytes(kSessionBytes, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return ToBase64Url(bytes);
}

// Counts one attempt for `name`, or refuses it while the name is locked.
absl::Status CountAttempt(store::Transaction& transaction, const std::string& name) {
  const absl::Time now = transaction.now();
  const int64_t forgotten_before = Micros(now - kFailuresForgotten);
  transaction.sql().Run("delete from identity_attempts where last_at < :before", forgotten_before);
  // Counted first: on a database with several writers the row is ours from here on.
  transaction.sql().Run(
      "insert into identity_attempts (name, failures, last_at, locked_until) values (:name, 1, "
      ":last_at, 0) on conflict (name) do update set failures = identity_attempts.failures + 1, "
      "last_at = excluded.last_at",
      name, Micros(now));
  const auto row = transaction.sql().One<int64_t, int64_t>(
      "select failures, locked_until from identity_attempts where name = :name", name);
  const auto [failures, locked_until] = *row;
  const absl::Duration left = absl::FromUnixMicros(locked_until) - now;
  if (left > absl::ZeroDuration()) return error::SignInLocked(left);
  transaction.sql().Run(
      "update identity_attempts set locked_until = :locked_until where name = :name",
      Micros(now + LockAfter(static_cast<int>(std::min<int64_t>(failures, kFailuresCounted)))),
      name);
  return absl::OkStatus();
}

void ForgetAttempts(store::Transaction& transaction, const std::string& name) {
  transaction.sql().Run("delete from identity_attempts where name = :name", name);
}

void EndSessions(store::Transaction& transaction, const std::string& name) {
  transaction.sql().Run("delete from identity_sessions where account = :name", name);
}

struct NewSessionOf {
  const std::string& account;
  const std::string& session;
  absl::string_view system;
};

void StartSession(store::Transaction& transaction, const NewSessionOf& started) {
  const absl::Time now = transaction.now();
  // Those that have ended go when somebody comes.
  transaction.sql().Run(
      "delete from identity_sessions where used_at <= :idle or started_at <= :started",
      Micros(now - kSessionIdleMax), Micros(now - kSessionMax));
  transaction.sql().Run(
      "insert into identity_sessions (id, account, started_at, used_at, system) values (:id, "
      ":account, :started_at, :used_at, :system)",
      SessionId(started.session), started.account, Micros(now), Micros(now),
      std::string(started.system));
}

// Sets a password if the one before is still `old_hash`; somebody else may have been faster.
bool ReplacePassword(store::Transaction& transaction, const std::string& name,
                     const std::string& old_hash, const std::string& new_hash) {
  return transaction.sql().Run(
             "update identity_accounts set version = version + 1, password_hash = :new_hash, "
             "must_change = 0, password_at = :at where name = :name and password_hash = :old_hash "
             "and disabled = 0",
             new_hash, Micros(transaction.now()), name, old_hash) == 1;
}

AccountState StateOf(std::string name, int64_t version, std::string display_name,
                     int64_t must_change, int64_t disabled, int64_t created_at,
                     int64_t password_at) {
  return {.name = std::move(name),
          .version = version,
          .display_name = std::move(display_name),
          .must_change = must_change != 0,
          .disabled = disabled != 0,
          .created = absl::FromUnixMicros(created_at),
          .password_set = absl::FromUnixMicros(password_at)};
}

absl::Status ReadInto(store::Snapshot& snapshot, const std::string& name, AccountState& state) {
  std::optional<AccountState> found = ReadAccount(snapshot, name);
  if (!found) return error::AccountNotFound(name);
  state = *std::move(found);
  return absl::OkStatus();
}

}  // namespace

absl::Duration LockAfter(int failures) {
  if (failures < kFailuresMax) return absl::ZeroDuration();
  const int doublings = std::min(failures - kFailuresMax, 16);
  return std::min(kFirstLock * (int64_t{1} << doublings), kLongestLock);
}

Accounts::Accounts(store::Database& database, AccountsOptions options)
    : database_(database), options_(std::move(options)) {}

// Made when the first password is looked at, whoever it is of.
const std::string& Accounts::NobodysHash() {
  std::call_once(nobodys_hash_made_,
                 [this] { nobodys_hash_ = HashPassword(NewSession(), options_.cost); });
  return nobodys_hash_;
}

absl::StatusOr<bool> IsRepetition(store::Transaction& transaction, const store::Origin& origin,
                                  const Around& around) {
  if (around.before) RETURN_IF_ERROR(around.before(transaction));
  if (!origin.request_id.empty()) {
    ASSIGN_OR_RETURN(const auto earlier,
                     transaction.EarlierResponse(origin.request_id, origin.request_hash));
    if (earlier) return true;
  }
  transaction.SetOrigin(origin);
  return false;
}

std::optional<AccountState> ReadAccount(store::Snapshot& snapshot, const std::string& name) {
  auto row =
      snapshot.sql().One<std::string, int64_t, std::string, int64_t, int64_t, int64_t, int64_t>(
          "select name, version, display_name, must_change, disabled, created_at, password_at from "
          "identity_accounts where name = :name",
          name);
  if (!row) return std::nullopt;
  return std::apply(StateOf, *std::move(row));
}

std::vector<AccountState> ReadAccounts(store::Snapshot& snapshot, const std::string& after,
                                       int64_t limit) {
  std::vector<AccountState> accounts;
  for (auto& row :
       snapshot.sql().All<std::string, int64_t, std::string, int64_t, int64_t, int64_t, int64_t>(
           "select name, version, display_name, must_change, disabled, created_at, password_at "
           "from identity_accounts where name > :after order by name limit :limit",
           after, limit)) {
    accounts.push_back(std::apply(StateOf, std::move(row)));
  }
  return accounts;
}

AccountState Accounts::Changed(store::Transaction& transaction, const std::string& name) {
  AccountState state = ReadAccount(transaction, name).value();
  if (options_.on_account) options_.on_account(transaction, state);
  return state;
}

void Accounts::RotateKeys(store::Transaction& transaction) {
  for (const KeyState& key : RotateSigningKeys(transaction)) {
    if (options_.on_key) options_.on_key(transaction, key);
  }
}

absl::StatusOr<AccountState> Accounts::Create(const NewAccount& account,
                                              const store::Origin& origin, const Around& around) {
  if (!IsAccountName(account.name)) return error::AccountNameInvalid();
  ASSIGN_OR_RETURN(const std::string display_name,
                   CleanLine("display_name", account.display_name, kDisplayNameMax));
  ASSIGN_OR_RETURN(const std::string password, CleanPassword(account.password));
  RETURN_IF_ERROR(CheckNewPassword(account.name, password));
  ASSIGN_OR_RETURN(const std::string hash, Hash(password));
  AccountState state;
  RETURN_IF_ERROR(database_.WriteAndWait([&](store::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const bool again, IsRepetition(transaction, origin, around));
    if (again) return ReadInto(transaction, account.name, state);
    const int64_t now = Micros(transaction.now());
    const int64_t added = transaction.sql().Run(
        "insert into identity_accounts (name, display_name, password_hash, must_change, disabled, "
        "created_at, password_at, version) values (:name, :display_name, :hash, 1, 0, :created_at, "
        ":password_at, 1) on conflict (name) do nothing",
        account.name, display_name, hash, now, now);
    if (added != 1) return error::AccountExists(account.name);
    state = Changed(transaction, account.name);
    // Every service has the key long before the first token.
    RotateKeys(transaction);
    return around.after ? around.after(transaction) : absl::OkStatus();
  }));
  return state;
}

absl::StatusOr<AccountState> Accounts::ResetPassword(const std::string& name,
                                                     absl::string_view password,
                                                     const store::Origin& origin,
                                                     const Around& around) {
  return SetPassword(name, password, Closed::kStays, origin, around);
}

absl::StatusOr<AccountState> Accounts::Recover(const std::string& name, absl::string_view password,
                                               const store::Origin& origin, const Around& around) {
  return SetPassword(name, password, Closed::kOpens, origin, around);
}

absl::StatusOr<AccountState> Accounts::SetPassword(const std::string& name,
                                                   absl::string_view password, Closed closed,
                                                   const store::Origin& origin,
                                                   const Around& around) {
  ASSIGN_OR_RETURN(const std::string clean, CleanPassword(password));
  RETURN_IF_ERROR(CheckNewPassword(name, clean));
  ASSIGN_OR_RETURN(const std::string hash, Hash(clean));
  AccountState state;
  RETURN_IF_ERROR(database_.WriteAndWait([&](store::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const bool again, IsRepetition(transaction, origin, around));
    if (again) return ReadInto(transaction, name, state);
    const int64_t changed = transaction.sql().Run(
        "update identity_accounts set version = version + 1, password_hash = :hash, must_change = "
        "1, password_at = :at where name = :name",
        hash, Micros(transaction.now()), name);
    if (changed == 0) return error::AccountNotFound(name);
    if (closed == Closed::kOpens) {
      transaction.sql().Run("update identity_accounts set disabled = 0 where name = :name", name);
    }
    EndSessions(transaction, name);
    ForgetAttempts(transaction, name);
    state = Changed(transaction, name);
    return around.after ? around.after(transaction) : absl::OkStatus();
  }));
  return state;
}

absl::Status Accounts::SetDisabled(const std::string& name, bool disabled) {
  return database_.WriteAndWait([&](store::Transaction& transaction) {
    return SetDisabled(transaction, name, disabled).status();
  });
}

absl::StatusOr<AccountState> Accounts::SetDisabled(store::Transaction& transaction,
                                                   const std::string& name, bool disabled) {
  const std::optional<AccountState> before = ReadAccount(transaction, name);
  if (!before) return error::AccountNotFound(name);
  if (before->disabled == disabled) return *before;
  transaction.sql().Run(
      "update identity_accounts set version = version + 1, disabled = :disabled where name = :name",
      disabled, name);
  if (disabled) EndSessions(transaction, name);
  return Changed(transaction, name);
}

absl::StatusOr<std::string> Accounts::Hash(absl::string_view password) {
  const Place place(hashing_);
  if (!place.free()) return error::SignInBusy();
  return HashPassword(std::string(password), options_.cost);
}

absl::StatusOr<Accounts::Known> Accounts::Authenticate(const std::string& name,
                                                       absl::string_view password) {
  if (!IsAccountName(name)) return error::SignInRefused();
  // Counted before it is checked, and before it is known whether there is room to check it.
  std::optional<Known> known;
  const auto count = [&](store::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(CountAttempt(transaction, name));
    const auto row = transaction.sql().One<std::string, int64_t, int64_t>(
        "select password_hash, must_change, disabled from identity_accounts where name = :name",
        name);
    known.reset();
    if (row) known = Known{std::get<0>(*row), std::get<1>(*row) != 0, std::get<2>(*row) != 0};
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(database_.WriteAndWait(count));
  const Place place(hashing_);
  if (!place.free()) return error::SignInBusy();
  const std::string& nobodys_hash = NobodysHash();
  const bool matches = PasswordMatches(known ? known->password_hash : nobodys_hash,
                                       CleanPassword(password).value_or(std::string()));
  if (!matches || !known || known->disabled) {
    log::Warning("sign_in.refused", {{"account", name}});
    return error::SignInRefused();
  }
  return *std::move(known);
}

absl::StatusOr<std::string> Accounts::SignIn(const std::string& name, absl::string_view password,
                                             absl::string_view system) {
  ASSIGN_OR_RETURN(const Known known, Authenticate(name, password));
  const std::string session = NewSession();
  RETURN_IF_ERROR(database_.WriteAndWait([&](store::Transaction& transaction) -> absl::Status {
    ForgetAttempts(transaction, name);
    if (known.must_change) return absl::OkStatus();
    const auto unchanged = transaction.sql().Value<int64_t>(
        "select 1 from identity_accounts where name = :name and password_hash = :hash and "
        "disabled = 0",
        name, known.password_hash);
    if (!unchanged) return error::SignInRefused();
    StartSession(transaction, {.account = name, .session = session, .system = system});
    return absl::OkStatus();
  }));
  if (known.must_change) return error::PasswordChangeRequired();
  log::Info("sign_in.done", {{"account", name}});
  return session;
}

absl::Status Accounts::ChangePassword(const PasswordChange& change) {
  ASSIGN_OR_RETURN(const std::string password, CleanPassword(change.new_password));
  RETURN_IF_ERROR(CheckNewPassword(change.name, password));
  ASSIGN_OR_RETURN(const std::string old_password, CleanPassword(change.old_password));
  if (password == old_password) return error::PasswordUnchanged();
  ASSIGN_OR_RETURN(const Known known, Authenticate(change.name, old_password));
  ASSIGN_OR_RETURN(const std::string hash, Hash(password));
  return database_.WriteAndWait([&](store::Transaction& transaction) -> absl::Status {
    if (!ReplacePassword(transaction, change.name, known.password_hash, hash)) {
      return error::SignInRefused();
    }
    EndSessions(transaction, change.name);
    ForgetAttempts(transaction, change.name);
    transaction.SetOrigin({.actor = absl::StrCat(kAccountPrefix, change.name),
                           .request_id = {},
                           .request_hash = {},
                           .traceparent = {}});
    Changed(transaction, change.name);
    return absl::OkStatus();
  });
}

absl::Status Accounts::SignOut(absl::string_view session) {
  return database_.WriteAndWait([&](store::Transaction& transaction) {
    SignOut(transaction, session);
    return absl::OkStatus();
  });
}

void Accounts::SignOut(store::Transaction& transaction, absl::string_view session,
                       absl::string_view system) {
  transaction.sql().Run("delete from identity_sessions where id = :id and system = :system",
                        SessionId(session), std::string(system));
}

absl::StatusOr<std::string> Accounts::IssueToken(absl::string_view session) {
  std::string token;
  RETURN_IF_ERROR(database_.WriteAndWait([&](store::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(IssuedToken issued, IssueToken(transaction, session));
    token = std::move(issued.token);
    return absl::OkStatus();
  }));
  return token;
}

absl::StatusOr<IssuedToken> Accounts::IssueToken(store::Transaction& transaction,
                                                 absl::string_view session,
                                                 absl::string_view system) {
  const absl::Time now = transaction.now();
  const std::string id = SessionId(session);
  const auto account = transaction.sql().Value<std::string>(
      "select account from identity_sessions where id = :id and system = :system and used_at > "
      ":idle and started_at > :started",
      id, std::string(system), Micros(now - kSessionIdleMax), Micros(now - kSessionMax));
  if (!account) return error::SessionEnded();
  transaction.sql().Run("update identity_sessions set used_at = :now where id = :id", Micros(now),
                        id);
  RotateKeys(transaction);
  const int64_t seconds = absl::ToUnixSeconds(now);
  const int64_t expires = seconds + absl::ToInt64Seconds(kTokenLife);
  std::string claims = absl::StrCat(R"({"iss":)", JsonText(options_.issuer), R"(,"aud":)",
                                    JsonText(options_.audience), R"(,"sub":)", JsonText(*account));
  if (!system.empty()) absl::StrAppend(&claims, R"(,"azp":)", JsonText(system));
  absl::StrAppend(&claims, R"(,"iat":)", seconds, R"(,"exp":)", expires, "}");
  return IssuedToken{.token = SignToken(KeyThatSigns(ReadSigningKeys(transaction), now), claims),
                     .expires = absl::FromUnixSeconds(expires)};
}

absl::StatusOr<std::string> Accounts::PublishKeys() {
  std::string keys;
  RETURN_IF_ERROR(database_.WriteAndWait([&](store::Transaction& transaction) -> absl::Status {
    RotateKeys(transaction);
    keys = JwkSetOf(ReadSigningKeys(transaction));
    return absl::OkStatus();
  }));
  return keys;
}

}  // namespace dondoc::identity
