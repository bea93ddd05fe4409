-- The log of events: outbox, idempotency record, audit trail and change feed in one table. Rows are
-- never changed and never removed.
create table events (
  seq           integer primary key,      -- 1, 2, 3, … in the order of commit
  id            text    not null,         -- UUID; Nats-Msg-Id
  type          text    not null,         -- subject on the bus
  name          text    not null,         -- resource
  version       integer not null,         -- of the resource: 1, 2, 3, … with no gap
  schema        text    not null,         -- protobuf message
  payload       blob    not null,
  actor         text    not null,
  at            integer not null,         -- microseconds since 1970, by the service's clock
  traceparent   text    not null,
  request_id    text,                     -- on the first event of a request only
  request_hash  blob,
  response      blob,
  previous_hash blob    not null          -- SHA-256 of the row before, all columns
) strict;

create unique index events_by_request on events (request_id) where request_id is not null;
create unique index events_by_version on events (name, version);

create trigger events_stay_as_they_are before update on events
begin select raise(abort, 'the log of events is never changed'); end;
create trigger events_are_kept before delete on events
begin select raise(abort, 'the log of events is never shortened'); end;
