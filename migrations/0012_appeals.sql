-- A parent's complaint. `happened_at` is the minute that it is about, `camera_id` the camera where one is named, `group_id` the child's
-- group on that day. What became of it is in its steps; nothing here is ever changed.
create table appeals (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    account_id text not null references accounts (id),
    child_id text not null references children (id),
    group_id text references groups (id),
    camera_id text references cameras (id),
    happened_at bigint not null,
    kind text not null,
    created_at bigint not null
);
create index appeals_kindergarten on appeals (kindergarten_id, id);
create index appeals_account on appeals (account_id, id);

-- What was said and done about it, in order: the first step (number 1) is the parent's report. The newest says how it stands. `record` is
-- the position of the audit record that holds the digest of the words.
create table appeal_steps (
    id text primary key,
    appeal_id text not null references appeals (id),
    number bigint not null,
    account_id text not null references accounts (id),
    kind text not null,
    words text not null,
    taken_at bigint not null,
    record bigint not null
);
create unique index appeal_steps_record on appeal_steps (record);
create unique index appeal_steps_appeal on appeal_steps (appeal_id, number);
create index appeal_steps_account on appeal_steps (account_id, taken_at);
