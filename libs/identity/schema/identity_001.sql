-- Built-in accounts, for an office without an identity provider.
create table identity_accounts (
  name          text    primary key,
  display_name  text    not null,
  password_hash text    not null,        -- argon2id with its salt and cost, as libsodium writes it
  must_change   integer not null check (must_change in (0, 1)),
  disabled      integer not null check (disabled in (0, 1)),
  created_at    integer not null,        -- microseconds since 1970, and so are all times here
  password_at   integer not null
) strict;

-- Failed sign-ins by the name that was given, whether such an account exists or not: a lock must not
-- tell which names do.
create table identity_attempts (
  name         text    primary key,
  failures     integer not null,
  last_at      integer not null,
  locked_until integer not null
) strict;
create index identity_attempts_by_time on identity_attempts (last_at);

-- Who is signed in. The id is the SHA-256 of what the caller holds, so that a copy of this table signs
-- nobody in.
create table identity_sessions (
  id         text    primary key,
  account    text    not null references identity_accounts (name),
  started_at integer not null,
  used_at    integer not null
) strict;
create index identity_sessions_by_account on identity_sessions (account);

-- The Ed25519 keys that our own tokens are signed with.
create table identity_keys (
  id         text    primary key,
  seed       text    not null,           -- secret; 32 bytes in base64url
  created_at integer not null
) strict;
