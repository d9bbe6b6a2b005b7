//! What a new kindergarten still lacks before its first parent sees a picture.

use crate::{
    db::{DbError, Queries, invitations},
    model::Site,
};
use serde::Serialize;

/// A step on the way to the first picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum FirstStep {
    /// Groups with children.
    Children,
    /// A camera.
    Cameras,
    /// Weekly hours.
    Hours,
    /// A guardian who can log in, or was handed a link.
    Invitations,
}

/// The steps that are not done yet, in the order in which they are best done.
pub(super) async fn missing(db: &impl Queries, site: &Site) -> Result<Vec<FirstStep>, DbError> {
    let done = [
        (FirstStep::Children, !site.groups.is_empty() && !site.children.is_empty()),
        (FirstStep::Cameras, !site.cameras.is_empty()),
        (FirstStep::Hours, !site.hours.is_empty()),
        (FirstStep::Invitations, invitations::any_guardian(db, site.kindergarten.id).await?),
    ];
    Ok(done.into_iter().filter(|(_, done)| !done).map(|(step, _)| step).collect())
}
