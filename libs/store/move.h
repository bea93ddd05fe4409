#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace dondoc::store {

// What stands in a database after a move, in both.
struct Moved {
  struct Table {
    std::string name;
    int64_t rows = 0;
    // SHA-256 over every row in the order of the keys, in hexadecimal.
    std::string sha256;
  };
  std::vector<Table> tables;
  // The end of the log of events: its last sequence, and the hash that stands for all before it.
  int64_t last_sequence = 0;
  std::string last_hash;
};

// How many rows of how many have been copied.
using MoveProgress = std::function<void(int64_t done, int64_t total)>;

// Copies the database in the SQLite file `file` to the empty PostgreSQL database at `url`: the
// schema as the file has it, every row, and the numbers that columns count on from. Then it reads
// both again and compares tables, counts, hashes and the chain of the log. All of it is one
// transaction, so that the target is empty again when anything fails; the file is not changed.
//
// The lock of the file is held meanwhile. FAILED_PRECONDITION, reason DATABASE_IN_USE, while its
// service runs, NOT_A_DATABASE when it is not one of ours; NOT_FOUND; ALREADY_EXISTS, reason
// DATABASE_NOT_EMPTY, saying what is there; INVALID_ARGUMENT, reason VALUE_NOT_MOVABLE, naming the
// table, when it holds text that PostgreSQL has not (a NUL, or no UTF-8); DATA_LOSS when the file
// is damaged or the copy differs; UNAVAILABLE when the server goes away.
absl::StatusOr<Moved> MoveToPostgres(const std::string& file, const std::string& url,
                                     const MoveProgress& progress);

}  // namespace dondoc::store
