//! In which room the children of a group are: in their own, or for a day in another's.

use super::opening::{beginning, local_date};
use crate::{id::GroupId, model::Site};
use jiff::{Timestamp, civil::Date};

/// The group in whose room the children of `group` are on `date`.
pub fn room_on(site: &Site, group: GroupId, date: Date) -> GroupId {
    let merger = site.mergers.iter().find(|merger| merger.group == group && merger.date == date);
    merger.map_or(group, |merger| merger.host)
}

/// The group in whose room the children of `group` are at `now`, and the first moment at which that may be another.
pub fn room(site: &Site, group: GroupId, now: Timestamp) -> (GroupId, Timestamp) {
    let today = local_date(site, now);
    let room = room_on(site, group, today);
    if room != group {
        return (room, today.tomorrow().map_or(Timestamp::MAX, |day| beginning(site, day)));
    }
    let mergers = site.mergers.iter().filter(|merger| merger.group == group && merger.date > today);
    let next = mergers.map(|merger| merger.date).min();
    (group, next.map_or(Timestamp::MAX, |day| beginning(site, day)))
}
