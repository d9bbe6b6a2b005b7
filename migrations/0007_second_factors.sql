-- The secret that an account shares with an authenticator app, sealed. It counts from `confirmed_at` on; before, somebody is setting it
-- up. `last_step` is the newest time step whose code was taken: no code is taken twice.
create table second_factors (
    id text primary key,
    account_id text not null references accounts (id),
    sealed text not null,
    last_step bigint not null,
    created_at bigint not null,
    confirmed_at bigint,
    removed_at bigint
);
create unique index second_factors_account on second_factors (account_id) where confirmed_at is not null and removed_at is null;
create index second_factors_past on second_factors (account_id);

-- For who has lost the app: what is kept of a code is a hash.
create table recovery_codes (
    factor_id text not null references second_factors (id),
    hash text not null,
    used_at bigint,
    primary key (factor_id, hash)
);

-- The password was right and the second factor is still to be shown. It opens nothing, and is gone as soon as it is of no use.
create table half_logins (
    id text primary key,
    account_id text not null references accounts (id),
    secret_hash text not null,
    expires_at bigint not null
);
create unique index half_logins_secret_hash on half_logins (secret_hash);
create index half_logins_account on half_logins (account_id);

-- When a log-in was used last, to the minute; empty for those made before this was kept.
alter table logins add column seen_at bigint;
