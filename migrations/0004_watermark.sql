-- What every picture carries of the viewer: 'off', 'name' or 'name_and_login'.
alter table kindergartens add column watermark text not null default 'name_and_login';
