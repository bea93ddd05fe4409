-- The last reading of the clocks that was right (domain/clock_guard.h); one row, or none.
create table clock_readings (
  id     integer not null primary key check (id = 1),
  boot   text    not null,
  wall   integer not null,  -- microseconds since 1970
  steady integer not null   -- microseconds since that boot
) strict;
