-- What a kindergarten's rule makes of missing consent to the camera: 'recorded', 'own' or 'group'. Without a row it is 'recorded'.
create table consent_rules (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    rule text not null,
    ordered_by text references accounts (id),
    since bigint not null,
    until bigint
);
create index consent_rules_kindergarten on consent_rules (kindergarten_id, until);

-- What families are asked to agree to: published once, never changed. From `asks_again_from` on answers to earlier versions are no
-- longer good; without it they stay good.
create table consent_texts (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    version bigint not null,
    kk text not null,
    ru text not null,
    en text,
    asks_again_from text,
    published_by text not null references accounts (id),
    since bigint not null
);
create unique index consent_texts_version on consent_texts (kindergarten_id, version);

-- What a family answered for a child: 'agreed', 'declined' or 'withdrawn'; one row of a child is in force. `account_id` is the guardian
-- who answered on the page; otherwise it was on paper, with its `document`, and `recorded_by` is who wrote it down here.
create table consents (
    id text primary key,
    kindergarten_id text not null references kindergartens (id),
    child_id text not null references children (id),
    answer text not null,
    version bigint not null,
    language text not null,
    day text not null,
    account_id text references accounts (id),
    document text,
    recorded_by text references accounts (id),
    since bigint not null,
    until bigint
);
create index consents_kindergarten on consents (kindergarten_id, until);
create unique index consents_child on consents (child_id) where until is null;
