//! What a page is told when its stream has ended.

use super::table::Session;
use crate::{
    id::{AccountId, CameraId},
    media::Ending,
    policy::Refusal,
};
use jiff::Timestamp;

/// That a stream has ended, as its page is told.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Goodbye {
    /// Whose page.
    #[serde(skip)]
    pub account: AccountId,
    /// The WHEP session URL's path.
    pub session: String,
    /// The camera.
    pub camera: CameraId,
    /// Why it ended.
    pub code: &'static str,
    /// Until when it is so.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// When viewing opens next.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub opens_at: Option<Timestamp>,
    /// The director's words.
    pub reason: Option<String>,
}

impl Goodbye {
    /// The end of `session`; `refusal` says more than the ending's code.
    pub(super) fn of(session: &Session, ending: Ending, refusal: Option<&Refusal>) -> Self {
        let (until, reason) = match refusal {
            Some(Refusal::Paused { until, reason, .. } | Refusal::EndedByDirector { until, reason }) => {
                (Some(*until), Some(reason.clone()))
            }
            Some(Refusal::OutsideHours { reason, .. }) => (None, reason.clone()),
            _ => (None, None),
        };
        Self {
            account: session.account,
            session: session.path.clone(),
            camera: session.camera,
            code: ending.code(),
            until,
            opens_at: refusal.and_then(Refusal::opens_at),
            reason,
        }
    }
}
