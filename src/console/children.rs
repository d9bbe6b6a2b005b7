//! Children: enrolling and renaming them, the groups in which they stay, and the days on which they stay away.

mod absences;
pub(super) mod stays;

pub use absences::{Days, away, back};
pub use stays::{leave, stay};

use super::{own_key, text};
use crate::{
    audit::{self, Action, Record},
    db::{Db, DbError, Tx, children, groups},
    id::{ChildId, EnrolmentId, GroupId},
    model::{Child, Enrolment},
    policy::Mandate,
};
use jiff::{Timestamp, ToSpan, civil::Date};
use serde_json::{Value, json};

/// In characters: longer than any name in a passport.
pub const LONGEST_NAME: usize = 120;

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum NotChanged {
    /// It is not one of this kindergarten's children or groups.
    #[error("not one of the kindergarten's children or groups")]
    NotTheirs,
    /// This field of what was asked for cannot be so.
    #[error("the field {0} cannot be so")]
    Field(&'static str),
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// A child who comes.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// The name.
    pub name: String,
    /// The group.
    pub group: GroupId,
    /// The first day.
    pub from: Date,
}

/// Enrols a child: its guardians may watch from its first day on.
pub async fn enrol(db: &Db, mandate: Mandate<'_>, newcomer: Newcomer, now: Timestamp) -> Result<ChildId, NotChanged> {
    let name = text::line(&newcomer.name, LONGEST_NAME).ok_or(NotChanged::Field("name"))?;
    if !plausible(newcomer.from, mandate.site().date(now)) {
        return Err(NotChanged::Field("from"));
    }
    let tx = db.begin().await?;
    tx.touch().await?;
    has_group(&tx, mandate, newcomer.group).await?;
    let child = Child { id: ChildId::new(now), name };
    let stay = Enrolment { id: EnrolmentId::new(now), child: child.id, group: newcomer.group, from: newcomer.from, to: None };
    children::create(&tx, mandate.kindergarten(), &[(child.clone(), own_key(child.id))], now).await?;
    children::begin_stays(&tx, mandate.kindergarten(), std::slice::from_ref(&stay), now).await?;
    let records = vec![
        child_record(mandate, Action::FactAdded, child.id, json!({ "name": child.name }), now),
        stays::added(mandate, &stay, now),
    ];
    audit::append_all(&tx, records).await?;
    tx.commit().await?;
    Ok(child.id)
}

/// Gives a child another name.
pub async fn rename(db: &Db, mandate: Mandate<'_>, id: ChildId, name: &str, now: Timestamp) -> Result<(), NotChanged> {
    let name = text::line(name, LONGEST_NAME).ok_or(NotChanged::Field("name"))?;
    let tx = db.begin().await?;
    tx.touch().await?;
    let before = children::name(&tx, mandate.kindergarten(), id).await?.ok_or(NotChanged::NotTheirs)?;
    if before == name {
        return Ok(());
    }
    children::rename(&tx, id, &name).await?;
    let details = json!({ "changed": ["name"], "before": { "name": before }, "after": { "name": name } });
    audit::append(&tx, child_record(mandate, Action::FactChanged, id, details, now)).await?;
    Ok(tx.commit().await?)
}

/// Whether somebody may mean this day: children come years before they are written down here, and are put on a list a year ahead.
pub(super) fn plausible(day: Date, today: Date) -> bool {
    let (first, last) = (today.checked_sub(10.years()), today.checked_add(2.years()));
    first.is_ok_and(|first| first <= day) && last.is_ok_and(|last| day <= last)
}

/// The group is there as it stands: what the mandate knows may be a moment old.
async fn has_group(tx: &Tx, mandate: Mandate<'_>, id: GroupId) -> Result<(), NotChanged> {
    let groups = groups::of(tx, mandate.kindergarten()).await?;
    if groups.iter().any(|group| group.id == id) { Ok(()) } else { Err(NotChanged::NotTheirs) }
}

fn child_record(mandate: Mandate<'_>, action: Action, id: ChildId, details: Value, at: Timestamp) -> Record {
    record(mandate, action, format!("child:{id}"), details, at)
}

pub(super) fn record(mandate: Mandate<'_>, action: Action, subject: String, details: Value, at: Timestamp) -> Record {
    Record { at, actor: Some(mandate.account()), kindergarten: Some(mandate.kindergarten()), action, subject, details }
}
