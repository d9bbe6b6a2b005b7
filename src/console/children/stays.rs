//! In which group a child is, from which day to which. A change of plan leaves what was before it as it was.

use super::{NotChanged, has_group, plausible, record};
use crate::{
    audit::{self, Action, Record},
    db::{Db, Tx, children},
    id::{ChildId, EnrolmentId, GroupId},
    model::Enrolment,
    policy::Mandate,
};
use jiff::{Timestamp, civil::Date};
use serde_json::{Value, json};

/// A child is in `group` from `from` on: it moves, or comes back. What was planned for later is planned no more.
pub async fn stay(
    db: &Db,
    mandate: Mandate<'_>,
    child: ChildId,
    group: GroupId,
    from: Date,
    now: Timestamp,
) -> Result<(), NotChanged> {
    if !plausible(from, mandate.site().date(now)) {
        return Err(NotChanged::Field("from"));
    }
    let tx = db.begin().await?;
    tx.touch().await?;
    has_group(&tx, mandate, group).await?;
    let (rows, before) = read(&tx, mandate, child).await?;
    write(tx, mandate, child, &rows, &moved(&before, group, from), now).await
}

/// `last_day` is a child's last one here. What was planned for later is planned no more.
pub async fn leave(db: &Db, mandate: Mandate<'_>, child: ChildId, last_day: Date, now: Timestamp) -> Result<(), NotChanged> {
    let tx = db.begin().await?;
    tx.touch().await?;
    let (rows, before) = read(&tx, mandate, child).await?;
    let after = until(&before, last_day);
    // A last day before the first would be no stay at all, and one in the far future none that anybody means.
    if after.is_empty() || !plausible(last_day, mandate.site().date(now)) {
        return Err(NotChanged::Field("last_day"));
    }
    write(tx, mandate, child, &rows, &after, now).await
}

/// In a group from a day to a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stay {
    group: GroupId,
    from: Date,
    to: Option<Date>,
}

impl From<&Enrolment> for Stay {
    fn from(row: &Enrolment) -> Self {
        Self { group: row.group, from: row.from, to: row.to }
    }
}

/// `stays` (the earliest first) of a child who is in `group` from `from` on. A last day that was agreed on for later stays agreed on.
fn moved(stays: &[Stay], group: GroupId, from: Date) -> Vec<Stay> {
    let to = stays.last().and_then(|last| last.to).filter(|to| *to >= from);
    let mut after = from.yesterday().map(|eve| until(stays, eve)).unwrap_or_default();
    let next = Stay { group, from, to };
    match after
        .last_mut()
        .filter(|last| last.group == group && last.to.is_some_and(|to| to.tomorrow().is_ok_and(|day| day == from)))
    {
        // Nothing changes on that day: it is one stay.
        Some(last) => last.to = to,
        None => after.push(next),
    }
    after
}

/// What of `stays` lies on days up to `last_day`.
fn until(stays: &[Stay], last_day: Date) -> Vec<Stay> {
    let begun = stays.iter().filter(|stay| stay.from <= last_day);
    begun.map(|stay| Stay { to: Some(stay.to.map_or(last_day, |to| to.min(last_day))), ..*stay }).collect()
}

async fn read(tx: &Tx, mandate: Mandate<'_>, child: ChildId) -> Result<(Vec<Enrolment>, Vec<Stay>), NotChanged> {
    // Removed meanwhile, or never there.
    children::name(tx, mandate.kindergarten(), child).await?.ok_or(NotChanged::NotTheirs)?;
    let rows = children::stays(tx, child).await?;
    let stays = rows.iter().map(Stay::from).collect();
    Ok((rows, stays))
}

/// Ends the `rows` that are not in `after`, and begins what is not in `rows`.
async fn write(
    tx: Tx,
    mandate: Mandate<'_>,
    child: ChildId,
    rows: &[Enrolment],
    after: &[Stay],
    now: Timestamp,
) -> Result<(), NotChanged> {
    let mut records = Vec::new();
    for row in rows.iter().filter(|row| !after.contains(&Stay::from(*row))) {
        children::end_stay(&tx, row.id, now).await?;
        records.push(about(mandate, Action::FactEnded, row, now));
    }
    let begun = after.iter().filter(|stay| !rows.iter().any(|row| Stay::from(row) == **stay));
    let begun =
        begun.map(|Stay { group, from, to }| Enrolment { id: EnrolmentId::new(now), child, group: *group, from: *from, to: *to });
    let begun: Vec<Enrolment> = begun.collect();
    records.extend(begun.iter().map(|stay| added(mandate, stay, now)));
    if records.is_empty() {
        return Ok(());
    }
    children::begin_stays(&tx, mandate.kindergarten(), &begun, now).await?;
    audit::append_all(&tx, records).await?;
    Ok(tx.commit().await?)
}

