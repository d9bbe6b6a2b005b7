-- Who opened again before a pause's own end; empty when `site.toml` took it back, or nobody did.
alter table pauses add column ended_by text references accounts (id);
