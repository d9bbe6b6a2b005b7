//! The week and the dates with other hours that a person sets. Those of `site.toml` are written by `apply`.

use super::{Day, DbError, Queries, Tx};
use crate::{
    args,
    id::{AccountId, ExceptionId, GroupId, HoursId, KindergartenId},
    model::{DaySpan, Exception},
};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// The lines of a week: a weekday, 1 for Monday to 7, and a span that starts on it.
pub type Lines = BTreeSet<(i8, DaySpan)>;

/// Makes `lines` the week of `group`, or of the kindergarten; what stays is left as it is. Returns the week as it was, `None` when it was
/// the same. Whoever calls this writes the audit record.
pub async fn set_week(
    tx: &Tx,
    kindergarten: KindergartenId,
    group: Option<GroupId>,
    lines: &Lines,
    now: Timestamp,
) -> Result<Option<Lines>, DbError> {
    tx.touch().await?;
    let sql = "select id, weekday, span from hours where kindergarten_id = $1 and coalesce(group_id, '') = $2 and until is null";
    let rows: Vec<(HoursId, i64, DaySpan)> = tx.rows(sql, args![kindergarten, or_none(group)]).await?;
    let mut before = Lines::new();
    for (id, weekday, span) in rows {
        let line = (i8::try_from(weekday).map_err(|error| DbError::Unreadable(error.to_string()))?, span);
        if !lines.contains(&line) || before.contains(&line) {
            tx.execute("update hours set until = $2 where id = $1", args![id, now]).await?;
        }
        before.insert(line);
    }
    if before == *lines {
        return Ok(None);
    }
    for (weekday, span) in lines.difference(&before) {
        let sql = "insert into hours (id, kindergarten_id, group_id, weekday, span, since) values ($1, $2, $3, $4, $5, $6)";
        tx.execute(sql, args![HoursId::new(now), kindergarten, group, i64::from(*weekday), *span, now]).await?;
    }
    Ok(Some(before))
}

/// The kindergarten of an exception, ended or not; `None` when there is no such exception.
pub async fn kindergarten(db: &impl Queries, id: ExceptionId) -> Result<Option<KindergartenId>, DbError> {
    let row: Option<(KindergartenId,)> = db.row("select kindergarten_id from exceptions where id = $1", args![id]).await?;
    Ok(row.map(|(kindergarten,)| kindergarten))
}

/// Sets the hours of a date, known from `now` on, in place of what had been set for it. Whoever calls this writes the audit record.
pub async fn except(tx: &Tx, kindergarten: KindergartenId, exception: &Exception, now: Timestamp) -> Result<(), DbError> {
    tx.touch().await?;
    let Exception { id, group, date, spans, reason, by } = exception;
    let sql = "update exceptions set until = $4 where kindergarten_id = $1 and coalesce(group_id, '') = $2 and date = $3 and until is null";
    tx.execute(sql, args![kindergarten, or_none(*group), *date, now]).await?;
    let spans = spans.iter().map(DaySpan::to_string).collect::<Vec<_>>().join(",");
    let sql = "insert into exceptions (id, kindergarten_id, group_id, date, spans, reason, account_id, since) \
               values ($1, $2, $3, $4, $5, $6, $7, $8)";
    tx.execute(sql, args![*id, kindergarten, *group, *date, spans, reason, *by, now]).await.map(drop)
}

/// Ends an exception of `kindergarten`; `None` when it is over already, or another's. Whoever calls this writes the audit record.
pub async fn end(tx: &Tx, kindergarten: KindergartenId, id: ExceptionId, now: Timestamp) -> Result<Option<Exception>, DbError> {
    tx.touch().await?;
    let sql = "update exceptions set until = $3 where id = $1 and kindergarten_id = $2 and until is null returning *";
    tx.row::<ExceptionRow>(sql, args![id, kindergarten, now]).await?.map(Exception::try_from).transpose()
}

fn or_none(group: Option<GroupId>) -> String {
    group.map(|group| group.to_string()).unwrap_or_default()
}

#[derive(sqlx::FromRow)]
pub(super) struct ExceptionRow {
    id: ExceptionId,
    group_id: Option<GroupId>,
    date: Day,
    spans: String,
    reason: String,
    account_id: Option<AccountId>,
}

impl TryFrom<ExceptionRow> for Exception {
    type Error = DbError;

    fn try_from(row: ExceptionRow) -> Result<Self, DbError> {
        let spans = row.spans.split(',').filter(|span| !span.is_empty()).map(str::parse).collect::<Result<_, _>>();
        let spans = spans.map_err(|error| DbError::Unreadable(format!("an exception's hours: {error}")))?;
        Ok(Self { id: row.id, group: row.group_id, date: row.date.0, spans, reason: row.reason, by: row.account_id })
    }
}
