//! Groups that a person makes, renames and removes. Those of `site.toml` are written by `apply`.

use super::{DbError, Queries, Tx};
use crate::{
    args,
    id::{GroupId, KindergartenId},
    model::Group,
};
use jiff::{Timestamp, civil::Date};

/// The groups of `kindergarten` that are not removed.
pub async fn of(db: &impl Queries, kindergarten: KindergartenId) -> Result<Vec<Group>, DbError> {
    let sql = "select id, name from groups where kindergarten_id = $1 and removed_at is null order by id";
    let rows: Vec<(GroupId, String)> = db.rows(sql, args![kindergarten]).await?;
    Ok(rows.into_iter().map(|(id, name)| Group { id, name }).collect())
}

/// New groups, each with its key. Whoever calls this writes the audit records.
pub async fn create(tx: &Tx, kindergarten: KindergartenId, groups: &[(Group, String)], now: Timestamp) -> Result<(), DbError> {
    tx.touch().await?;
    let row =
        |(group, key): &(Group, String)| vec![group.id.into(), kindergarten.into(), key.into(), (&group.name).into(), now.into()];
    tx.insert("groups (id, kindergarten_id, key, name, created_at)", groups.iter().map(row).collect()).await
}

/// Gives the group another name. Whoever calls this writes the audit record.
pub async fn rename(tx: &Tx, id: GroupId, name: &str) -> Result<(), DbError> {
    tx.touch().await?;
    tx.execute("update groups set name = $2 where id = $1", args![id, name]).await.map(drop)
}

/// Removes the group from `now` on. Whoever calls this has seen that it is empty, and writes the audit record.
pub async fn remove(tx: &Tx, id: GroupId, now: Timestamp) -> Result<(), DbError> {
    tx.touch().await?;
    tx.execute("update groups set removed_at = $2 where id = $1", args![id, now]).await.map(drop)
}

/// Whether a child is in the group on `today` or a later day.
pub async fn has_children(db: &impl Queries, id: GroupId, today: Date) -> Result<bool, DbError> {
    let sql =
        "select child_id from enrolments where group_id = $1 and until is null and (last_day is null or last_day >= $2) limit 1";
    Ok(db.row::<(String,)>(sql, args![id, today]).await?.is_some())
}

/// Whether a camera shows the group's room.
pub async fn has_cameras(db: &impl Queries, id: GroupId) -> Result<bool, DbError> {
    let sql = "select p.id from placements p join cameras c on c.id = p.camera_id \
               where p.group_id = $1 and p.until is null and c.removed_at is null limit 1";
    Ok(db.row::<(String,)>(sql, args![id]).await?.is_some())
}
