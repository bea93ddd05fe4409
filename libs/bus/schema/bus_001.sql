-- Where the relay stands: one row.
create table bus_relay (
  id              integer primary key check (id = 1),
  published       integer not null,      -- the broker has acknowledged the log up to this sequence
  republish_until integer not null,      -- events up to here are sent under ids of republish_id
  republish_id    text    not null,
  stream_created  integer not null,      -- which stream: nanoseconds since 1970
  stream_last     integer not null       -- highest stream sequence it has acknowledged to us
) strict;

-- Where the consumer stands in the stream, for each service it listens to: the last message whose
-- fate is recorded here, and the id of the event it carried, to recognise the message again.
create table bus_positions (
  source          text    primary key,
  stream_sequence integer not null,
  event_id        text    not null
) strict;

-- The version of each resource of another service up to which its events have taken effect.
create table bus_applied (
  source  text    not null,
  name    text    not null,
  version integer not null,
  primary key (source, name)
) strict;

-- Events that have arrived and wait: for an earlier version, or for another attempt.
create table bus_parked (
  source      text    not null,
  name        text    not null,
  version     integer not null,
  id          text    not null,
  type        text    not null,
  at          integer not null,          -- microseconds since 1970, as the publisher said
  actor       text    not null,
  traceparent text    not null,
  schema      text    not null,
  payload     blob    not null,
  attempts    integer not null,
  reason      text    not null,          -- of the last failure
  retry_at    integer,                   -- microseconds since 1970, real time; null: an earlier version is missing
  primary key (source, name, version)
) strict;
create index bus_parked_by_retry on bus_parked (retry_at) where retry_at is not null;

-- Events that could not be applied. An unreadable one has version 0 and what could be read.
create table bus_dead_letters (
  id          text    primary key,
  source      text    not null,
  name        text    not null,
  version     integer not null,
  type        text    not null,
  at          integer not null,
  actor       text    not null,
  traceparent text    not null,
  schema      text    not null,
  payload     blob    not null,
  attempts    integer not null,
  reason      text    not null,
  buried_at   integer not null           -- microseconds since 1970, by the service's clock
) strict;
create index bus_dead_letters_by_version on bus_dead_letters (source, name, version);
