//! How many looked into a group's room.

use super::{DbError, Queries};
use crate::{args, id::GroupId, model::Role};
use jiff::Timestamp;

#[derive(sqlx::FromRow)]
struct RoleRow {
    role: Role,
    people: i64,
}

/// How many accounts of each role watched a camera since `since`, or watch one now, that showed the room of `group` when they began.
pub async fn by_role(db: &impl Queries, group: GroupId, since: Timestamp) -> Result<Vec<(Role, u32)>, DbError> {
    let sql = "select role, count(distinct viewings.account_id) as people from viewings \
               join accounts on accounts.id = viewings.account_id \
               join placements on placements.camera_id = viewings.camera_id and placements.since <= viewings.started_at \
                   and (placements.until is null or placements.until > viewings.started_at) \
               where placements.group_id = $1 and (viewings.started_at >= $2 or viewings.ended_at is null or viewings.ended_at >= $2) \
               group by role";
    let rows: Vec<RoleRow> = db.rows(sql, args![group, since]).await?;
    Ok(rows.into_iter().map(|row| (row.role, u32::try_from(row.people).unwrap_or(u32::MAX))).collect())
}
