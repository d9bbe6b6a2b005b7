-- Links that let a person in once, to choose a password: the first one, or another after the old one was lost (`reset`). What is kept of
-- the link's secret is a hash. `way` is how the link reaches the person: print, sms or email. One stands at a time for each account.
create table invitations (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    account_id text not null references accounts (id),
    invited_by text not null references accounts (id),
    secret_hash text not null,
    reset boolean not null,
    way text not null,
    created_at bigint not null,
    expires_at bigint not null,
    ended_at bigint,
    ended_why text
);
create unique index invitations_secret_hash on invitations (secret_hash);
create unique index invitations_account on invitations (account_id) where ended_at is null;
create index invitations_kindergarten on invitations (kindergarten_id, ended_at);

-- The group in whose room a staff member works.
create table postings (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    account_id text not null references accounts (id),
    group_id text not null references groups (id),
    since bigint not null,
    until bigint
);
create index postings_kindergarten on postings (kindergarten_id, until);
create unique index postings_account on postings (account_id) where until is null;

-- A parent asks that somebody else, such as a grandmother, may look for some days; the director says yes or no. `login` is whose
-- telephone or e-mail it is; `word` is what the director answers with.
create table guest_requests (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    child_id text not null references children (id),
    asked_by text not null references accounts (id),
    name text not null,
    login text not null,
    first_day text not null,
    last_day text not null,
    created_at bigint not null,
    ended_at bigint,
    ended_why text,
    decided_by text references accounts (id),
    word text
);
create index guest_requests_kindergarten on guest_requests (kindergarten_id, ended_at);
create index guest_requests_asked_by on guest_requests (asked_by, created_at);
