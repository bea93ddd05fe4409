#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "libs/identity/grants.h"
#include "libs/identity/keys.h"
#include "libs/store/database.h"

// A service's own copy, in its own database, of what decides a call: who holds which role, where
// each unit stands in the tree, and the keys that check the tokens of our own accounts. The
// registry owns all three; a service keeps them by its events and then decides without asking
// anybody (docs/adr/2026-11-28-registry-owns-grants.md).
namespace dondoc::identity {

// The tables, for the database of every service.
std::vector<store::Migration> DirectoryMigrations();
// The schema of a service with them behind it.
std::vector<store::Migration> WithDirectory(std::vector<store::Migration> schema);

// The states of three resources of the registry, as their events carry them. `version` is the
// event's: 1, 2, 3, …
struct GrantState {
  // grants/{number}.
  std::string name;
  int64_t version = 0;
  Grant grant;
};
struct UnitState {
  int64_t version = 0;
  UnitTree::Unit unit;
};
struct KeyState {
  // The claim kid of the tokens it has signed.
  std::string id;
  int64_t version = 0;
  // The public half of an Ed25519 pair, 32 bytes in base64url.
  std::string x;
  // No token that it has signed is good any more.
  bool retired = false;
};

// Keeps a state unless that version or a later one is kept already. What was changed counts from
// the commit of the transaction on.
void PutGrant(store::Transaction& transaction, const GrantState& state);
void PutUnit(store::Transaction& transaction, const UnitState& state);
void PutKey(store::Transaction& transaction, const KeyState& state);

// The directory at one moment. Immutable; thread-safe; cheap to share.
class View {
 public:
  using Grants = std::map<std::string, std::vector<Grant>, std::less<>>;
  using Keys = std::map<std::string, PublicKey, std::less<>>;

  int64_t revision() const { return revision_; }
  // By principal, those of the past and the future too, in the order of their names.
  const Grants& grants() const { return *grants_; }
  // Those of one principal; none for whoever holds nothing.
  const std::vector<Grant>& GrantsOf(absl::string_view principal) const;
  const UnitTree& tree() const { return *tree_; }
  // Keys that are not retired, by their id.
  const Keys& keys() const { return *keys_; }
  // As CheckToken() asks for one.
  std::optional<PublicKey> FindKey(absl::string_view id) const;

 private:
  friend class Directory;

  int64_t revision_ = -1;
  std::shared_ptr<const Grants> grants_;
  std::shared_ptr<const UnitTree> tree_;
  std::shared_ptr<const Keys> keys_;
};

// Reads the directory of a database. A call pays one query for the revision; the rest is read again
// only when that has changed, and of the units only those that did. Several replicas on one
// database each see what the snapshot sees. Thread-safe; outlives the database that it reads.
class Directory {
 public:
  // The directory as this snapshot shows it. DATA_LOSS when its tables hold no revision.
  absl::StatusOr<std::shared_ptr<const View>> At(store::Snapshot& snapshot);
  // The same inside a write, what the write itself has put included. It is remembered for others
  // once that is durable, so that nothing stays of a write that failed.
  absl::StatusOr<std::shared_ptr<const View>> At(store::Transaction& transaction);

 private:
  static absl::StatusOr<std::shared_ptr<const View>> Read(
      store::Sql& sql, const std::shared_ptr<const View>& cached);
  std::shared_ptr<const View> Cached() const;
  void Remember(std::shared_ptr<const View> view);

  mutable std::mutex mutex_;
  // The newest that was committed.
  std::shared_ptr<const View> cached_;
};

}  // namespace dondoc::identity
