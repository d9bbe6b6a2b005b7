-- An area of a camera's picture that nobody is to see, in thousandths of the picture's width and height from its left upper corner.
create table masks (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    camera_id text not null references cameras (id),
    x bigint not null,
    y bigint not null,
    width bigint not null,
    height bigint not null,
    since bigint not null,
    until bigint
);
create index masks_kindergarten on masks (kindergarten_id, until);
create index masks_camera on masks (camera_id);
