//! A whole day of a group, as its parents will find it: what a director looks at before the day comes.

use super::{
    consent,
    opening::{closes, exception_on, hours_between, whole_day},
    room::room_on,
};
use crate::{
    id::GroupId,
    model::{Exception, Pause, Site, Window},
};
use jiff::{Timestamp, civil::Date};

/// A part of a day that is all alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch<'a> {
    /// From when to when.
    pub window: Window,
    /// Whether it is open, and if not, why.
    pub why: Why<'a>,
}

/// Whether parents can look, and if not, what keeps them from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why<'a> {
    /// They can.
    Open,
    /// The week has no hours then.
    OutsideHours,
    /// The hours of this date are others than the week's, and have none then.
    Exception(&'a Exception),
    /// It would be open but for this pause.
    Paused(&'a Pause),
    /// It would be open, but not every family has agreed to the camera.
    NotAgreed,
}

/// `date` of `group`, from midnight to midnight by the kindergarten's clock, without a gap, in the room where its children are that day. It says
/// what
/// [`outlook`](super::outlook) will say to a parent of the group, of a camera that has no pause of its own, if nothing is changed until then.
pub fn day(site: &Site, group: GroupId, date: Date) -> Vec<Stretch<'_>> {
    let Some(Window { start, end }) = whole_day(site, date) else { return Vec::new() };
    let room = room_on(site, group, date);
    let hours = hours_between(site, room, date, 0);
    let pauses: Vec<&Pause> = site.pauses.iter().filter(|pause| closes(pause, Some(room), None)).collect();
    let exception = exception_on(site, room, date);
    let agreed = !consent::closes(site, room, date);
    let why = |at: Timestamp| {
        let open = hours.iter().any(|window| window.contains(at));
        let paused = pauses.iter().filter(|pause| pause.from <= at && at < pause.until).max_by_key(|pause| pause.until);
        match (open, paused, exception) {
            (true, Some(pause), _) => Why::Paused(pause),
            (true, None, _) if agreed => Why::Open,
            (true, None, _) => Why::NotAgreed,
            (false, _, Some(exception)) => Why::Exception(exception),
            (false, _, None) => Why::OutsideHours,
        }
    };

    let ends = hours.iter().flat_map(|window| [window.start, window.end]);
    let ends = ends.chain(pauses.iter().flat_map(|pause| [pause.from, pause.until])).filter(|at| start < *at && *at < end);
    let mut edges: Vec<Timestamp> = ends.chain([start, end]).collect();
    edges.sort_unstable();
    edges.dedup();
    let parts = edges.array_windows().map(|&[start, end]| Stretch { window: Window { start, end }, why: why(start) });
    let mut stretches: Vec<Stretch<'_>> = parts.collect();
    stretches.dedup_by(|next, joined| {
        let same = next.why == joined.why;
        if same {
            joined.window.end = next.window.end;
        }
        same
    });
    stretches
}
