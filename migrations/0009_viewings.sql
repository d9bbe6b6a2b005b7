-- A director ended the viewing of `account_id`, who watches nothing of the kindergarten from `since` up to `ends_at`; `until` is set
-- when the account was let in again earlier, by `let_in_by`.
create table interruptions (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    account_id text not null references accounts (id),
    viewing_id text not null references viewings (id),
    ends_at bigint not null,
    reason text not null,
    ordered_by text not null references accounts (id),
    since bigint not null,
    until bigint,
    let_in_by text references accounts (id)
);
create index interruptions_kindergarten on interruptions (kindergarten_id, ends_at);
create index interruptions_viewing on interruptions (viewing_id);

-- What is read a page at a time, the newest first: an id carries the moment of its making.
create index viewings_kindergarten_newest on viewings (kindergarten_id, id);
create index audit_records_kindergarten_newest on audit_records (kindergarten_id, position);
