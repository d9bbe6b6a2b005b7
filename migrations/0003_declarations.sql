-- What site.toml declared when it was last applied, so that what the file changes is told from what a person has changed since. `subject`
-- names an attribute or a question that facts answer (src/apply/last.rs); `digest` is keyed with the master key.
create table declarations (
    kindergarten_id text not null references kindergartens (id),
    subject text not null,
    digest text not null,
    primary key (kindergarten_id, subject)
);
