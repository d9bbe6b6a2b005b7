//! Records as directors and inspectors read them: a page at a time, the newest first. Names are those of now.

use super::{Action, column};
use crate::{
    args,
    db::{DbError, Moment, Queries},
    id::{AccountId, KindergartenId},
    model::Role,
};
use jiff::Timestamp;
use serde_json::Value;

/// Which records.
#[derive(Debug, Clone, Copy)]
pub struct Filter<'a> {
    /// Of which kindergarten.
    pub kindergarten: KindergartenId,
    /// What was done; when nothing is said, everything but the seals of recordings: there are hundreds a day, and nobody did them.
    pub action: Option<Action>,
    /// Who did it; everybody when nothing is said.
    pub actor: Option<AccountId>,
    /// To what, as records name it; to everything when nothing is said.
    pub subject: Option<&'a str>,
    /// At this moment or later.
    pub from: Timestamp,
    /// Before this moment.
    pub until: Timestamp,
}

/// A record with the names that belong to it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its position in the log.
    pub position: u64,
    /// When.
    pub at: Timestamp,
    /// What; a word that this version does not know stays as it is.
    pub action: String,
    /// Who, where somebody was known and the record is not erased.
    pub actor: Option<Actor>,
    /// To what, as `kind:id`; empty when the record was erased.
    pub subject: Option<String>,
    /// What else it says; `null` when it was erased.
    pub details: Value,
    /// The record that tells of its erasure.
    pub erased_by: Option<u64>,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub id: AccountId,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
}

/// The newest `most` records that the filter lets through, of those before the position `before`.
pub async fn newest(db: &impl Queries, filter: Filter<'_>, before: Option<u64>, most: u32) -> Result<Vec<Listed>, DbError> {
    let Filter { kindergarten, action, actor, subject, from, until } = filter;
    let sql = "select r.position, r.at, r.action, r.subject, r.record, r.erased_by, a.id as actor, a.name, a.role \
               from audit_records r left join accounts a on a.id = r.actor \
               where r.kindergarten_id = $1 and (r.action = $2 or ($2 is null and r.action <> 'recording_sealed')) and ($3 is null or r.actor = $3) \
               and ($4 is null or r.subject = $4) and r.at >= $5 and r.at < $6 and ($7 is null or r.position < $7) \
               order by r.position desc limit $8";
    let arguments = args![kindergarten, action.map(Action::word), actor, subject, from, until, before.map(column), most];
    let rows: Vec<Row> = db.rows(sql, arguments).await?;
    Ok(rows.into_iter().map(Listed::from).collect())
}

/// A look of an inspector.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Look {
    /// Who.
    #[sqlx(rename = "actor")]
    pub account: AccountId,
    /// The name.
    pub name: String,
    /// When.
    #[sqlx(try_from = "Moment")]
    pub at: Timestamp,
}

/// More looks than a visit has.
const LOOKS: u32 = 5_000;

/// The looks of inspectors at `kindergarten` after `since`, the newest first.
pub async fn looks(db: &impl Queries, kindergarten: KindergartenId, since: Timestamp) -> Result<Vec<Look>, DbError> {
    let sql = "select r.actor, a.name, r.at from audit_records r join accounts a on a.id = r.actor \
               where r.kindergarten_id = $1 and r.action = $2 and r.at > $3 order by r.position desc limit $4";
    db.rows(sql, args![kindergarten, Action::Inspected.word(), since, LOOKS]).await
}

#[derive(sqlx::FromRow)]
struct Row {
    position: i64,
    at: Moment,
    action: String,
    subject: Option<String>,
    record: Option<String>,
    erased_by: Option<i64>,
    actor: Option<AccountId>,
    name: Option<String>,
    role: Option<Role>,
}

impl From<Row> for Listed {
    fn from(row: Row) -> Self {
        // What is no record any more is shown as saying nothing: the proofs, not the list, say that something is wrong with it.
        let text: Option<Value> = row.record.and_then(|text| serde_json::from_str(&text).ok());
        let actor = row.actor.zip(row.name).zip(row.role).map(|((id, name), role)| Actor { id, name, role });
        Self {
            position: row.position.unsigned_abs(),
            at: row.at.into(),
            action: row.action,
            actor,
            subject: row.subject,
            details: text.map_or(Value::Null, |mut text| text["details"].take()),
            erased_by: row.erased_by.map(i64::unsigned_abs),
        }
    }
}
