//! Who is a guardian of which child: rows that are ended and replaced, never changed.

use super::{Day, DbError, Queries, Tx};
use crate::{
    args,
    id::{AccountId, ChildId, GuardianshipId, KindergartenId},
    model::Guardianship,
};
use jiff::Timestamp;

/// A guardianship, with the document that restricts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The tie.
    pub tie: Guardianship,
    /// The order that restricts it, or what else the director keeps of it.
    pub reference: Option<String>,
}

#[derive(sqlx::FromRow)]
struct KeptRow {
    id: GuardianshipId,
    account_id: AccountId,
    child_id: ChildId,
    first_day: Option<Day>,
    last_day: Option<Day>,
    restricted: bool,
    reference: Option<String>,
}

impl From<KeptRow> for Kept {
    fn from(row: KeptRow) -> Self {
        let KeptRow { id, account_id: account, child_id: child, first_day, last_day, restricted, reference } = row;
        let (from, to) = (first_day.map(|day| day.0), last_day.map(|day| day.0));
        Self { tie: Guardianship { id, account, child, from, to, restricted }, reference }
    }
}

/// The kindergarten of a guardianship, ended or not; `None` when there is no such guardianship.
pub async fn kindergarten(db: &impl Queries, id: GuardianshipId) -> Result<Option<KindergartenId>, DbError> {
    let row: Option<(KindergartenId,)> = db.row("select kindergarten_id from guardianships where id = $1", args![id]).await?;
    Ok(row.map(|(kindergarten,)| kindergarten))
}

/// Every guardianship of `kindergarten` that has not been ended, over by its last day or not; the oldest first.
pub async fn all(db: &impl Queries, kindergarten: KindergartenId) -> Result<Vec<Kept>, DbError> {
    let sql = "select * from guardianships where kindergarten_id = $1 and until is null order by id";
    let rows: Vec<KeptRow> = db.rows(sql, args![kindergarten]).await?;
    Ok(rows.into_iter().map(Kept::from).collect())
}

/// Ties a guardian to a child, from `now` on. Whoever calls this writes the audit record.
pub async fn begin(tx: &Tx, kindergarten: KindergartenId, kept: &Kept, now: Timestamp) -> Result<(), DbError> {
    tx.touch().await?;
    let sql = "insert into guardianships (id, kindergarten_id, account_id, child_id, first_day, last_day, restricted, reference, since) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let Kept { tie: Guardianship { id, account, child, from, to, restricted }, reference } = kept;
    tx.execute(sql, args![*id, kindergarten, *account, *child, *from, *to, *restricted, reference.clone(), now]).await.map(drop)
}

/// Ends a guardianship of `kindergarten` at `now`; `None` when it is over already, or another's. Whoever calls this writes the audit
/// record.
pub async fn end(tx: &Tx, kindergarten: KindergartenId, id: GuardianshipId, now: Timestamp) -> Result<Option<Kept>, DbError> {
    tx.touch().await?;
    let sql = "update guardianships set until = $3 where id = $1 and kindergarten_id = $2 and until is null returning *";
    let row: Option<KeptRow> = tx.row(sql, args![id, kindergarten, now]).await?;
    Ok(row.map(Kept::from))
}

/// Whether `account` is tied to `child`, on whatever days.
pub async fn exists(db: &impl Queries, account: AccountId, child: ChildId) -> Result<bool, DbError> {
    let sql = "select id from guardianships where account_id = $1 and child_id = $2 and until is null";
    Ok(db.row::<(GuardianshipId,)>(sql, args![account, child]).await?.is_some())
}
