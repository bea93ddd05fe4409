-- Whether the inspected unit may know of an inspection (domain/inspection.h), as a column, because lists
-- are narrowed by it. Of those that were cancelled before now it is not known whether they had been
-- told, so they stay with those who plan.
alter table inspections add column known_to_unit integer not null default 0;
update inspections set known_to_unit = 1 where state in (2, 3, 4, 5);
