//! What a director sets for the whole kindergarten.

use super::{DbError, Queries, Tx};
use crate::{
    args,
    id::{CameraId, GroupId, KindergartenId, PlacementId},
    model::{Kindergarten, Language},
};
use jiff::Timestamp;

/// Brings the row of `kindergarten` to what it says; its district, which is not a director's to set, stays. Whoever calls this writes the
/// audit record.
pub async fn set(tx: &Tx, kindergarten: &Kindergarten) -> Result<(), DbError> {
    tx.touch().await?;
    let Kindergarten { id, name, zone, limits, languages, watermark, .. } = kindergarten;
    let languages = languages.iter().copied().map(Language::word).collect::<Vec<_>>().join(",");
    let sql = "update kindergartens set name = $2, zone = $3, streams_per_account = $4, viewers_per_camera = $5, languages = $6, \
               watermark = $7 where id = $1";
    let zone = zone.iana_name().unwrap_or("UTC");
    let (streams, viewers) = (limits.streams_per_account, limits.viewers_per_camera);
    tx.execute(sql, args![*id, name, zone, streams, viewers, languages, *watermark]).await.map(drop)
}

/// Turns the sound of a camera on or off, from `now` on. `false` when it is so already. Whoever calls this writes the audit record.
pub async fn set_sound(
    tx: &Tx,
    kindergarten: KindergartenId,
    camera: CameraId,
    sound: bool,
    now: Timestamp,
) -> Result<bool, DbError> {
    tx.touch().await?;
    let sql = "update placements set until = $4 where kindergarten_id = $1 and camera_id = $2 and sound <> $3 and until is null \
               returning group_id";
    let row: Option<(Option<GroupId>,)> = tx.row(sql, args![kindergarten, camera, sound, now]).await?;
    let Some((group,)) = row else { return Ok(false) };
    let sql = "insert into placements (id, kindergarten_id, camera_id, group_id, sound, since) values ($1, $2, $3, $4, $5, $6)";
    tx.execute(sql, args![PlacementId::new(now), kindergarten, camera, group, sound, now]).await?;
    Ok(true)
}
