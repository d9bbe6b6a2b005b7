//! What nobody is to see of a camera's picture.

use super::record;
use crate::{
    audit::{self, Action},
    db::{Db, DbError, cameras, masks},
    id::CameraId,
    model::{Area, Mask},
    policy::Mandate,
};
use jiff::Timestamp;
use serde_json::json;
use std::collections::BTreeSet;

/// Why everything stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum NotCovered {
    /// The camera is not one of this kindergarten's.
    #[error("not one of the kindergarten's cameras")]
    NotTheirs,
    /// An area leaves the picture, or is too small; or there are too many.
    #[error("a camera has at most 8 areas, each within its picture")]
    Areas,
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Covers `areas` (left, top, width and height, in thousandths of the picture) and nothing else, on every page at once. Returns them from
/// left to right.
pub async fn cover(
    db: &Db,
    mandate: Mandate<'_>,
    camera: CameraId,
    areas: Vec<[i64; 4]>,
    now: Timestamp,
) -> Result<Vec<Area>, NotCovered> {
    if areas.len() > Mask::MOST {
        return Err(NotCovered::Areas);
    }
    let areas: BTreeSet<Area> = areas.into_iter().map(|area| Area::new(area).ok_or(NotCovered::Areas)).collect::<Result<_, _>>()?;
    let tx = db.begin().await?;
    tx.touch().await?;
    let Some(camera) = cameras::as_it_is(&tx, mandate.kindergarten(), camera).await? else { return Err(NotCovered::NotTheirs) };
    if let Some(before) = masks::set(&tx, mandate.kindergarten(), camera.id, &areas, now).await? {
        let words = |areas: &BTreeSet<Area>| areas.iter().map(Area::to_string).collect::<Vec<_>>();
        let details = json!({ "before": { "masks": words(&before) }, "after": { "masks": words(&areas) } });
        audit::append(&tx, record(mandate, Action::FactChanged, &camera, details, now)).await?;
        tx.commit().await?;
    }
    Ok(areas.into_iter().collect())
}
