//! Where families have not agreed that the camera shows the room: whom that keeps from looking, by the kindergarten's rule.

use super::{
    Refusal, Tie, Trail,
    opening::{beginning, local_date},
    room::room_on,
};
use crate::{
    id::{ChildId, GroupId},
    model::{Consent, ConsentRule, ConsentStanding, Site, Window, merge},
};
use jiff::{Timestamp, civil::Date};
use std::collections::{BTreeSet, HashMap};

/// Until when nothing but a change of facts keeps guardians from looking through `child` for want of consent; `None` when something
/// does at `now`.
pub(super) fn agreed_until(site: &Site, child: ChildId, now: Timestamp) -> Option<Timestamp> {
    let consents = &site.consents;
    if consents.rule == ConsentRule::Recorded {
        return Some(Timestamp::MAX);
    }
    let consent = consents.of(child)?;
    let given = consents.standing_of(Some(consent), local_date(site, now)) == ConsentStanding::Given;
    given.then(|| consents.good_before(consent.version).map_or(Timestamp::MAX, |day| beginning(site, day)))
}

/// Keeps the ties through a child for whom the family agreed; a refusal when none is left.
pub(super) fn narrow_to_agreed(ties: &mut Vec<Tie>, site: &Site, trail: &mut Trail) -> Result<(), Refusal> {
    let before = ties.len();
    ties.retain(|tie| tie.agreed);
    trail.step("consent", !ties.is_empty(), || {
        vec![("consent_rule", site.consents.rule.to_string()), ("without_consent", (before - ties.len()).to_string())]
    });
    if ties.is_empty() { Err(Refusal::ConsentMissing) } else { Ok(()) }
}

/// The children who are in the room of `group` on `date`, guests for the day included, and for whom no consent is good that day. Who is
/// marked absent is not in the room.
pub fn without_consent(site: &Site, group: GroupId, date: Date) -> BTreeSet<ChildId> {
    // One pass over the answers: this is asked for every day of two weeks.
    let answers: HashMap<ChildId, &Consent> = site.consents.answers.iter().map(|consent| (consent.child, consent)).collect();
    let away = site.absences.iter().filter(|absence| absence.from <= date && date <= absence.to);
    let away: BTreeSet<ChildId> = away.map(|absence| absence.child).collect();
    let stays = site.enrolments.iter().filter(|stay| stay.covers(date) && room_on(site, stay.group, date) == group);
    let here = stays.map(|stay| stay.child).filter(|child| !away.contains(child) && site.child(*child).is_some());
    here.filter(|child| site.consents.standing_of(answers.get(child).copied(), date) != ConsentStanding::Given).collect()
}

/// Whether the room of `group` stays closed on `date` because a family has not agreed.
pub(super) fn closes(site: &Site, group: GroupId, date: Date) -> bool {
    site.consents.rule == ConsentRule::Group && !without_consent(site, group, date).is_empty()
}

/// `windows` of `group` without the days on which it stays closed for want of consent.
pub(super) fn on_agreed_days(site: &Site, group: GroupId, windows: Vec<Window>) -> Vec<Window> {
    if site.consents.rule != ConsentRule::Group {
        return windows;
    }
    let mut days: HashMap<Date, bool> = HashMap::new();
    let mut agreed = Vec::new();
    for Window { mut start, end } in windows {
        while start < end {
            let date = local_date(site, start);
            let midnight = date.tomorrow().map_or(Timestamp::MAX, |day| beginning(site, day));
            let part = Window { start, end: end.min(midnight) };
            if !*days.entry(date).or_insert_with(|| closes(site, group, date)) {
                agreed.push(part);
            }
            start = part.end;
        }
    }
    merge(&mut agreed);
    agreed
}
