-- How far each phase is, as its task's body says, so that a report need not read the whole task to
-- see that it changes nothing there. Phases without a row are looked up in the task.
create table phases (
  plan     text    not null,
  task     integer not null,
  ordinal  integer not null,
  progress integer not null,              -- dondoc.registry.v1.Progress
  primary key (plan, task, ordinal),
  foreign key (plan, task) references tasks (plan, number)
) strict;
