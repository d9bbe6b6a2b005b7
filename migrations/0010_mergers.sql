-- On `date`, by the kindergarten's clock, the children of a group are with another: a duty group.
create table mergers (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    group_id text not null references groups (id),
    host_id text not null references groups (id),
    date text not null,
    since bigint not null,
    until bigint
);
create index mergers_kindergarten on mergers (kindergarten_id, until);
