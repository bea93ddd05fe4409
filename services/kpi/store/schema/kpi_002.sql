-- What a replica keeps in memory of this database it keeps as of such a revision: when it finds
-- another one here, another replica has changed something, and it reads anew.
create table revisions (
  name     text    primary key,          -- 'catalog': indicators, targets, units; 'repairs': sums
  revision integer not null              -- grows by one with each change
) strict, without rowid;
insert into revisions (name, revision) values ('catalog', 0);
insert into revisions (name, revision) values ('repairs', 0);
