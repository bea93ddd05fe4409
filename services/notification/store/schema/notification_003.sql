-- Which trace a deadline belongs to: that of the event that made it what it is (W3C traceparent). The
-- notices about it are told later, by the clock, and belong to it too. Empty for those from before.
alter table deadlines add column traceparent text not null default '';
