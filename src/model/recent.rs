//! What was changed lately in a kindergarten: what parents are told as news, beside how it stands.

use super::{Camera, HoursLine, Pause};
use crate::id::{AccountId, ChildId};
use jiff::Timestamp;

/// Rows of facts of the last days, those that are over included.
#[derive(Debug, Clone, Default)]
pub struct Recent {
    /// The lines of all weeks.
    pub hours: Vec<Lasting<HoursLine>>,
    /// The cameras, each as long as it showed one room.
    pub cameras: Vec<Lasting<Camera>>,
    /// The pauses, each until it was really over.
    pub pauses: Vec<Pause>,
    /// Since when an account is known as a guardian of a child: what was changed before is no news to it.
    pub came: Vec<(AccountId, ChildId, Timestamp)>,
}

/// Something that was known from a moment on, and perhaps is no more.
#[derive(Debug, Clone)]
pub struct Lasting<T> {
    /// What.
    pub what: T,
    /// The first moment.
    pub since: Timestamp,
    /// The first moment after.
    pub until: Option<Timestamp>,
}

impl<T> Lasting<T> {
    /// Whether it was so at `at`.
    pub fn at(&self, at: Timestamp) -> bool {
        self.since <= at && self.until.is_none_or(|until| at < until)
    }
}
