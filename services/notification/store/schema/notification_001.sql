-- Days are counted from 1970-01-01 in Vietnam; instants are microseconds since 1970. Kinds and
-- states are the numbers of services/notification/domain/types.h.

-- The little that is needed of the registry's units.
create table units (
  name         text    not null primary key,  -- units/{id}
  display_name text    not null,
  kind         integer not null,              -- dondoc.registry.v1.UnitKind
  valid_to     integer                        -- first day on which it no longer exists
) strict;

-- Periodic reports: each is owed by every unit, also by one that is founded later.
create table reports (
  name    text    not null primary key,  -- plans/{plan}/reports/{period}
  label   text    not null,
  due_day integer not null
) strict;

create table plan_rules (
  plan    text    not null primary key,  -- plans/{id}, or plans/- for all others
  version integer not null,
  body    blob    not null               -- dondoc.notification.v1.PlanRules without its etag
) strict;

create table contacts (
  recipient      text    not null primary key,  -- units/{id}
  email          text    not null,
  webhook_url    text    not null,
  webhook_secret text    not null,
  set_by_hand    integer not null,              -- 1: the register's e-mail no longer counts
  version        integer not null
) strict;

-- What somebody owes by a day, and its timer. Only the next moment is kept, not all of them: which
-- moments there are follows from the rules, so an outage is made up for by asking which of them lie
-- between told_to and now.
create table deadlines (
  id           integer not null primary key,
  subject      text    not null,  -- resource name of what is due
  recipient    text    not null,  -- units/{id}
  plan         text    not null,  -- whose rules hold
  kind         integer not null,
  title        text    not null,
  label        text    not null,
  window_start integer,
  due_day      integer not null,
  revision     integer not null,  -- grows each time the day is moved
  standing     integer not null,  -- 0 while it is open
  acknowledged integer not null,  -- most advanced kind acknowledged for this revision; 0 for none
  told_to      integer not null,  -- every moment up to here has become a notice or does not count
  next_at      integer            -- the next moment; null when there is none
) strict;
create unique index deadlines_by_subject on deadlines (subject, recipient);
create index deadlines_by_next on deadlines (next_at, recipient) where next_at is not null;

-- One thing told to one recipient about one deadline, once. Its words are made when it is read.
create table notices (
  id              integer not null primary key,  -- 1, 2, 3, … in the order of commit
  deadline        integer not null references deadlines (id),
  revision        integer not null,
  kind            integer not null,
  days_left       integer not null,
  recipient       text    not null,
  due_day         integer not null,              -- as it was then
  planned_at      integer not null,
  told_at         integer not null,
  state           integer not null,
  skip_reason     text    not null,
  digest          integer,
  acknowledged_at integer,
  acknowledged_by text    not null,
  version         integer not null
) strict;
create unique index notices_are_told_once on notices (deadline, revision, kind, days_left);
create index notices_by_recipient on notices (recipient, id);

-- Everything one recipient is told in one run. Open while the run goes on, also across a crash.
create table digests (
  id           integer not null primary key,
  recipient    text    not null,
  created_at   integer not null,
  closed_at    integer,
  first_notice integer not null,  -- its notices have ids from here …
  last_notice  integer not null,  -- … to here, with others between them
  notice_count integer not null
) strict;
create unique index digests_open on digests (recipient) where closed_at is null;

-- One digest on one channel.
create table deliveries (
  id           text    not null primary key,  -- UUID, ordered by time
  digest       integer not null references digests (id),
  recipient    text    not null,
  channel      integer not null,
  address      text    not null,
  state        integer not null,
  attempts     integer not null,              -- in all
  round        integer not null,              -- attempts before the last RetryDelivery
  created_at   integer not null,
  next_at      integer,                       -- null when it has ended
  sent_at      integer,
  last_answer  text    not null,
  lease        text    not null,              -- the run of the service that is sending it now
  version      integer not null
) strict;
create index deliveries_by_next on deliveries (next_at) where next_at is not null;
create index deliveries_by_digest on deliveries (digest);
create index deliveries_dead on deliveries (id) where state = 4;

-- One row for each attempt, never changed.
create table delivery_attempts (
  delivery text    not null references deliveries (id),
  attempt  integer not null,  -- 1, 2, 3, …
  at       integer not null,
  outcome  text    not null,  -- SENT, RETRY, DEAD; UNKNOWN when the service ended before the answer
  answer   text    not null,
  primary key (delivery, attempt)
) strict;
create trigger delivery_attempts_stay_as_they_are before update on delivery_attempts
begin select raise(abort, 'the log of attempts is never changed'); end;
create trigger delivery_attempts_are_kept before delete on delivery_attempts
begin select raise(abort, 'the log of attempts is never shortened'); end;
