#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "libs/base/ids.h"

namespace dondoc::store {

// A value of a BLOB column, as parameter or result. Everything else is int64_t, bool, a string, or
// a std::optional of one of these (NULL).
struct Bytes {
  std::string value;
};

namespace internal {

inline bool IsPostgres(soci::session& session) {
  return session.get_backend_name() == "postgresql";
}

// One bound parameter. It lives as long as its prepared statement, so that binding is an
// assignment.
template <typename T>
struct Parameter;

template <>
struct Parameter<int64_t> {
  explicit Parameter(soci::session&) {}
  void Bind(soci::statement& statement) { statement.exchange(soci::use(slot, indicator)); }
  void Set(int64_t value) { slot = value; }
  void SetNull(bool null) { indicator = null ? soci::i_null : soci::i_ok; }
  long long slot = 0;
  soci::indicator indicator = soci::i_ok;
};

template <>
struct Parameter<std::string> {
  explicit Parameter(soci::session& session) : postgres(IsPostgres(session)) {}
  void Bind(soci::statement& statement) { statement.exchange(soci::use(slot, indicator)); }
  // PostgreSQL has no text with a NUL in it and would keep what stands before it.
  void Set(absl::string_view value) {
    if (postgres && absl::StrContains(value, '\0')) throw soci::soci_error("text with a NUL");
    slot.assign(value.data(), value.size());
  }
  void SetNull(bool null) { indicator = null ? soci::i_null : soci::i_ok; }
  const bool postgres;
  std::string slot;
  soci::indicator indicator = soci::i_ok;
};

// A blob for SQLite. For PostgreSQL the hexadecimal form of bytea: SOCI's blob is a large object
// there, a thing beside the row that nobody removes with it.
template <>
struct Parameter<Bytes> {
  explicit Parameter(soci::session& session) {
    if (!IsPostgres(session)) blob.emplace(session);
  }
  void Bind(soci::statement& statement) {
    if (blob) {
      statement.exchange(soci::use(*blob, indicator));
    } else {
      statement.exchange(soci::use(hex, indicator));
    }
  }
  void Set(const Bytes& value) {
    if (!blob) {
      hex = absl::StrCat("\\x", Hex(value.value));
      return;
    }
    blob->trim(0);
    if (!value.value.empty()) blob->write(0, value.value.data(), value.value.size());
  }
  void SetNull(bool null) { indicator = null ? soci::i_null : soci::i_ok; }
  std::optional<soci::blob> blob;
  std::string hex;
  soci::indicator indicator = soci::i_ok;
};

// One result column.
template <typename T>
struct Column {
  explicit Column(soci::session& session) : postgres(IsPostgres(session)) {}
  using Slot = std::conditional_t<std::is_same_v<T, Bytes>, std::string,
                                  std::conditional_t<std::is_same_v<T, std::string>, T, long long>>;
  void Bind(soci::statement& statement) { statement.exchange(soci::into(slot, indicator)); }
  T Take() {
    if constexpr (std::is_same_v<T, Bytes>) {
      // bytea comes as hexadecimal digits behind a "\x" (bytea_output = hex).
      if (postgres) return Bytes{FromHex(absl::string_view(slot).substr(2))};
      return Bytes{std::exchange(slot, {})};
    } else if constexpr (std::is_same_v<T, std::string>) {
      return std::exchange(slot, {});
    } else {
      return static_cast<T>(slot);
    }
  }
  const bool postgres;
  Slot slot{};
  soci::indicator indicator = soci::i_ok;
};

template <typename T>
struct Column<std::optional<T>> : Column<T> {
  using Column<T>::Column;
  std::optional<T> Take() {
    if (this->indicator == soci::i_null) return std::nullopt;
    return Column<T>::Take();
  }
};

// Which Parameter an argument of a call is kept in.
template <typename T>
struct StoredAs {
  using type = std::conditional_t<std::is_integral_v<T> || std::is_enum_v<T>, int64_t, std::string>;
};
template <>
struct StoredAs<Bytes> {
  using type = Bytes;
};
template <typename T>
struct StoredAs<std::optional<T>> : StoredAs<T> {};
template <typename T>
using StoredAsT = typename StoredAs<std::decay_t<T>>::type;

template <typename Slot, typename T>
void Assign(Slot& slot, const T& value) {
  slot.SetNull(false);
  if constexpr (std::is_enum_v<T>) {
    slot.Set(static_cast<int64_t>(value));
  } else {
    slot.Set(value);
  }
}
template <typename Slot, typename T>
void Assign(Slot& slot, const std::optional<T>& value) {
  if (value) {
    Assign(slot, *value);
  } else {
    slot.SetNull(true);
  }
}

struct PreparedBase {
  explicit PreparedBase(soci::session& session) : statement(session) {}
  virtual ~PreparedBase() = default;
  soci::statement statement;
  bool busy = false;
};

template <typename Outs, typename Ins>
struct Prepared;

template <typename... Out, typename... In>
struct Prepared<std::tuple<Out...>, std::tuple<In...>> final : PreparedBase {
  Prepared(soci::session& session, const std::string& sql)
      : PreparedBase(session),
        columns(((void)sizeof(Out), session)...),
        parameters(((void)sizeof(In), session)...) {
    std::apply([this](auto&... column) { (column.Bind(statement), ...); }, columns);
    std::apply([this](auto&... parameter) { (parameter.Bind(statement), ...); }, parameters);
    statement.alloc();
    statement.prepare(sql);
    statement.define_and_bind();
  }
  std::tuple<Column<Out>...> columns;
  std::tuple<Parameter<In>...> parameters;
};

}  // namespace internal

// One connection to a database, with its prepared statements. Not thread-safe: a transaction or a
// snapshot owns it while it runs.
//
// SQL is written with named placeholders (":name"), each used once, and arguments in the same
// order. A failure of the database itself (disk full, a broken constraint, SQL that is wrong)
// throws soci::soci_error; Database::Read and Database::Write catch it, so that queries read
// plainly and a handler never has to ask "did the disk work?" between two lines.
class Sql {
 public:
  explicit Sql(soci::session& session) : session_(session) {}
  Sql(const Sql&) = delete;
  Sql& operator=(const Sql&) = delete;

