-- Versions are counted by the resources, in the transaction that writes them here. An index by name
-- made every write change one more page of the disk, at a random place, to say the same once more;
-- VerifyLog counts the versions instead.
drop index events_by_version;
