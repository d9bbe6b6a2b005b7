//! What a director sets for the whole kindergarten.

use super::{DbError, Tx};
use crate::{
    args,
    model::{Kindergarten, Language},
};

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
