-- Work that one process must do alone, and who does it now. A lease that changes hands gets another
-- token, so whoever still believes to hold it finds out in the transaction in which it writes.
create table store_leases (
  name       text    primary key,
  holder     text    not null,          -- UUID, another one with each token
  token      integer not null,          -- 1, 2, 3, … with each change of hands
  expires_at integer not null           -- microseconds since 1970 by store_clock; 0: given back
) strict;

-- The clock by which leases expire is the database's own: so no two machines have to agree.
create view store_clock as
select cast((julianday('now') - 2440587.5) * 86400000000 as integer) as now_us;