/// The record of a stay that is new.
pub(in crate::console) fn added(mandate: Mandate<'_>, stay: &Enrolment, at: Timestamp) -> Record {
    about(mandate, Action::FactAdded, stay, at)
}

fn about(mandate: Mandate<'_>, action: Action, stay: &Enrolment, at: Timestamp) -> Record {
    let details: Value = json!({ "child": stay.child, "group": stay.group, "from": stay.from, "to": stay.to });
    record(mandate, action, format!("enrolment:{}", stay.id), details, at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn day(number: i16) -> Date {
        let first = date(2026, 9, 1);
        first.checked_add(jiff::Span::new().days(number)).unwrap()
    }

    fn groups() -> [GroupId; 3] {
        [1_000, 2_000, 3_000].map(|at| GroupId::new(Timestamp::from_millisecond(at).unwrap()))
    }

    fn stay(group: GroupId, from: i16, to: Option<i16>) -> Stay {
        Stay { group, from: day(from), to: to.map(day) }
    }

    #[test]
    fn a_move_ends_the_old_stay_the_day_before_and_keeps_a_last_day_that_was_agreed_on() {
        let [a, b, _] = groups();
        assert_eq!(moved(&[stay(a, 0, None)], b, day(10)), [stay(a, 0, Some(9)), stay(b, 10, None)]);
        assert_eq!(moved(&[stay(a, 0, Some(90))], b, day(10)), [stay(a, 0, Some(9)), stay(b, 10, Some(90))]);
    }

    #[test]
    fn another_plan_takes_the_place_of_the_one_before() {
        let [a, b, c] = groups();
        let planned = [stay(a, 0, Some(9)), stay(b, 10, None)];
        assert_eq!(moved(&planned, c, day(5)), [stay(a, 0, Some(4)), stay(c, 5, None)]);
        assert_eq!(moved(&planned, a, day(10)), [stay(a, 0, None)], "called off");
        assert_eq!(moved(&planned, b, day(0)), [stay(b, 0, None)], "from the beginning");
    }

    #[test]
    fn a_child_who_has_left_comes_back() {
        let [a, ..] = groups();
        assert_eq!(moved(&[stay(a, 0, Some(9))], a, day(30)), [stay(a, 0, Some(9)), stay(a, 30, None)]);
        assert_eq!(moved(&[stay(a, 0, Some(9))], a, day(10)), [stay(a, 0, None)]);
        assert_eq!(moved(&[], a, day(3)), [stay(a, 3, None)]);
    }

    #[test]
    fn who_leaves_leaves_what_was_planned_for_later_too() {
        let [a, b, _] = groups();
        let planned = [stay(a, 0, Some(9)), stay(b, 10, None)];
        assert_eq!(until(&planned, day(20)), [stay(a, 0, Some(9)), stay(b, 10, Some(20))]);
        assert_eq!(until(&planned, day(9)), [stay(a, 0, Some(9))]);
        assert_eq!(until(&planned, day(-1)), []);
    }

    proptest! {
        #[test]
        fn whatever_is_changed_a_child_is_in_one_group_at_a_time(
            changes in prop::collection::vec((0_usize..3, 0_i16..60, any::<bool>()), 1..8),
        ) {
            let mut stays: Vec<Stay> = Vec::new();
            for (group, from, leaves) in changes {
                let before = stays.clone();
                stays = if leaves { until(&stays, day(from)) } else { moved(&stays, groups()[group], day(from)) };
                let on = |stays: &[Stay], date: Date| -> Vec<GroupId> {
                    stays.iter().filter(|stay| stay.from <= date && stay.to.is_none_or(|to| date <= to)).map(|stay| stay.group).collect()
                };
                for number in 0..70 {
                    prop_assert!(on(&stays, day(number)).len() <= 1);
                    if number < from {
                        prop_assert_eq!(on(&stays, day(number)), on(&before, day(number)), "what was before stays");
                    }
                }
                prop_assert!(stays.is_sorted_by(|one, next| one.from < next.from));
                prop_assert!(stays.iter().all(|stay| stay.to.is_none_or(|to| stay.from <= to)));
            }
        }
    }
}
