-- Whether the privacy masks are burnt into what was taken out.
alter table exports add column masked boolean not null default false;
