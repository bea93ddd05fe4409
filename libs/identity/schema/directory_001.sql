-- A service's own copy of who holds which role, of the units' places in the tree, and of the keys of
-- our own accounts' tokens, fed by the registry's events. `version` is that of the resource in its last
-- event; `revision` the one of the whole directory in which the row last changed. Days count from
-- 1970-01-01.
create table directory_revision (
  id       integer primary key check (id = 1),
  revision integer not null                  -- grows with every change below
) strict;
insert into directory_revision (id, revision) values (1, 0);

create table directory_units (
  name       text    not null primary key,   -- units/{id}
  version    integer not null,
  parent     text    not null,               -- units/{id}; '' for a root
  valid_from integer not null,
  valid_to   integer,                        -- first day on which it no longer exists
  revision   integer not null
) strict;
create index directory_units_by_revision on directory_units (revision);

create table directory_grants (
  name       text    not null primary key,   -- grants/{number}
  version    integer not null,
  principal  text    not null,               -- person:…, account:… or system:…
  role       text    not null,               -- as proto/access.csv writes it
  unit       text    not null,               -- units/{id}; '' for the whole register
  valid_from integer not null,
  valid_to   integer,                        -- first day on which it no longer holds
  revision   integer not null
) strict;
create index directory_grants_by_revision on directory_grants (revision);

create table directory_keys (
  id       text    not null primary key,     -- kid of the tokens
  version  integer not null,
  x        text    not null,                 -- public half of an Ed25519 pair; base64url
  retired  integer not null check (retired in (0, 1)),
  revision integer not null
) strict;
create index directory_keys_by_revision on directory_keys (revision);
