-- See README.md here for the portability rules: this file runs unchanged on SQLite and on PostgreSQL.

-- One row; every transaction that changes facts adds one to it, and the server looks at it to learn that something changed.
create table revision (
    id bigint primary key check (id = 1),
    number bigint not null
);
insert into revision (id, number) values (1, 0);

create table kindergartens (
    id text primary key,
    key text not null,
    name text not null,
    bin text,
    district text,
    ownership text,
    zone text not null,
    languages text not null,
    streams_per_account bigint not null,
    viewers_per_camera bigint not null,
    created_at bigint not null,
    removed_at bigint
);
create unique index kindergartens_key on kindergartens (key) where removed_at is null;

create table groups (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    key text not null,
    name text not null,
    created_at bigint not null,
    removed_at bigint
);
create unique index groups_key on groups (kindergarten_id, key) where removed_at is null;
create index groups_kindergarten on groups (kindergarten_id);

-- `source` is sealed: addresses, user name and password.
create table cameras (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    key text not null,
    name text not null,
    source text not null,
    created_at bigint not null,
    removed_at bigint
);
create unique index cameras_key on cameras (kindergarten_id, key) where removed_at is null;
create index cameras_kindergarten on cameras (kindergarten_id);

-- Which group's room a camera shows (none: the yard, the hall), and whether sound goes with it.
create table placements (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    camera_id text not null references cameras (id),
    group_id text references groups (id),
    sound boolean not null,
    since bigint not null,
    until bigint
);
create index placements_kindergarten on placements (kindergarten_id, until);
create unique index placements_camera on placements (camera_id) where until is null;

create table children (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    key text not null,
    name text not null,
    created_at bigint not null,
    removed_at bigint
);
create unique index children_key on children (kindergarten_id, key) where removed_at is null;
create index children_kindergarten on children (kindergarten_id);

-- `kindergarten_id` is where an account is declared; a director or staff member works there. `key` is empty for those made by hand.
-- `external_id` is '<issuer name>/<sub>' of a trusted token issuer, so that no issuer speaks for another's people.
create table accounts (
    id text primary key,
    kindergarten_id text references kindergartens (id),
    key text,
    login text not null,
    name text not null,
    role text not null,
    language text not null,
    external_id text,
    password_hash text,
    created_at bigint not null,
    removed_at bigint
);
create unique index accounts_login on accounts (login) where removed_at is null;
create unique index accounts_key on accounts (key) where removed_at is null and key is not null;
create unique index accounts_external_id on accounts (external_id) where removed_at is null and external_id is not null;
create index accounts_kindergarten on accounts (kindergarten_id);

create table account_blocks (
    id text primary key,
    account_id text not null references accounts (id),
    reason text not null,
    since bigint not null,
    until bigint
);
create unique index account_blocks_account on account_blocks (account_id) where until is null;
create index account_blocks_past on account_blocks (account_id, since);

-- The stay of a child in a group; `first_day` and `last_day` are dates by the kindergarten's clock, both included.
create table enrolments (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    child_id text not null references children (id),
    group_id text not null references groups (id),
    first_day text not null,
    last_day text,
    since bigint not null,
    until bigint
);
create index enrolments_kindergarten on enrolments (kindergarten_id, until);
create index enrolments_child on enrolments (child_id);

-- `reference` names the order that restricts it, or whatever else the director keeps of it.
create table guardianships (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    account_id text not null references accounts (id),
    child_id text not null references children (id),
    first_day text,
    last_day text,
    restricted boolean not null,
    reference text,
    since bigint not null,
    until bigint
);
create index guardianships_kindergarten on guardianships (kindergarten_id, until);
create index guardianships_account on guardianships (account_id);

create table assignments (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    account_id text not null references accounts (id),
    first_day text not null,
    last_day text not null,
    since bigint not null,
    until bigint
);
create index assignments_kindergarten on assignments (kindergarten_id, until);
create index assignments_account on assignments (account_id);

