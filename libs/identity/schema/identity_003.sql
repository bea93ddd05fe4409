-- The system that the session was opened through, by the common name of its certificate; '' for none.
-- A session that is older than this column is good without a system alone: whoever opened it through
-- one signs in again.
alter table identity_sessions add column system text not null default '';
