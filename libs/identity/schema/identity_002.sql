-- Which change of the account the log of events told last: 1, 2, 3, … with no gap.
alter table identity_accounts add column version integer not null default 0;
