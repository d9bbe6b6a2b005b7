-- What was wrong with a camera although its pictures arrived: they are black, show nothing, or do not change; its clock is wrong. Several
-- can be so at once, beside the camera_health of the same time. `seen_at` is the last look that found it so, `ended_at` the first
-- that did not; none was there if that is null. Rows are kept for 35 days.
create table camera_defects (
    id text primary key,
    camera_id text not null references cameras (id),
    code text not null,
    started_at bigint not null,
    seen_at bigint not null,
    ended_at bigint
);
create index camera_defects_camera on camera_defects (camera_id, seen_at);
create index camera_defects_past on camera_defects (seen_at);
