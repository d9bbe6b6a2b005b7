-- The time of day that the keeper of recordings believed last: what is let go of because its days are over goes by a clock that may be set
-- wrong, by a year at once. One row. `doubted`: since then the clock has shown a time that is not believed.
create table believed_time (
    id text primary key,
    at bigint not null,
    doubted boolean not null
);

-- Every hour each camera's seals that are not over yet are gone through, the oldest first. Those that are over stay for good, and become
-- far more.
create index seals_open on seals (camera_id, starts_at) where expired_at is null;

-- When the directors of a kindergarten were last told of something by message: once a day is enough for each matter.
create table warnings (
    kindergarten_id text not null references kindergartens (id),
    matter text not null,
    told_at bigint not null,
    primary key (kindergarten_id, matter)
);
