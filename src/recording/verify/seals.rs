//! The seals against their records, and the rows against their seals.

use super::{BATCH, Place, Report, Wrong};
use crate::{
    args,
    audit::{
        Action, proof,
        seal::{Piece, Sealed, in_order, subject},
        tree::Hash,
    },
    db::{
        Db, DbError, Moment, Queries,
        seals::{self, SealRow},
    },
    id::SegmentId,
};
use serde::Deserialize;
use std::collections::VecDeque;

/// A seal, beside its record.
#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    seal: SealRow,
    told_at: Option<Moment>,
    action: Option<String>,
    text: Option<String>,
}

/// What the text of such a record says.
#[derive(Deserialize)]
struct Text {
    subject: String,
    details: Sealed,
}

/// Every seal is as its record tells, every record of a seal has one, and every row is as it was sealed.
pub(super) async fn check(db: &Db, report: &mut Report) -> Result<(), DbError> {
    let mut last = -1;
    loop {
        let sql = "select s.id, s.camera_id, s.root, s.leaves, s.starts_at, s.ends_at, s.sealed_at, s.record, s.expired_at, \
             s.expired_record, r.at as told_at, r.action, r.record as text \
             from seals s left join audit_records r on r.position = s.record where s.record > $1 order by s.record limit $2";
        let rows: Vec<Row> = db.rows(sql, args![last, BATCH]).await?;
        let Some(row) = rows.last() else { break };
        last = row.seal.record;
        for row in &rows {
            match row.leaves() {
                None => report.add(Place::Seal(row.seal.id), Wrong::Seal(row.seal.record)),
                Some(_) if row.seal.expired_at.is_some() => {
                    report.seals += 1;
                    report.expired += 1;
                }
                Some(leaves) => {
                    report.seals += 1;
                    pieces(db, &row.seal, leaves, report).await?;
                }
            }
        }
    }
    untold(db, report).await?;
    unsealed(db, report).await?;
    late(db, report).await
}

impl Row {
    /// The leaves that the record tells of; `None` when the seal is not the one that it tells of.
    fn leaves(&self) -> Option<Vec<Hash>> {
        let Self { seal, told_at, action, text } = self;
        let Text { subject: of, details } = serde_json::from_str(text.as_deref()?).ok()?;
        let leaves: Vec<Hash> = details.leaves.iter().map(|leaf| leaf.parse()).collect::<Result<_, _>>().ok()?;
        let told = *told_at == Some(Moment(seal.sealed_at))
            && action.as_deref() == Some(Action::RecordingSealed.word())
            && of == subject(seal.id)
            && (details.camera, details.from, details.to) == (seal.camera_id, seal.starts_at, seal.ends_at)
            && details.root == seal.root
            && proof::root(&leaves).to_string() == seal.root
            && i64::try_from(leaves.len()) == Ok(seal.leaves);
        told.then_some(leaves)
    }
}

/// The rows of one seal against its leaves.
async fn pieces(db: &Db, seal: &SealRow, leaves: Vec<Hash>, report: &mut Report) -> Result<(), DbError> {
    let rows = in_order(seals::segments(db, seal.id).await?, seals::gaps(db, seal.id).await?);
    let count = leaves.len();
    let mut left: Vec<Option<Hash>> = leaves.into_iter().map(Some).collect();
    let mut changed = VecDeque::new();
    for row in rows {
        let leaf = row.leaf();
        match left.iter_mut().find(|left| left.is_some() && **left == leaf) {
            Some(found) => {
                *found = None;
                match row {
                    Piece::Segment(_) => report.segments += 1,
                    Piece::Gap(_) => report.gaps += 1,
                }
            }
            None => changed.push_back(row),
        }
    }
    for (index, _) in left.iter().enumerate().filter(|(_, left)| left.is_some()) {
        // Each leaf without a row belongs to a row that was changed, as long as there are such rows.
        match changed.pop_front() {
            Some(row) => report.add((&row).into(), Wrong::Changed),
            None => report.add(Place::Seal(seal.id), Wrong::TakenOut(index + 1, count)),
        }
    }
    for row in &changed {
        report.add(row.into(), Wrong::Changed);
    }
    Ok(())
}

/// A record of a seal whose row is gone.
async fn untold(db: &Db, report: &mut Report) -> Result<(), DbError> {
    let sql = "select r.position from audit_records r where r.action = 'recording_sealed' \
         and not exists (select 1 from seals s where s.record = r.position) order by r.position";
    let rows: Vec<(i64,)> = db.rows(sql, args![]).await?;
    for (position,) in rows {
        report.add(Place::Record(position.unsigned_abs()), Wrong::NoSeal);
    }
    Ok(())
}

/// Rows in no seal. What is over is in the next seal of its camera; the one after that leaves no doubt.
async fn unsealed(db: &Db, report: &mut Report) -> Result<(), DbError> {
    let sql = "select count(*) from segments where seal_id is null";
    report.unsealed += count(db, sql).await?;
    let sql = "select count(*) from gaps where seal_id is null";
    report.unsealed += count(db, sql).await?;
    let sql = "select s.id from segments s where s.seal_id is null and s.sha256 is not null \
         and (select count(*) from seals e where e.camera_id = s.camera_id and e.sealed_at > s.ends_at + 60000) > 1";
    let rows: Vec<(SegmentId,)> = db.rows(sql, args![]).await?;
    for (id,) in rows {
        report.add(Place::Segment(id), Wrong::Unsealed);
    }
    let sql = "select g.id from gaps g where g.seal_id is null and g.ended_at is not null \
         and (select count(*) from seals e where e.camera_id = g.camera_id and e.sealed_at > g.ended_at + 60000) > 1";
    let rows: Vec<(crate::id::GapId,)> = db.rows(sql, args![]).await?;
    for (id,) in rows {
        report.add(Place::Gap(id), Wrong::Unsealed);
    }
    Ok(())
}

/// Segments that were sealed an hour after their time or later, although something else fills that time: whatever a camera sent then was
/// written then. Ten seconds are left for clocks that are set.
async fn late(db: &Db, report: &mut Report) -> Result<(), DbError> {
    let sql = "select s.id from segments s join seals e on e.id = s.seal_id where e.sealed_at > s.ends_at + 3600000 and ( \
         exists (select 1 from segments o where o.camera_id = s.camera_id and o.id <> s.id and o.starts_at > s.starts_at - 900000 \
             and o.starts_at < s.ends_at - 10000 and o.ends_at > s.starts_at + 10000 and o.seal_id <> s.seal_id) \
         or exists (select 1 from gaps g where g.camera_id = s.camera_id and g.starts_at < s.ends_at - 10000 \
             and g.ended_at > s.starts_at + 10000 and g.seal_id <> s.seal_id)) order by s.starts_at";
    let rows: Vec<(SegmentId,)> = db.rows(sql, args![]).await?;
    for (id,) in rows {
        report.add(Place::Segment(id), Wrong::Late);
    }
    Ok(())
}

async fn count(db: &Db, sql: &'static str) -> Result<u64, DbError> {
    let row: Option<(i64,)> = db.row(sql, args![]).await?;
    Ok(row.map_or(0, |(count,)| count.unsigned_abs()))
}