  // For the little that the two databases do not say in the same words (one_of.h).
  bool IsPostgres() const { return internal::IsPostgres(session_); }

  // Runs a statement that returns no rows. Returns how many rows it changed.
  template <typename... P>
  int64_t Run(const char* sql, const P&... params) {
    int64_t changed = 0;
    Use<>(
        sql,
        [&](auto& prepared) {
          prepared.statement.execute(true);
          changed = prepared.statement.get_affected_rows();
        },
        params...);
    return changed;
  }

  // Calls `each(Out...)` for every row.
  template <typename... Out, typename Each, typename... P>
  void ForEach(const char* sql, Each&& each, const P&... params) {
    Use<Out...>(
        sql,
        [&](auto& prepared) {
          bool got = prepared.statement.execute(true);
          while (got) {
            std::apply([&](auto&... column) { each(column.Take()...); }, prepared.columns);
            got = prepared.statement.fetch();
          }
        },
        params...);
  }

  // All rows.
  template <typename... Out, typename... P>
  std::vector<std::tuple<Out...>> All(const char* sql, const P&... params) {
    std::vector<std::tuple<Out...>> rows;
    ForEach<Out...>(
        sql, [&](Out... out) { rows.emplace_back(std::move(out)...); }, params...);
    return rows;
  }

  // The first row, or nothing.
  template <typename... Out, typename... P>
  std::optional<std::tuple<Out...>> One(const char* sql, const P&... params) {
    std::optional<std::tuple<Out...>> row;
    ForEach<Out...>(
        sql,
        [&](Out... out) {
          if (!row) row.emplace(std::move(out)...);
        },
        params...);
    return row;
  }

  // The only column of the first row, or nothing.
  template <typename T, typename... P>
  std::optional<T> Value(const char* sql, const P&... params) {
    auto row = One<T>(sql, params...);
    if (!row) return std::nullopt;
    return std::move(std::get<0>(*row));
  }

 private:
  // Finds or makes the prepared statement, binds `params`, hands it to `run`. A statement that is
  // in use further up the stack (a query inside the loop of the same query) gets a twin for this
  // time. One that failed is thrown away, because its cursor may still be open; with PostgreSQL it
  // has no cursor, works again, and could not be given back inside a transaction that failed.
  template <typename... Out, typename Run, typename... P>
  void Use(const char* sql, Run&& run, const P&... params) {
    using Kind = internal::Prepared<std::tuple<Out...>, std::tuple<internal::StoredAsT<P>...>>;
    const KeyView key{sql, std::type_index(typeid(Kind))};
    auto found = prepared_.find(key);
    if (found != prepared_.end() && found->second->busy) {
      Kind twin(session_, sql);
      Bind(twin, params...);
      run(twin);
      return;
    }
    if (found == prepared_.end()) {
      found = prepared_.emplace(Key{sql, key.kind}, std::make_unique<Kind>(session_, sql)).first;
    }
    auto& prepared = static_cast<Kind&>(*found->second);
    prepared.busy = true;
    try {
      Bind(prepared, params...);
      run(prepared);
    } catch (...) {
      prepared.busy = false;
      if (!internal::IsPostgres(session_)) prepared_.erase(key);
      throw;
    }
    prepared.busy = false;
  }

  template <typename Kind, typename... P>
  static void Bind(Kind& prepared, const P&... params) {
    std::apply([&](auto&... slot) { (internal::Assign(slot, params), ...); }, prepared.parameters);
  }

  // A statement is found by its text without copying the text.
  struct KeyView {
    absl::string_view sql;
    std::type_index kind;
  };
  struct Key {
    std::string sql;
    std::type_index kind;
    operator KeyView() const { return {sql, kind}; }
  };
  struct KeyHash {
    using is_transparent = void;
    size_t operator()(const KeyView& key) const {
      return absl::HashOf(key.sql, key.kind.hash_code());
    }
  };
  struct KeyEqual {
    using is_transparent = void;
    bool operator()(const KeyView& a, const KeyView& b) const {
      return a.kind == b.kind && a.sql == b.sql;
    }
  };

  soci::session& session_;
  absl::flat_hash_map<Key, std::unique_ptr<internal::PreparedBase>, KeyHash, KeyEqual> prepared_;
};

}  // namespace dondoc::store