-- `weekday` is 1 for Monday to 7; `span` is local time like 08:00-12:30.
create table hours (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    group_id text references groups (id),
    weekday bigint not null,
    span text not null,
    since bigint not null,
    until bigint
);
create index hours_kindergarten on hours (kindergarten_id, until);

-- `spans` are separated by commas; none means closed. `account_id` is who ordered it, empty when `site.toml` did.
create table exceptions (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    group_id text references groups (id),
    date text not null,
    spans text not null,
    reason text not null,
    account_id text references accounts (id),
    since bigint not null,
    until bigint
);
create index exceptions_kindergarten on exceptions (kindergarten_id, until);

-- Closed from `starts_at` up to `ends_at`; `until` is set when it is lifted early. Neither group nor camera means all.
create table pauses (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    group_id text references groups (id),
    camera_id text references cameras (id),
    starts_at bigint not null,
    ends_at bigint not null,
    reason text not null,
    account_id text references accounts (id),
    since bigint not null,
    until bigint
);
create index pauses_kindergarten on pauses (kindergarten_id, ends_at);

-- A log-in that lasts: what is kept of its cookie is a hash.
create table logins (
    id text primary key,
    account_id text not null references accounts (id),
    secret_hash text not null,
    address text not null,
    agent text not null,
    created_at bigint not null,
    idle_until bigint not null,
    expires_at bigint not null,
    ended_at bigint,
    ended_why text
);
create unique index logins_secret_hash on logins (secret_hash);
create index logins_account on logins (account_id);

-- `id` is the `kid` of tokens, or the origin of the audit log. `sealed` is the private key under the master key; `public` is
-- base64url. It signs from `not_before` up to `retired_at`, and still verifies for a while.
create table signing_keys (
    id text primary key,
    purpose text not null,
    public text not null,
    sealed text not null,
    created_at bigint not null,
    not_before bigint not null,
    retired_at bigint
);
create index signing_keys_purpose on signing_keys (purpose, not_before);

-- Runs of the server; each says every few seconds that it lives, so that the viewings of one that died can be ended honestly.
create table runs (
    id text primary key,
    started_at bigint not null,
    alive_at bigint not null,
    ended_at bigint
);

-- `started_record` and `ended_record` are the positions of the audit records that say the same.
create table viewings (
    id text primary key,
    run_id text not null references runs (id),
    account_id text not null references accounts (id),
    kindergarten_id text not null references kindergartens (id),
    camera_id text not null references cameras (id),
    login_id text references logins (id),
    quality text not null,
    address text not null,
    started_at bigint not null,
    started_record bigint not null,
    ended_at bigint,
    end_code text,
    ended_record bigint
);
create unique index viewings_started_record on viewings (started_record);
create unique index viewings_ended_record on viewings (ended_record) where ended_record is not null;
create index viewings_running on viewings (run_id) where ended_at is null;
create index viewings_account on viewings (account_id, started_at);
create index viewings_camera on viewings (camera_id, started_at);
create index viewings_kindergarten on viewings (kindergarten_id, started_at);

-- The append-only log, in the form of src/audit/README.md: `position` counts from 0 without a gap, `root` is the tree's after the record.
-- `record` is the text that `commitment` commits to through `salt`; `actor` and `subject` repeat what it says, for queries. These four
-- are empty when the record was erased: record `erased_by` tells of that.
create table audit_records (
    position bigint primary key,
    at bigint not null,
    action text not null,
    kindergarten_id text,
    actor text,
    subject text,
    record text,
    salt text,
    commitment text not null,
    root text not null,
    erased_by bigint
);
create index audit_records_kindergarten on audit_records (kindergarten_id, at);
create index audit_records_actor on audit_records (actor, at);
create index audit_records_subject on audit_records (subject);

-- One row: the size of the tree and the roots of its full subtrees. Appending locks it, so records come one after another.
create table audit_head (
    id bigint primary key check (id = 1),
    size bigint not null,
    frontier text not null
);
insert into audit_head (id, size, frontier) values (1, 0, '');

-- Signed notes over the first `size` records.
create table audit_checkpoints (
    size bigint primary key,
    at bigint not null,
    note text not null
);
