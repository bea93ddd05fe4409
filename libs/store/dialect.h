#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace dondoc::store {

// A statement of a schema file, which is written for SQLite, as PostgreSQL takes it. Statements
// that are no table, no trigger and no view are the same in both.
//
//   integer, blob, text            bigint, bytea, text collate "C": text sorts by its bytes
//   integer primary key            numbered by the database when a row brings no number
//   ) strict, without rowid        )
//   create trigger t before update on e begin select raise(abort, 'why'); end
//                                  … execute function refuse_change('why')
//   (julianday('now') - …) * … as integer      the time now, in a view: … clock_timestamp() …
//
// What refuses a delete refuses a truncate as well.
std::string ForPostgres(absl::string_view statement);

// Makes what the translations above call; before the first of them.
extern const char* const kPostgresPrelude;

}  // namespace dondoc::store
