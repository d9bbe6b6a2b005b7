//! In which room the children of a group are: in their own, or for a day in another's.

use super::opening::{beginning, local_date};
use crate::{id::GroupId, model::Site};
use jiff::{Timestamp, civil::Date};

/// The group in whose room the children of `group` are at `now`, and the first moment at which that may be another.
pub fn room(site: &Site, group: GroupId, now: Timestamp) -> (GroupId, Timestamp) {
    let today = local_date(site, now);
    let mergers = || site.mergers.iter().filter(|merger| merger.group == group);
    if let Some(merger) = mergers().find(|merger| merger.date == today) {
        return (merger.host, today.tomorrow().map_or(Timestamp::MAX, |day| beginning(site, day)));
    }
    let next = mergers().map(|merger| merger.date).filter(|date| *date > today).min();
    (group, next.map_or(Timestamp::MAX, |day| beginning(site, day)))
}

/// The group in whose room the children of `group` are on `date`.
pub(super) fn room_on(site: &Site, group: GroupId, date: Date) -> GroupId {
    site.mergers.iter().find(|merger| merger.group == group && merger.date == date).map_or(group, |merger| merger.host)
}
