//! How a group stands for its parents, as its director is shown.

use super::{
    consent,
    opening::{closes, exception_on, local_date, open_windows, today},
    room::room,
};
use crate::{
    id::GroupId,
    model::{Pause, Site},
};
use jiff::Timestamp;

/// Whether parents can look into a group's room now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing<'a> {
    /// They can.
    Open {
        /// Until then: the end of the hours, or the beginning of a pause.
        until: Timestamp,
    },
    /// It is outside the hours.
    Closed {
        /// When it opens next, if it does within the next two weeks.
        opens_at: Option<Timestamp>,
        /// Why this date has other hours than the week, when it has.
        reason: Option<&'a str>,
    },
    /// It would be open but for a pause.
    Paused {
        /// The pause that ends last.
        pause: &'a Pause,
        /// When it opens next; later than the end of the pause when the hours are over by then.
        opens_at: Option<Timestamp>,
    },
    /// It would be open, but not every family has agreed to the camera, and the kindergarten's rule wants that.
    NotAgreed {
        /// When it opens next, as far as is known now.
        opens_at: Option<Timestamp>,
    },
}

/// How `group` stands at `now`, in the room where its children are. It says what [`outlook`](super::outlook) says to a parent of the group of
/// a camera that has no pause of its own.
pub fn standing(site: &Site, group: GroupId, now: Timestamp) -> Standing<'_> {
    let open = open_windows(site, group, now);
    if let Some(window) = open.iter().find(|window| window.contains(now)) {
        return Standing::Open { until: window.end };
    }
    let opens_at = open.iter().map(|window| window.start).filter(|start| *start > now).min();
    let (room, _) = room(site, group, now);
    let in_hours = today(site, room, now).iter().any(|window| window.contains(now));
    let pauses = site.pauses.iter().filter(|pause| closes(pause, Some(room), None) && pause.from <= now && now < pause.until);
    if let Some(pause) = pauses.filter(|_| in_hours).max_by_key(|pause| pause.until) {
        return Standing::Paused { pause, opens_at };
    }
    let date = local_date(site, now);
    if in_hours && consent::closes(site, room, date) {
        return Standing::NotAgreed { opens_at };
    }
    let exception = exception_on(site, room, date);
    Standing::Closed { opens_at, reason: exception.map(|exception| exception.reason.as_str()) }
}
