-- How a camera was, from when to when, as far as anybody looked: `seen_at` is the last moment at which it was known to be so. A run that
-- dies leaves it there, and what came after is not known. Rows are kept for 35 days.
create table camera_health (
    id text primary key,
    camera_id text not null references cameras (id),
    code text not null,
    started_at bigint not null,
    seen_at bigint not null
);
create index camera_health_camera on camera_health (camera_id, seen_at);
create index camera_health_past on camera_health (seen_at);
