-- Indicators and their targets. body is the protobuf message dondoc.kpi.v1.Indicator or .Target
-- as it is answered and published. derived is the same as a plan last made it, to see whether a
-- later event about the plan changes anything; null for what was defined by hand.
create table indicators (
  id      integer primary key,
  name    text    not null unique,       -- indicators/{id}
  version integer not null,
  body    blob    not null,
  derived blob
) strict;

create table targets (
  id           integer primary key,
  name         text    not null unique,  -- indicators/{id}/targets/{id}
  version      integer not null,
  indicator_id integer not null references indicators (id),
  plan         text    not null,         -- plans/{id}; '' for none
  clause_order text    not null,         -- sorts as people read clauses
  body         blob    not null,
  derived      blob
) strict;
create index targets_by_indicator on targets (indicator_id, name);
create index targets_by_plan on targets (plan, clause_order, name);

-- What values of an indicator are computed from, in one number: it grows by one with each commit
-- that changes an observation. The totals over all observations in force bound every partial sum.
create table inputs (
  indicator_id integer primary key references indicators (id),
  revision     integer not null,
  numerator    integer not null,         -- millionths, like every figure here
  denominator  integer not null
) strict;

-- The year of each plan, for boards that name no period.
create table plans (
  name text    primary key,              -- plans/{id}
  year integer not null
) strict, without rowid;

-- Our copy of the register of units, fed by events.
create table units (
  id         integer primary key,
  name       text    not null unique,    -- units/{id}
  parent     text    not null,           -- units/{id}; '' for a root
  valid_from integer not null,           -- day since 1970
  valid_to   integer                     -- first day on which it no longer exists
) strict;
create index units_by_parent on units (parent);

-- Each unit with itself and everything below it.
create table unit_tree (
  unit_id  integer not null references units (id),
  below_id integer not null references units (id),
  primary key (unit_id, below_id)
) strict, without rowid;
create index unit_tree_upwards on unit_tree (below_id, unit_id);

-- One row: grows when a unit moves, because then sums over subtrees change.
create table tree (
  id       integer primary key,
  revision integer not null
) strict;
insert into tree (id, revision) values (1, 0);

-- Texts that many observations share: sources, and who recorded.
create table texts (
  id   integer primary key,
  text text not null unique
) strict;

-- Observations, in the order of their keys: recording is one insert into one tree, and keys that
-- grow are added at its end. unit_id is 0 for what belongs to no unit.
create table observations (
  indicator_id integer not null,
  key          text    not null,
  unit_id      integer not null,
  day          integer not null,         -- since 1970
  numerator    integer not null,
  denominator  integer not null,
  source_id    integer not null,
  actor_id     integer not null,
  recorded_at  integer not null,         -- seconds since 1970
  by_case      integer not null,         -- 1 where the largest numerator counts, not the sum
  replaces_key text,
  replaced_by  text,                     -- key of the observation in force instead
  primary key (indicator_id, key)
) strict, without rowid;
-- Finds the new maximum of a month when the observation that held it is replaced.
create index observations_by_case on observations (indicator_id, unit_id, day, numerator)
  where by_case = 1 and replaced_by is null;

-- Observations in force, added up by unit and month: all that values are computed from.
create table month_sums (
  indicator_id integer not null,
  unit_id      integer not null,
  month        integer not null,         -- year * 12 + month - 1
  numerator    integer not null,
  denominator  integer not null,
  maximum      integer not null,         -- the largest numerator
  count        integer not null,
  primary key (indicator_id, unit_id, month)
) strict, without rowid;

-- What was last published about an indicator and a year, so that nothing is published twice and
-- versions have no gap.
create table published_values (
  indicator_id integer not null,
  year         integer not null,
  version      integer not null,
  fingerprint  blob    not null,
  primary key (indicator_id, year)
) strict, without rowid;

-- Our copy of the assignments of plans, as far as being on time goes.
create table obligations (
  name      text    primary key,         -- …/assignments/{unit}
  plan      text    not null,            -- plans/{id}
  unit_id   integer not null,
  state     integer not null,            -- ObligationState
  due_day   integer not null,
  handed_in integer not null,
  on_time   integer not null,
  counted   integer not null             -- 1 once it counts as overdue or done
) strict, without rowid;
-- Those that a new day may make overdue; what was handed in is counted when it is handed in.
create index obligations_to_count on obligations (due_day) where counted = 0 and state = 0;
