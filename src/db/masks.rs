//! The areas of cameras' pictures that nobody is to see. Those of `site.toml` are written by `apply`.

use super::{DbError, Queries, Tx};
use crate::{
    args,
    id::{CameraId, KindergartenId, MaskId},
    model::{Area, Mask},
};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Covers `areas` of the camera's picture from `now` on, and nothing else; what stays is left as it is. Returns what was covered, `None`
/// when it was the same. Whoever calls this writes the audit record.
pub async fn set(
    tx: &Tx,
    kindergarten: KindergartenId,
    camera: CameraId,
    areas: &BTreeSet<Area>,
    now: Timestamp,
) -> Result<Option<BTreeSet<Area>>, DbError> {
    tx.touch().await?;
    let sql = "select * from masks where kindergarten_id = $1 and camera_id = $2 and until is null";
    let rows: Vec<MaskRow> = tx.rows(sql, args![kindergarten, camera]).await?;
    let mut before = BTreeSet::new();
    for row in rows {
        let Mask { id, area, .. } = row.try_into()?;
        if !areas.contains(&area) || before.contains(&area) {
            tx.execute("update masks set until = $2 where id = $1", args![id, now]).await?;
        }
        before.insert(area);
    }
    if before == *areas {
        return Ok(None);
    }
    for area in areas.difference(&before) {
        let [x, y, width, height] = area.numbers().map(i64::from);
        let sql = "insert into masks (id, kindergarten_id, camera_id, x, y, width, height, since) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8)";
        tx.execute(sql, args![MaskId::new(now), kindergarten, camera, x, y, width, height, now]).await?;
    }
    Ok(Some(before))
}

/// The areas of the camera's picture that were covered at any moment of a span, as it was known at `now`, or were at `now`; from left to right.
/// Facts are ended and never altered: whoever asks again for the same gets the same.
pub async fn held(
    db: &impl Queries,
    camera: CameraId,
    from: Timestamp,
    to: Timestamp,
    now: Timestamp,
) -> Result<Vec<Area>, DbError> {
    let sql = "select * from masks where camera_id = $1 and since <= $4 \
               and (until is null or until > $4 or (since < $3 and until > $2))";
    let rows: Vec<MaskRow> = db.rows(sql, args![camera, from, to, now]).await?;
    let areas: BTreeSet<Area> = rows.into_iter().map(|row| Mask::try_from(row).map(|mask| mask.area)).collect::<Result<_, _>>()?;
    Ok(areas.into_iter().collect())
}

#[derive(sqlx::FromRow)]
pub(super) struct MaskRow {
    id: MaskId,
    camera_id: CameraId,
    x: i64,
    y: i64,
    width: i64,
    height: i64,
}

impl TryFrom<MaskRow> for Mask {
    type Error = DbError;

    fn try_from(row: MaskRow) -> Result<Self, DbError> {
        let MaskRow { id, camera_id: camera, x, y, width, height } = row;
        let area = Area::new([x, y, width, height]).ok_or_else(|| DbError::Unreadable("an area of a picture".to_owned()))?;
        Ok(Self { id, camera, area })
    }
}
