-- A day of fifty cameras is fifteen thousand files. What the page of it needs of them is in the index, so that it need not go through the table,
-- where the files of a camera lie far apart.
drop index segments_camera;
create index segments_spans on segments (camera_id, starts_at, ends_at, removed_at);
