//! The days on which a child stays away. They change nothing for its parents: who is ill at home may still look what the others do.

use super::{NotChanged, record};
use crate::{
    audit::{self, Action, Record},
    db::{Db, Tx, children},
    id::{AbsenceId, ChildId},
    model::Absence,
    policy::Mandate,
};
use jiff::{Timestamp, ToSpan, civil::Date};
use serde_json::json;

/// From a day to a day, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub from: Date,
    /// The last.
    pub to: Date,
}

/// A child stays away on `days`; what was known of those days and later ones is known no more.
pub async fn away(db: &Db, mandate: Mandate<'_>, child: ChildId, days: Days, now: Timestamp) -> Result<(), NotChanged> {
    let Days { from, to } = days;
    let today = mandate.site().date(now);
    if !near(from, today) {
        return Err(NotChanged::Field("from"));
    }
    if to < from || !near(to, today) {
        return Err(NotChanged::Field("to"));
    }
    let tx = db.begin().await?;
    let mut records = cut(&tx, mandate, child, from, now).await?;
    let absence = Absence { id: AbsenceId::new(now), child, from, to };
    children::begin_absence(&tx, mandate.kindergarten(), &absence, now).await?;
    records.push(about(mandate, Action::FactAdded, &absence, now));
    audit::append_all(&tx, records).await?;
    Ok(tx.commit().await?)
}

/// A child is here again: from today on it stays away no more.
pub async fn back(db: &Db, mandate: Mandate<'_>, child: ChildId, now: Timestamp) -> Result<(), NotChanged> {
    let tx = db.begin().await?;
    let records = cut(&tx, mandate, child, mandate.site().date(now), now).await?;
    if records.is_empty() {
        return Ok(());
    }
    audit::append_all(&tx, records).await?;
    Ok(tx.commit().await?)
}

/// Within a year of today.
fn near(day: Date, today: Date) -> bool {
    today.checked_sub(1.year()).is_ok_and(|first| first <= day) && today.checked_add(1.year()).is_ok_and(|last| day <= last)
}

/// Takes back what is known of days from `from` on; the days before stay as they were.
async fn cut(tx: &Tx, mandate: Mandate<'_>, child: ChildId, from: Date, now: Timestamp) -> Result<Vec<Record>, NotChanged> {
    tx.touch().await?;
    children::name(tx, mandate.kindergarten(), child).await?.ok_or(NotChanged::NotTheirs)?;
    let mut records = Vec::new();
    for absence in children::absences(tx, child).await?.into_iter().filter(|absence| absence.to >= from) {
        children::end_absence(tx, absence.id, now).await?;
        records.push(about(mandate, Action::FactEnded, &absence, now));
        if let (true, Ok(eve)) = (absence.from < from, from.yesterday()) {
            let before = Absence { id: AbsenceId::new(now), to: eve, ..absence };
            children::begin_absence(tx, mandate.kindergarten(), &before, now).await?;
            records.push(about(mandate, Action::FactAdded, &before, now));
        }
    }
    Ok(records)
}

fn about(mandate: Mandate<'_>, action: Action, absence: &Absence, at: Timestamp) -> Record {
    let details = json!({ "child": absence.child, "from": absence.from, "to": absence.to });
    record(mandate, action, format!("absence:{}", absence.id), details, at)
}
