//! Duty groups: on a day the children of one group are with another, and so are their parents' eyes.

use crate::{
    audit::{self, Action, Record},
    db::{Db, DbError, groups, mergers},
    id::{GroupId, MergerId},
    model::Merger,
    policy::Mandate,
};
use jiff::{Timestamp, ToSpan, civil::Date};
use serde_json::json;

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum NotMerged {
    /// It is not one of this kindergarten's groups.
    #[error("not one of the kindergarten's groups")]
    NotTheirs,
    /// A group cannot be its own guest.
    #[error("a group cannot be with itself")]
    Itself,
    /// The day is over, or too far away.
    #[error("a day from today on, within a year")]
    Date,
    /// One of the two is with another on that day, or has guests where it would be one.
    #[error("one of the two groups is merged on that day already")]
    Otherwise,
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// The children of `group` are with `host` on `date`: their guardians see that room, and the own one does not open for them.
pub async fn merge(
    db: &Db,
    mandate: Mandate<'_>,
    group: GroupId,
    host: GroupId,
    date: Date,
    now: Timestamp,
) -> Result<Merger, NotMerged> {
    let today = mandate.site().date(now);
    if group == host {
        return Err(NotMerged::Itself);
    }
    if date < today || today.checked_add(1.year()).is_ok_and(|last| last < date) {
        return Err(NotMerged::Date);
    }
    let tx = db.begin().await?;
    tx.touch().await?;
    let groups = groups::of(&tx, mandate.kindergarten()).await?;
    if [group, host].iter().any(|id| groups.iter().all(|group| group.id != *id)) {
        return Err(NotMerged::NotTheirs);
    }
    // Guests of guests would be nowhere: who has guests stays, and who is a guest takes none.
    let others = mergers::on(&tx, mandate.kindergarten(), date).await?;
    if others.iter().any(|other| other.group == group || other.group == host || other.host == group) {
        return Err(NotMerged::Otherwise);
    }
    let merger = Merger { id: MergerId::new(now), group, host, date };
    mergers::begin(&tx, mandate.kindergarten(), &merger, now).await?;
    audit::append(&tx, record(mandate, Action::FactAdded, &merger, now)).await?;
    tx.commit().await?;
    Ok(merger)
}

/// Each is in its own room again. `false` when it was so already: then there is nothing to do, nor to write down.
pub async fn part(db: &Db, mandate: Mandate<'_>, id: MergerId, now: Timestamp) -> Result<bool, DbError> {
    let tx = db.begin().await?;
    let Some(merger) = mergers::end(&tx, mandate.kindergarten(), id, now).await? else { return Ok(false) };
    audit::append(&tx, record(mandate, Action::FactEnded, &merger, now)).await?;
    tx.commit().await?;
    Ok(true)
}

fn record(mandate: Mandate<'_>, action: Action, merger: &Merger, at: Timestamp) -> Record {
    Record {
        at,
        actor: Some(mandate.account()),
        kindergarten: Some(mandate.kindergarten()),
        action,
        subject: format!("merger:{}", merger.id),
        details: json!({ "group": merger.group, "host": merger.host, "date": merger.date }),
    }
}
