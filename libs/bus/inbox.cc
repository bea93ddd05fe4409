#include "libs/bus/inbox.h"

#include <utility>

#include "libs/base/status_macros.h"
#include "libs/base/trace.h"
#include "libs/bus/event_row.h"

namespace dondoc::bus {
namespace {

int64_t AppliedVersion(store::Snapshot& snapshot, const Event& event) {
  return snapshot.sql()
      .Value<int64_t>("select version from bus_applied where source = :source and name = :name",
                      event.source, event.name)
      .value_or(0);
}

bool IsParkedOrDead(store::Snapshot& snapshot, const Event& event) {
  return snapshot.sql()
      .Value<int64_t>(
          "select 1 from bus_parked where source = :parked_source and name = "
          ":parked_name and version = :parked_version union all "
          "select 1 from bus_dead_letters where source = :dead_source and name = "
          ":dead_name and version = :dead_version",
          event.source, event.name, event.version, event.source, event.name, event.version)
      .has_value();
}

struct Parking {
  int64_t attempts = 0;
  std::string reason;
  std::optional<int64_t> retry_at_us;
};

void Park(store::Transaction& transaction, const Event& event, const Parking& parking) {
  transaction.sql().Run(
      "insert into bus_parked (source, name, version, id, type, at, actor, traceparent, schema, "
      "payload, attempts, reason, retry_at) values (:source, :name, :version, :id, :type, :at, "
      ":actor, :traceparent, :schema, :payload, :attempts, :reason, :retry_at) "
      "on conflict (source, name, version) do update set attempts = excluded.attempts, "
      "reason = excluded.reason, retry_at = excluded.retry_at",
      event.source, event.name, event.version, event.id, event.type, absl::ToUnixMicros(event.at),
      event.actor, event.traceparent, event.schema, store::Bytes{event.payload}, parking.attempts,
      parking.reason, parking.retry_at_us);
}

void Unpark(store::Transaction& transaction, const Event& event) {
  transaction.sql().Run(
      "delete from bus_parked where source = :source and name = :name and version = :version",
      event.source, event.name, event.version);
}

// So that what is not the next version is never found due again and again.
void MakeWaitForItsTurn(store::Transaction& transaction, const Event& event) {
  transaction.sql().Run(
      "update bus_parked set retry_at = null where source = :source and name = :name and version = "
      ":version",
      event.source, event.name, event.version);
}

void Bury(store::Transaction& transaction, const Event& event, absl::string_view reason,
          int64_t attempts) {
  transaction.sql().Run(
      "insert into bus_dead_letters (id, source, name, version, type, at, actor, traceparent, "
      "schema, payload, attempts, reason, buried_at) values (:id, :source, :name, :version, "
      ":type, :at, :actor, :traceparent, :schema, :payload, :attempts, :reason, :buried_at) "
      "on conflict (id) do nothing",
      event.id, event.source, event.name, event.version, event.type, absl::ToUnixMicros(event.at),
      event.actor, event.traceparent, event.schema, store::Bytes{event.payload}, attempts,
      std::string(reason), absl::ToUnixMicros(transaction.now()));
}

// The event is the next version of its resource: gives it its effect, and its successor its turn.
absl::Status ApplyNext(store::Transaction& transaction, const Event& event, const Apply& apply) {
  transaction.SetOrigin({.actor = event.actor,
                         .request_id = "",
                         .request_hash = "",
                         .traceparent = ContinueTrace(event.traceparent)});
  RETURN_IF_ERROR(apply(transaction, event));
  transaction.sql().Run(
      "insert into bus_applied (source, name, version) values (:source, :name, :version) "
      "on conflict (source, name) do update set version = excluded.version",
      event.source, event.name, event.version);
  transaction.sql().Run(
      "update bus_parked set retry_at = 0 where source = :source and name = :name and version = "
      ":version",
      event.source, event.name, event.version + 1);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Arrival> Receive(store::Transaction& transaction, const Event& event,
                                const Apply& apply) {
  const int64_t applied = AppliedVersion(transaction, event);
  if (event.version <= applied || IsParkedOrDead(transaction, event)) return Arrival::kDropped;
  if (event.version > applied + 1) {
    Park(transaction, event, {});
    return Arrival::kParked;
  }
  RETURN_IF_ERROR(ApplyNext(transaction, event, apply));
  return Arrival::kApplied;
}

absl::StatusOr<bool> ApplyParked(store::Transaction& transaction, const Event& event,
                                 const Apply& apply) {
  const int64_t applied = AppliedVersion(transaction, event);
  if (event.version > applied + 1) {
    MakeWaitForItsTurn(transaction, event);
    return false;
  }
  Unpark(transaction, event);
  if (event.version <= applied) return false;
  RETURN_IF_ERROR(ApplyNext(transaction, event, apply));
  return true;
}

Failed RecordFailure(store::Transaction& transaction, const Event& event,
                     const absl::Status& failure, const std::vector<absl::Duration>& delays,
                     absl::Time now) {
  const int64_t before =
      transaction.sql()
          .Value<int64_t>(
              "select attempts from bus_parked where source = :source and name = "
              ":name and version = :version",
              event.source, event.name, event.version)
          .value_or(0);
  const bool used_up = before >= static_cast<int64_t>(delays.size());
  const Failed failed{.attempts = before + 1, .dead = used_up || absl::IsInvalidArgument(failure)};
  if (failed.dead) {
    Unpark(transaction, event);
    Bury(transaction, event, failure.ToString(), failed.attempts);
  } else {
    Park(transaction, event,
         {.attempts = failed.attempts,
          .reason = failure.ToString(),
          .retry_at_us = absl::ToUnixMicros(now + delays[static_cast<size_t>(before)])});
  }
  return failed;
}

void BuryUnreadable(store::Transaction& transaction, const Event& event,
                    const absl::Status& failure) {
  Bury(transaction, event, failure.ToString(), 1);
}

std::vector<Event> ReadDue(store::Snapshot& snapshot, const DueAt& at, int64_t limit) {
  std::vector<Event> due;
  snapshot.sql()
      .ForEach<std::string, std::string, int64_t, std::string, std::string, int64_t, std::string,
               std::string, std::string, store::Bytes>(
          "select p.source, p.name, p.version, p.id, p.type, p.at, p.actor, p.traceparent, "
          "p.schema, p.payload from bus_parked d join bus_parked p on p.source = d.source and "
          "p.name = d.name and p.version >= d.version and p.version < d.version + :followers "
          "where d.retry_at is not null and (d.retry_at <= :now or d.retry_at > :too_far) "
          "order by d.retry_at, p.source, p.name, p.version limit :limit",
          [&](auto... column) { due.push_back(EventFromRow(std::move(column)...)); }, limit,
          absl::ToUnixMicros(at.now), absl::ToUnixMicros(at.now + at.longest_delay), limit);
  return due;
}

std::optional<absl::Time> NextDue(store::Snapshot& snapshot) {
  const auto next = snapshot.sql().Value<int64_t>(
      "select retry_at from bus_parked where retry_at is not null order by retry_at limit 1");
  if (!next) return std::nullopt;
  return absl::FromUnixMicros(*next);
}

Waiting CountWaiting(store::Snapshot& snapshot) {
  return {.parked = *snapshot.sql().Value<int64_t>("select count(*) from bus_parked"),
          .dead_letters = *snapshot.sql().Value<int64_t>("select count(*) from bus_dead_letters")};
}

std::optional<Position> ReadPosition(store::Snapshot& snapshot, const std::string& source) {
  const auto row = snapshot.sql().One<int64_t, std::string>(
      "select stream_sequence, event_id from bus_positions where source = :source", source);
  if (!row) return std::nullopt;
  return Position{.stream_sequence = std::get<0>(*row), .event_id = std::get<1>(*row)};
}

void WritePosition(store::Transaction& transaction, const std::string& source,
                   const Position& position) {
  transaction.sql().Run(
      "insert into bus_positions (source, stream_sequence, event_id) values (:source, :sequence, "
      ":event_id) on conflict (source) do update set stream_sequence = excluded.stream_sequence, "
      "event_id = excluded.event_id",
      source, position.stream_sequence, position.event_id);
}

}  // namespace dondoc::bus
