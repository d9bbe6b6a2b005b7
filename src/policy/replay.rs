//! Who may look at what was recorded, and take it out.

use super::{Facts, Purpose, Refusal, explain::Trail, judge};
use crate::{
    id::{AccountId, CameraId, KindergartenId},
    model::{Account, Site},
};
use jiff::Timestamp;

/// A yes: this account may look at what this camera recorded, until the moment in it. Only [`replay`] makes one. It is another thing than a
/// [`Grant`](super::Grant), so that it opens no live stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    account: AccountId,
    kindergarten: KindergartenId,
    camera: CameraId,
    reason: String,
    until: Timestamp,
}

/// Decides whether `account` may look at what `camera` recorded, at `now`, for the `reason` that it states: its director may, who must state
/// one, and an inspector between the dates of an assignment. A camera that was removed counts as long as recordings of it are left.
///
/// No token is asked for: a token lets a parent's player open streams without the log-in's cookie, and parents see no recordings. Whoever
/// holds the answer has asked for the log-in, and asks again for each piece.
pub fn replay(account: &Account, site: Option<&Site>, camera: CameraId, reason: &str, now: Timestamp) -> Result<Replay, Refusal> {
    let purpose = Purpose::Recording { reason: reason.to_owned() };
    let facts = Facts { account, site, camera: Some(camera), purpose, viewers: 0 };
    let verdict = judge(&facts, now, &mut Trail::silent())?;
    let until = verdict.ties.iter().map(|tie| tie.until).max().unwrap_or(now);
    let kindergarten = verdict.site.kindergarten.id;
    Ok(Replay { account: account.id, kindergarten, camera: verdict.camera.id, reason: reason.to_owned(), until })
}

impl Replay {
    /// Whose it is.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The kindergarten of the camera.
    pub fn kindergarten(&self) -> KindergartenId {
        self.kindergarten
    }

    /// The camera whose recording it opens.
    pub fn camera(&self) -> CameraId {
        self.camera
    }

    /// Why; empty where an inspector gave no reason.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The first moment at which this could become a no.
    pub fn until(&self) -> Timestamp {
        self.until
    }
}
