-- What is recorded, and for how long it is kept: of one camera, or (camera_id null) of every camera of the kindergarten that has no rule
-- of its own. Facts. `quality` is 'main' or 'sub'; `days` and `bytes` (of each camera) are limits, whichever is reached first;
-- bytes null is none.
create table recording_rules (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    camera_id text references cameras (id),
    recorded boolean not null,
    quality text not null,
    days bigint not null,
    bytes bigint,
    since bigint not null,
    until bigint
);
create index recording_rules_kindergarten on recording_rules (kindergarten_id, until);

-- What takes the pieces of a camera's recording together for the evidence: the root of a Merkle tree (RFC 6962) over its segments and
-- gaps, in the order of time; `record` is the position of the audit record 'recording_sealed', which holds the root and the leaves.
-- `expired_at` is when the last of them was let go of, `expired_record` the record that tells so.
create table seals (
    id text primary key,
    camera_id text not null references cameras (id),
    root text not null,
    leaves bigint not null,
    starts_at bigint not null,
    ends_at bigint not null,
    sealed_at bigint not null,
    record bigint not null,
    expired_at bigint,
    expired_record bigint
);
create index seals_camera on seals (camera_id, starts_at);
create unique index seals_record on seals (record);

-- A piece of recording: one file. While it is written `sha256` is null, and `ends_at` and `bytes` say what is safe on the disk. `codec`
-- is as in RFC 6381; `tree` is the root over the pieces of the file, so that a clip cut out of it can be proved without the rest of it;
-- `place` is 'folder' or 'objects'; `removed_at` is when retention let go of the file: the row stays until its seal has
-- expired, so that what is left of a seal can still be proved.
create table segments (
    id text primary key,
    camera_id text not null references cameras (id),
    codec text not null,
    width bigint not null,
    height bigint not null,
    starts_at bigint not null,
    ends_at bigint not null,
    bytes bigint not null,
    sha256 text,
    tree text,
    place text not null,
    seal_id text references seals (id),
    removed_at bigint
);
create index segments_camera on segments (camera_id, starts_at);
create index segments_unsealed on segments (camera_id) where seal_id is null;
create index segments_seal on segments (seal_id);

-- A hole in a camera's recording, and why. `ended_at` null: it lasts; `seen_at` is the last moment at which it was known to.
create table gaps (
    id text primary key,
    camera_id text not null references cameras (id),
    cause text not null,
    starts_at bigint not null,
    seen_at bigint not null,
    ended_at bigint,
    seal_id text references seals (id)
);
create index gaps_camera on gaps (camera_id, starts_at);
create index gaps_unsealed on gaps (camera_id) where seal_id is null;
create index gaps_seal on gaps (seal_id);

-- An order not to delete a span of a camera's recording. Facts: until released. `origin` is 'person', 'appeal' or 'alarm', `subject` the
-- appeal or the alarm.
create table holds (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    camera_id text not null references cameras (id),
    starts_at bigint not null,
    ends_at bigint not null,
    origin text not null,
    subject text,
    reason text not null,
    held_by text references accounts (id),
    since bigint not null,
    until bigint,
    released_by text references accounts (id),
    release_reason text
);
create index holds_kindergarten on holds (kindergarten_id, until);
create index holds_camera on holds (camera_id, until);

-- Somebody looks at a recording: who, of which camera, which span, and the reason that was stated. `seen_at` is when a piece of it was
-- last asked for, `ended_at` when the page was left.
create table playbacks (
    id text primary key,
    account_id text not null references accounts (id),
    kindergarten_id text not null references kindergartens (id),
    camera_id text not null references cameras (id),
    reason text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    opened_at bigint not null,
    seen_at bigint not null,
    ended_at bigint
);
create index playbacks_kindergarten on playbacks (kindergarten_id, opened_at);

-- What a panic button's controller shows to ring an alarm: only a digest of its key is here.
create table alarm_keys (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    group_id text references groups (id),
    name text not null,
    digest text not null,
    created_at bigint not null,
    removed_at bigint
);
create unique index alarm_keys_digest on alarm_keys (digest);
create index alarm_keys_kindergarten on alarm_keys (kindergarten_id);

-- Somebody takes a span of a camera's recording out of the gateway. `record` is the position of the audit record that tells of it.
create table exports (
    id text primary key,
    account_id text not null references accounts (id),
    kindergarten_id text not null references kindergartens (id),
    camera_id text not null references cameras (id),
    reason text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    made_at bigint not null,
    record bigint not null
);
create index exports_kindergarten on exports (kindergarten_id, made_at);
