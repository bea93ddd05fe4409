-- Who holds which role where, from one day to another. Rows are never removed.
create table grants (
  number     integer not null primary key,
  version    integer not null,
  principal  text    not null,
  role       integer not null,            -- dondoc.registry.v1.Role
  unit       text    not null,            -- id of units; '' for the whole register
  valid_from text    not null,
  valid_to   text    not null,            -- first day on which it no longer holds; 9999-12-31 while it goes on
  body       blob    not null             -- dondoc.registry.v1.Grant
) strict;

create index grants_by_principal on grants (principal, number);
create index grants_by_unit on grants (unit, number);
