//! The one key that opens a stream.

use super::{Facts, Purpose, Verdict};
use crate::{
    id::{AccountId, CameraId, KindergartenId},
    model::Role,
};
use jiff::Timestamp;

/// A yes: this account may watch this camera, until the moment in it. Only [`decide`](super::decide) makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    account: AccountId,
    kindergarten: KindergartenId,
    camera: CameraId,
    purpose: Purpose,
    sound: bool,
    streams: u32,
    until: Timestamp,
}

impl Grant {
    pub(super) fn new(facts: &Facts<'_>, verdict: &Verdict<'_>, until: Timestamp) -> Self {
        Self {
            account: facts.account.id,
            kindergarten: verdict.site.kindergarten.id,
            camera: verdict.camera.id,
            purpose: facts.purpose.clone(),
            sound: verdict.camera.sound,
            streams: streams(facts, verdict),
            until,
        }
    }

    /// Whose it is.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The kindergarten of the camera.
    pub fn kindergarten(&self) -> KindergartenId {
        self.kindergarten
    }

    /// The camera that it opens.
    pub fn camera(&self) -> CameraId {
        self.camera
    }

    /// What it opens it for.
    pub fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// Whether sound goes with the picture.
    pub fn sound(&self) -> bool {
        self.sound
    }

    /// How many streams this account may have running; a newer one takes over from the oldest.
    pub fn streams(&self) -> u32 {
        self.streams
    }

    /// The first moment at which this could become a no.
    pub fn until(&self) -> Timestamp {
        self.until
    }
}

/// A parent watches one place at a time; who watches over a whole kindergarten has a wall of its cameras.
fn streams(facts: &Facts<'_>, verdict: &Verdict<'_>) -> u32 {
    let limit = verdict.site.kindergarten.limits.streams_per_account;
    match facts.account.role {
        Role::Parent => limit,
        _ => limit.max(u32::try_from(verdict.site.cameras.len()).unwrap_or(u32::MAX)),
    }
}
