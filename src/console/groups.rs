//! Groups: making, renaming and removing them.

use super::{own_key, text};
use crate::{
    audit::{self, Action, Record},
    db::{Db, DbError, Tx, groups, postings},
    id::GroupId,
    model::Group,
    policy::Mandate,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// In characters.
pub const LONGEST_NAME: usize = 80;

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum NotChanged {
    /// It is not one of this kindergarten's groups.
    #[error("not one of the kindergarten's groups")]
    NotTheirs,
    /// The name says nothing, too much, or more than one line.
    #[error("a name has 1 to 80 characters on one line")]
    Name,
    /// Another group of the kindergarten has the name.
    #[error("another group has this name")]
    NameTaken,
    /// Children are in it, or will be.
    #[error("children are in the group, or will be")]
    HasChildren,
    /// Cameras show its room.
    #[error("cameras show the group's room")]
    HasCameras,
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// How names are told apart: two groups that differ in capitals or spaces alone are one to whoever reads them.
pub fn spelling(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Makes a group.
pub async fn make(db: &Db, mandate: Mandate<'_>, name: &str, now: Timestamp) -> Result<Group, NotChanged> {
    let name = text::line(name, LONGEST_NAME).ok_or(NotChanged::Name)?;
    let tx = db.begin().await?;
    tx.touch().await?;
    is_free(&tx, mandate, &name, None).await?;
    let group = Group { id: GroupId::new(now), name };
    groups::create(&tx, mandate.kindergarten(), &[(group.clone(), own_key(group.id))], now).await?;
    audit::append(&tx, record(mandate, Action::FactAdded, group.id, json!({ "name": group.name }), now)).await?;
    tx.commit().await?;
    Ok(group)
}

/// Gives a group another name.
pub async fn rename(db: &Db, mandate: Mandate<'_>, id: GroupId, name: &str, now: Timestamp) -> Result<(), NotChanged> {
    let name = text::line(name, LONGEST_NAME).ok_or(NotChanged::Name)?;
    let tx = db.begin().await?;
    tx.touch().await?;
    let before = theirs(&tx, mandate, id).await?;
    if before.name == name {
        return Ok(());
    }
    is_free(&tx, mandate, &name, Some(id)).await?;
    groups::rename(&tx, id, &name).await?;
    let details = json!({ "changed": ["name"], "before": { "name": before.name }, "after": { "name": name } });
    audit::append(&tx, record(mandate, Action::FactChanged, id, details, now)).await?;
    Ok(tx.commit().await?)
}

/// Removes a group in which nobody is or will be, and whose room no camera shows. Those who work in it keep their accounts, and have no room
/// until they are given another.
pub async fn remove(db: &Db, mandate: Mandate<'_>, id: GroupId, now: Timestamp) -> Result<(), NotChanged> {
    let tx = db.begin().await?;
    tx.touch().await?;
    let group = theirs(&tx, mandate, id).await?;
    if groups::has_children(&tx, id, mandate.site().date(now)).await? {
        return Err(NotChanged::HasChildren);
    }
    if groups::has_cameras(&tx, id).await? {
        return Err(NotChanged::HasCameras);
    }
    for (posting, account) in postings::end_all(&tx, id, now).await? {
        let details = json!({ "account": account, "group": id });
        audit::append(&tx, of(mandate, Action::FactEnded, format!("posting:{posting}"), details, now)).await?;
    }
    groups::remove(&tx, id, now).await?;
    audit::append(&tx, record(mandate, Action::FactEnded, id, json!({ "name": group.name }), now)).await?;
    Ok(tx.commit().await?)
}

/// The group as it stands: what the mandate knows may be a moment old.
async fn theirs(tx: &Tx, mandate: Mandate<'_>, id: GroupId) -> Result<Group, NotChanged> {
    let groups = groups::of(tx, mandate.kindergarten()).await?;
    groups.into_iter().find(|group| group.id == id).ok_or(NotChanged::NotTheirs)
}

async fn is_free(tx: &Tx, mandate: Mandate<'_>, name: &str, but: Option<GroupId>) -> Result<(), NotChanged> {
    let groups = groups::of(tx, mandate.kindergarten()).await?;
    let taken = groups.iter().any(|group| Some(group.id) != but && spelling(&group.name) == spelling(name));
    if taken { Err(NotChanged::NameTaken) } else { Ok(()) }
}

fn record(mandate: Mandate<'_>, action: Action, id: GroupId, details: Value, at: Timestamp) -> Record {
    of(mandate, action, format!("group:{id}"), details, at)
}

fn of(mandate: Mandate<'_>, action: Action, subject: String, details: Value, at: Timestamp) -> Record {
    let (actor, kindergarten) = (Some(mandate.account()), Some(mandate.kindergarten()));
    Record { at, actor, kindergarten, action, subject, details }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_read_the_same_are_the_same() {
        assert_eq!(spelling(" КҮНШУАҚ  1"), spelling("күншуақ 1"));
        assert_ne!(spelling("Күншуақ 1"), spelling("Күншуақ 2"));
    }
}
