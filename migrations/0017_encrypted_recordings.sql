-- The id of the key that the file of a segment is encrypted under; null where it lies as it is. `bytes` are those of the plain file, `sha256`
-- is that of the file as it lies, and `tree` the root over its plain pieces.
alter table segments add column key_id text;
