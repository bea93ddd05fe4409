-- What the registry owns. `body` is the resource's protobuf message, as the API answers it and the
-- event carries it; the other columns are what queries ask by. `version` is 1, 2, 3, … with no gap and
-- makes the etag. Dates are civil dates as text, YYYY-MM-DD, which sort as they should.
create table units (
  id         text    not null primary key,
  version    integer not null,
  kind       integer not null,            -- dondoc.registry.v1.UnitKind
  parent     text    references units (id),
  valid_from text    not null,
  valid_to   text    not null,            -- first day after its end; 9999-12-31 while it goes on
  body       blob    not null             -- dondoc.registry.v1.Unit
) strict;

create index units_by_parent on units (parent) where parent is not null;

-- Display names and aliases, under the key by which two spellings count as the same.
create table unit_names (
  unit text not null references units (id),
  key  text not null,
  primary key (unit, key)
) strict;

create index unit_names_by_key on unit_names (key);

-- Every imported document as it came, so that the signed source is never lost.
create table documents (
  sha256 text not null primary key,       -- hexadecimal
  bytes  blob not null
) strict;

create table plans (
  id       text    not null primary key,
  version  integer not null,
  document text    not null references documents (sha256),
  body     blob    not null               -- dondoc.registry.v1.Plan
) strict;

-- Which kinds of unit a plan's group rules name, for a warning when a unit of such a kind is new.
create table group_kinds (
  plan       text    not null references plans (id),
  group_text text    not null,
  kind       integer not null,            -- dondoc.registry.v1.UnitKind
  primary key (plan, group_text, kind)
) strict;

create index group_kinds_by_kind on group_kinds (kind);

create table tasks (
  plan       text    not null references plans (id),
  number     integer not null,
  version    integer not null,
  section    text    not null,            -- Roman numeral
  unresolved integer not null,            -- 1 while its lead is a group that nobody resolved
  body       blob    not null,            -- dondoc.registry.v1.Task
  primary key (plan, number)
) strict;

create table assignments (
  plan           text    not null,
  task           integer not null,
  phase          integer not null,
  unit           text    not null references units (id),
  version        integer not null,
  cancelled      integer not null,
  progress       integer not null,        -- dondoc.registry.v1.Progress
  timeliness     integer,                 -- dondoc.registry.v1.Timeliness; null while the day decides
  window_start   text    not null,
  due_date       text    not null,
  completed_date text,
  body           blob    not null,        -- dondoc.registry.v1.Assignment
  primary key (plan, task, phase, unit),
  foreign key (plan, task) references tasks (plan, number)
) strict;

create index assignments_by_unit on assignments (unit, plan, task, phase);

create table periodic_reports (
  plan     text    not null references plans (id),
  period   text    not null,              -- "2023-Q1"
  version  integer not null,
  due_date text    not null,
  body     blob    not null,              -- dondoc.registry.v1.PeriodicReport
  primary key (plan, period)
) strict;
