-- A child stays away from `first_day` to `last_day`, dates by the kindergarten's clock, both included.
create table absences (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    child_id text not null references children (id),
    first_day text not null,
    last_day text not null,
    since bigint not null,
    until bigint
);
create index absences_kindergarten on absences (kindergarten_id, until);
create index absences_child on absences (child_id);
