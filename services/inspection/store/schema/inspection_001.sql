-- What the inspection service owns. `body` is the resource's protobuf message, as the API answers it
-- and the event carries it; the other columns are what queries ask by. `version` is 1, 2, 3, … with no
-- gap and makes the etag. Dates are civil dates as text, YYYY-MM-DD, which sort as they should.
create table programmes (
  year    integer not null primary key,
  version integer not null,
  body    blob    not null                -- dondoc.inspection.v1.Programme
) strict;

create table inspections (
  year           integer not null references programmes (year),
  number         integer not null,
  version        integer not null,        -- 0 while the programme is only proposed
  unit           text    not null,        -- units/{id}
  state          integer not null,        -- dondoc.inspection.v1.InspectionState
  planned_date   text    not null,
  concluded_date text,                    -- null until it counts
  body           blob    not null,        -- dondoc.inspection.v1.Inspection
  primary key (year, number)
) strict;

create index inspections_by_planned_date on inspections (planned_date);
create index inspections_by_concluded_date on inspections (concluded_date)
  where concluded_date is not null;

-- Findings of concluded inspections: what must be put right, and by when.
create table findings (
  year            integer not null,
  inspection      integer not null,
  number          integer not null,
  unit            text    not null,       -- units/{id}
  concluded_date  text    not null,
  remedy_due_date text    not null,       -- inclusive
  remedied_date   text,                   -- null while open
  primary key (year, inspection, number),
  foreign key (year, inspection) references inspections (year, number)
) strict;

create index findings_by_concluded_date on findings (concluded_date);

-- The coverage of a year as it was last published.
create table coverages (
  year    integer not null primary key,
  version integer not null,
  body    blob    not null                -- dondoc.inspection.v1.Coverage
) strict;

-- Copies of what the registry owns, fed by its events; only what is needed here.
create table units (
  name         text    not null primary key,
  display_name text    not null,
  kind         integer not null,          -- dondoc::inspection::UnitKind
  parent       text    not null,          -- units/{id}; '' for a root
  valid_from   text    not null,
  valid_to     text,                      -- first day after its end; null while it goes on
  successor    text    not null           -- units/{id}; '' for nobody
) strict;

create table obligations (
  name      text not null primary key,    -- the registry's assignment
  unit      text not null,                -- units/{id}
  due_date  text not null,
  handed_in text                          -- null while the work is open
) strict;

create table plans (
  name  text    not null primary key,     -- plans/{id}
  year  integer not null,
  share text    not null                  -- of units to inspect, exact decimal per cent; '' for none
) strict;
