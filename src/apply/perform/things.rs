//! Rows of things.

use super::Performer;
use crate::{
    apply::thing::{Key, Kind, Source, Thing, words},
    args,
    db::{DbError, Tx, accounts, cameras},
    id::KindergartenId,
    model::Watermark,
};
use jiff::Timestamp;

/// Inserts the row `id`, or brings it to what `thing` says.
pub(super) async fn put(performer: &Performer<'_>, home: &Key, id: &str, key: &Key, thing: &Thing) -> Result<(), DbError> {
    let (tx, now) = (performer.tx, performer.now);
    let of: KindergartenId = performer.id(home, Kind::Kindergarten, home).await?;
    match thing {
        Thing::Kindergarten(it) => {
            let sql = "insert into kindergartens (id, key, name, bin, district, ownership, zone, languages, streams_per_account, \
                       viewers_per_camera, watermark, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (id) do update \
                       set name = excluded.name, bin = excluded.bin, district = excluded.district, ownership = excluded.ownership, \
                       zone = excluded.zone, languages = excluded.languages, streams_per_account = excluded.streams_per_account, \
                       viewers_per_camera = excluded.viewers_per_camera, watermark = excluded.watermark";
            let watermark = it.watermark.unwrap_or(Watermark::NameAndLogin);
            let (languages, streams, viewers) = (words(&it.languages), it.streams_per_account, it.viewers_per_camera);
            let (bin, district) = (it.bin.clone(), it.district.clone());
            tx.execute(sql, args![id, key, &it.name, bin, district, it.ownership, &it.zone, languages, streams, viewers, watermark, now]).await
        }
        Thing::Group { name } => {
            let sql = "insert into groups (id, kindergarten_id, key, name, created_at) values ($1, $2, $3, $4, $5) \
                       on conflict (id) do update set name = excluded.name";
            tx.execute(sql, args![id, of, key, name, now]).await
        }
        Thing::Child { name } => {
            let sql = "insert into children (id, kindergarten_id, key, name, created_at) values ($1, $2, $3, $4, $5) \
                       on conflict (id) do update set name = excluded.name";
            tx.execute(sql, args![id, of, key, name, now]).await
        }
        Thing::Camera { name, source } => {
            let sealed = seal(performer, home, key, source).await?;
            let sql = "insert into cameras (id, kindergarten_id, key, name, source, created_at) values ($1, $2, $3, $4, $5, $6) \
                       on conflict (id) do update set name = excluded.name, source = excluded.source";
            tx.execute(sql, args![id, of, key, name, sealed, now]).await
        }
        Thing::Account(it) => {
            let sql = "insert into accounts (id, kindergarten_id, key, login, name, role, language, external_id, created_at) \
                       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do update set login = excluded.login, \
                       name = excluded.name, role = excluded.role, language = excluded.language, external_id = excluded.external_id";
            let external_id = it.external_id.clone();
            tx.execute(sql, args![id, of, key, &it.login, &it.name, it.role, it.language, external_id, now]).await
        }
    }
    .map(drop)
}

/// Marks the row `id` as removed; an account's log-ins end with it.
pub(super) async fn remove(tx: &Tx, id: &str, thing: &Thing, now: Timestamp) -> Result<(), DbError> {
    let sql = match thing.kind() {
        Kind::Kindergarten => "update kindergartens set removed_at = $2 where id = $1",
        Kind::Group => "update groups set removed_at = $2 where id = $1",
        Kind::Camera => "update cameras set removed_at = $2 where id = $1",
        Kind::Child => "update children set removed_at = $2 where id = $1",
        Kind::Account => "update accounts set removed_at = $2 where id = $1",
    };
    tx.execute(sql, args![id, now]).await?;
    if let (Kind::Account, Ok(account)) = (thing.kind(), id.parse()) {
        accounts::end_logins(tx, account, "removed", now).await?;
    }
    Ok(())
}

async fn seal(performer: &Performer<'_>, home: &Key, key: &Key, source: &Source) -> Result<String, DbError> {
    let camera = performer.id(home, Kind::Camera, key).await?;
    cameras::seal(performer.secrets, &source.clone().of(camera))
}
