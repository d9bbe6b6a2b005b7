//! In which room the children of a group are: in their own, or for a day in another's.

use super::opening::local_date;
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

fn beginning(site: &Site, day: Date) -> Timestamp {
    day.to_zoned(site.kindergarten.zone.clone()).map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}
