//! Wishes of parents that somebody else may look for some days, which await the director's word.

use super::{Day, DbError, Moment, Queries, Tx};
use crate::{
    args,
    id::{AccountId, ChildId, GuestRequestId, KindergartenId},
    model::{UnknownWord, words},
};
use jiff::{Timestamp, civil::Date};
use std::{fmt, str::FromStr};

words! {
    /// What became of a wish.
    Outcome("outcome of a guest's request") {
        /// The director said yes.
        Approved = "approved",
        /// The director said no.
        Refused = "refused",
        /// The parent took it back.
        Withdrawn = "withdrawn",
        /// Its last day has passed without a word. Nobody writes that down: it is so by itself.
        Lapsed = "lapsed",
    }
}

/// A wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestRequest {
    /// Its id.
    pub id: GuestRequestId,
    /// Where.
    pub kindergarten: KindergartenId,
    /// For which child.
    pub child: ChildId,
    /// The parent.
    pub asked_by: AccountId,
    /// The guest's name.
    pub name: String,
    /// What the guest logs in with.
    pub login: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// What became of it; none while it waits, or has lapsed.
    pub outcome: Option<Outcome>,
    /// The director's words.
    pub word: Option<String>,
}

impl GuestRequest {
    /// What became of it by `today`, a date of its kindergarten: a wish whose last day has passed waits no more.
    pub fn outcome_by(&self, today: Date) -> Option<Outcome> {
        self.outcome.or((self.to < today).then_some(Outcome::Lapsed))
    }
}

#[derive(sqlx::FromRow)]
struct RequestRow {
    id: GuestRequestId,
    kindergarten_id: KindergartenId,
    child_id: ChildId,
    asked_by: AccountId,
    name: String,
    login: String,
    first_day: Day,
    last_day: Day,
    created_at: Moment,
    ended_why: Option<String>,
    word: Option<String>,
}

impl TryFrom<RequestRow> for GuestRequest {
    type Error = DbError;

    fn try_from(row: RequestRow) -> Result<Self, DbError> {
        let outcome = row.ended_why.map(|why| why.parse()).transpose();
        Ok(Self {
            id: row.id,
            kindergarten: row.kindergarten_id,
            child: row.child_id,
            asked_by: row.asked_by,
            name: row.name,
            login: row.login,
            from: row.first_day.0,
            to: row.last_day.0,
            asked_at: row.created_at.0,
            outcome: outcome.map_err(|error: UnknownWord| DbError::Unreadable(error.to_string()))?,
            word: row.word,
        })
    }
}

/// The wishes of `kindergarten` that wait on `today`, the oldest first.
pub async fn waiting(db: &impl Queries, kindergarten: KindergartenId, today: Date) -> Result<Vec<GuestRequest>, DbError> {
    let sql = "select * from guest_requests where kindergarten_id = $1 and last_day >= $2 and ended_at is null order by id";
    let rows: Vec<RequestRow> = db.rows(sql, args![kindergarten, today]).await?;
    rows.into_iter().map(GuestRequest::try_from).collect()
}

/// What `account` asked for since `since`, the newest first.
pub async fn asked_by(db: &impl Queries, account: AccountId, since: Timestamp) -> Result<Vec<GuestRequest>, DbError> {
    let sql = "select * from guest_requests where asked_by = $1 and created_at >= $2 order by id desc";
    let rows: Vec<RequestRow> = db.rows(sql, args![account, since]).await?;
    rows.into_iter().map(GuestRequest::try_from).collect()
}

/// How many wishes of `account` wait on `today`.
pub async fn count_waiting(db: &impl Queries, account: AccountId, today: Date) -> Result<i64, DbError> {
    let sql = "select count(*) from guest_requests where asked_by = $1 and last_day >= $2 and ended_at is null";
    let row: Option<(i64,)> = db.row(sql, args![account, today]).await?;
    Ok(row.map_or(0, |(count,)| count))
}

/// Writes a wish down. Whoever calls this writes the audit record.
pub async fn ask(tx: &Tx, request: &GuestRequest) -> Result<(), DbError> {
    tx.touch().await?;
    let sql = "insert into guest_requests (id, kindergarten_id, child_id, asked_by, name, login, first_day, last_day, created_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let GuestRequest { id, kindergarten, child, asked_by, name, login, from, to, asked_at, .. } = request;
    tx.execute(sql, args![*id, *kindergarten, *child, *asked_by, name, login, *from, *to, *asked_at]).await.map(drop)
}

/// Ends a wish that nobody has ended; `None` when somebody has, or there is none. Whoever calls this has checked whose it is, and writes the
/// audit record.
pub async fn end(
    tx: &Tx,
    id: GuestRequestId,
    outcome: Outcome,
    by: AccountId,
    word: Option<&str>,
    now: Timestamp,
) -> Result<Option<GuestRequest>, DbError> {
    tx.touch().await?;
    let sql = "update guest_requests set ended_at = $2, ended_why = $3, decided_by = $4, word = $5 \
               where id = $1 and ended_at is null returning *";
    let row: Option<RequestRow> = tx.row(sql, args![id, now, outcome.word(), by, word.map(str::to_owned)]).await?;
    row.map(GuestRequest::try_from).transpose()
}
