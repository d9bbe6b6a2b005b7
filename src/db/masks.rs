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
