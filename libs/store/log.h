#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "libs/store/database.h"
#include "libs/store/sql.h"

// How a row of the log is hashed; shared by who writes the log and who verifies it.
namespace dondoc::store {

// A whole row of the table `events`.
struct LogRow {
  int64_t sequence = 0;
  std::string id;
  std::string type;
  std::string name;
  int64_t version = 0;
  std::string schema;
  std::string payload;
  std::string actor;
  int64_t at_us = 0;
  std::string traceparent;
  std::optional<std::string> request_id;
  std::optional<Bytes> request_hash;
  std::optional<Bytes> response;
  std::string previous_hash;
};

// SHA-256 over previous_hash and every column, each with its length before it.
std::string HashOfRow(const LogRow& row);

// Where the next row goes, and what it carries of the one before.
struct LogEnd {
  int64_t next_sequence = 1;
  std::string last_hash;
};

// Reads on from what is known of the end: hashes the last row only when there are rows after it.
void FindLogEnd(Sql& sql, LogEnd& end);

// Writes what a work has emitted behind `end`, which moves on. Whoever calls it is the only writer.
void AppendEvents(Sql& sql, const Transaction& transaction, LogEnd& end);

// Every row with sequence >= `from`, in order.
void ForEachRow(Sql& sql, int64_t from, const std::function<void(LogRow)>& each);

}  // namespace dondoc::store
