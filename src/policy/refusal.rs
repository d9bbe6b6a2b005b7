//! The noes, each with a stable code and what a screen needs to say it in a person's language.

use jiff::Timestamp;

/// Why somebody may not watch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Another group's camera, another kindergarten's, or none at all: they look the same from outside.
    #[error("not one of the account's cameras")]
    NotYours,
    /// Staff and operators see no video.
    #[error("the role sees no video")]
    RoleSeesNoVideo,
    /// The account is blocked.
    #[error("the account is blocked")]
    AccountBlocked,
    /// The guardianship is restricted by an order.
    #[error("the guardianship is restricted")]
    Restricted,
    /// A director ended the account's viewing, and keeps it out for a while.
    #[error("the director ended the viewing")]
    EndedByDirector {
        /// When it may come back.
        until: Timestamp,
        /// The director's reason.
        reason: String,
    },
    /// The family has not agreed to the camera, and the kindergarten's rule wants that.
    #[error("the family has not agreed to the camera")]
    ConsentMissing,
    /// Another family of the room has not agreed.
    #[error("not every family of the room has agreed to the camera")]
    GroupConsent {
        /// When it opens next, as far as is known now.
        opens_at: Option<Timestamp>,
    },
    /// Recordings are not for this role.
    #[error("recordings are not for parents")]
    LiveOnly,
    /// A director must say why before looking at recordings.
    #[error("a reason must be stated")]
    ReasonMissing,
    /// Outside the viewing hours.
    #[error("outside the viewing hours")]
    OutsideHours {
        /// When it opens next, if it does within the next two weeks.
        opens_at: Option<Timestamp>,
        /// Why this date has other hours than the week, when it has.
        reason: Option<String>,
    },
    /// Viewing is paused.
    #[error("viewing is paused")]
    Paused {
        /// When the pause ends.
        until: Timestamp,
        /// The director's reason.
        reason: String,
        /// When it opens next; later than `until` when the hours are over by then.
        opens_at: Option<Timestamp>,
    },
    /// As many watch this camera as may.
    #[error("too many viewers")]
    TooManyViewers {
        /// How many may.
        limit: u32,
    },
    /// The token is no longer good.
    #[error("the token has expired")]
    TokenExpired,
    /// The token is good, but does not name this.
    #[error("the token does not cover this camera now")]
    TokenDoesNotCover,
}

impl Refusal {
    /// The stable code: API, audit records and translations use it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotYours => "not_yours",
            Self::RoleSeesNoVideo => "role_sees_no_video",
            Self::AccountBlocked => "account_blocked",
            Self::Restricted => "restricted",
            Self::EndedByDirector { .. } => "ended_by_director",
            Self::ConsentMissing => "consent_missing",
            Self::GroupConsent { .. } => "group_consent",
            Self::LiveOnly => "live_only",
            Self::ReasonMissing => "reason_missing",
            Self::OutsideHours { .. } => "outside_hours",
            Self::Paused { .. } => "paused",
            Self::TooManyViewers { .. } => "too_many_viewers",
            Self::TokenExpired => "token_expired",
            Self::TokenDoesNotCover => "token_does_not_cover",
        }
    }

    /// When it could become a yes, where that is known.
    pub const fn opens_at(&self) -> Option<Timestamp> {
        match self {
            Self::OutsideHours { opens_at, .. } | Self::Paused { opens_at, .. } | Self::GroupConsent { opens_at } => *opens_at,
            _ => None,
        }
    }
}
