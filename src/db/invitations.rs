//! Links that let a person in once, to choose a password. What is kept of a link's secret is a hash.

use super::{DbError, Moment, Queries, Tx};
use crate::{
    args,
    id::{AccountId, InvitationId, KindergartenId},
    model::words,
};
use jiff::Timestamp;
use std::{fmt, str::FromStr};

use crate::model::UnknownWord;

words! {
    /// How a link reaches the person.
    Way("way of sending") {
        /// The director hands it over: on the screen, or as a printed letter.
        Print = "print",
        /// To the person's telephone.
        Sms = "sms",
        /// To the person's e-mail address.
        Email = "email",
    }
}

words! {
    /// Why a link no longer works.
    Ended("end of an invitation") {
        /// Somebody came in by it.
        Used = "used",
        /// The director took it back.
        Withdrawn = "withdrawn",
        /// A newer one took its place.
        Replaced = "replaced",
    }
}

/// A link that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The kindergarten whose director made it.
    pub kindergarten: KindergartenId,
    /// Whom it lets in.
    pub account: AccountId,
    /// Whether the person had a password already, which it replaces.
    pub reset: bool,
    /// How it reaches the person.
    pub way: Way,
    /// The first moment at which it no longer works.
    pub expires_at: Timestamp,
    /// Why it is over before that.
    pub ended: Option<Ended>,
}

#[derive(sqlx::FromRow)]
struct InvitationRow {
    id: InvitationId,
    kindergarten_id: KindergartenId,
    account_id: AccountId,
    reset: bool,
    way: String,
    expires_at: Moment,
    ended_why: Option<String>,
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = DbError;

    fn try_from(row: InvitationRow) -> Result<Self, DbError> {
        let unreadable = |error: UnknownWord| DbError::Unreadable(error.to_string());
        Ok(Self {
            id: row.id,
            kindergarten: row.kindergarten_id,
            account: row.account_id,
            reset: row.reset,
            way: row.way.parse().map_err(unreadable)?,
            expires_at: row.expires_at.0,
            ended: row.ended_why.map(|why| why.parse()).transpose().map_err(unreadable)?,
        })
    }
}

/// The links of `kindergarten` that were neither used nor taken back, expired ones included.
pub async fn standing(db: &impl Queries, kindergarten: KindergartenId) -> Result<Vec<Invitation>, DbError> {
    let sql = "select * from invitations where kindergarten_id = $1 and ended_at is null";
    let rows: Vec<InvitationRow> = db.rows(sql, args![kindergarten]).await?;
    rows.into_iter().map(Invitation::try_from).collect()
}

/// Whether any guardian of a child of `kindergarten` can log in, or was made a link to.
pub async fn any_guardian(db: &impl Queries, kindergarten: KindergartenId) -> Result<bool, DbError> {
    let sql = "select a.id from guardianships g join accounts a on a.id = g.account_id
               where g.kindergarten_id = $1 and g.until is null and (a.password_hash is not null
               or exists (select 1 from invitations i where i.account_id = a.id and i.ended_at is null)) limit 1";
    let found: Option<(AccountId,)> = db.row(sql, args![kindergarten]).await?;
    Ok(found.is_some())
}

/// The link whose secret has this hash, over or not.
pub async fn by_hash(db: &impl Queries, hash: &str) -> Result<Option<Invitation>, DbError> {
    let row: Option<InvitationRow> = db.row("select * from invitations where secret_hash = $1", args![hash]).await?;
    row.map(Invitation::try_from).transpose()
}

/// A new link, made by `by`. The account must have none that stands. Whoever calls this writes the audit record.
pub async fn begin(tx: &Tx, invitation: &Invitation, hash: &str, by: AccountId, now: Timestamp) -> Result<(), DbError> {
    tx.touch().await?;
    let sql = "insert into invitations (id, kindergarten_id, account_id, invited_by, secret_hash, reset, way, created_at, expires_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let Invitation { id, kindergarten, account, reset, way, expires_at, .. } = invitation;
    tx.execute(sql, args![*id, *kindergarten, *account, by, hash, *reset, way.word(), now, *expires_at]).await.map(drop)
}

/// Ends the link of `account` that stands, if one does. Whoever calls this writes the audit record.
pub async fn end(tx: &Tx, account: AccountId, why: Ended, now: Timestamp) -> Result<Option<Invitation>, DbError> {
    tx.touch().await?;
    let sql = "update invitations set ended_at = $2, ended_why = $3 where account_id = $1 and ended_at is null returning *";
    let row: Option<InvitationRow> = tx.row(sql, args![account, now, why.word()]).await?;
    row.map(Invitation::try_from).transpose()
}

/// Uses the link up, unless that was done, or it has expired by `now`. `false` when it could not be: then nobody may come in by it.
pub async fn use_up(tx: &Tx, id: InvitationId, now: Timestamp) -> Result<bool, DbError> {
    tx.touch().await?;
    let sql = "update invitations set ended_at = $2, ended_why = $3 where id = $1 and ended_at is null and expires_at > $2";
    Ok(tx.execute(sql, args![id, now, Ended::Used.word()]).await? > 0)
}
