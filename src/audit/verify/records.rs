//! One pass over the records, in order, with the tree growing beside it and the checkpoints laid against it.

use super::{BATCH, Place, Report, Wrong, report::Stop};
use crate::{
    args,
    audit::{
        Head,
        checkpoint::Checkpoint,
        column, erased,
        note::NoteKey,
        record::{self, Entry},
        tree::Frontier,
    },
    db::{Db, Moment, Queries},
};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::VecDeque;

/// A row of `audit_records`.
#[derive(sqlx::FromRow)]
struct Row {
    position: i64,
    at: Moment,
    action: String,
    kindergarten_id: Option<String>,
    actor: Option<String>,
    subject: Option<String>,
    record: Option<String>,
    salt: Option<String>,
    commitment: String,
    root: String,
    erased_by: Option<i64>,
}

/// What the text of a record says. Whatever it says must also be in the columns, which pages are drawn from.
#[derive(Deserialize)]
struct Text {
    at: Timestamp,
    action: String,
    kindergarten: Option<String>,
    actor: Option<String>,
    subject: String,
}

/// A row of `audit_checkpoints`.
#[derive(sqlx::FromRow)]
struct Signed {
    size: i64,
    note: String,
}

/// The pass.
pub(super) struct Scan<'a> {
    db: &'a Db,
    keys: &'a [NoteKey],
    report: &'a mut Report,
    /// The head, and one more than the highest position, at the moment when the pass began: a server may append meanwhile.
    head: Frontier,
    end: u64,
    /// The tree over the records seen so far.
    frontier: Frontier,
    /// Checkpoints not yet reached, read ahead; the size that they have been read up to, and the newest size of then.
    ahead: VecDeque<Signed>,
    read: i64,
    newest: i64,
    kept: Option<Checkpoint>,
    /// The largest size at which the tree is known to be the one that was signed.
    sure: u64,
}

impl<'a> Scan<'a> {
    pub(super) async fn new(
        db: &'a Db,
        keys: &'a [NoteKey],
        kept: Option<Checkpoint>,
        report: &'a mut Report,
    ) -> Result<Self, Stop> {
        // One statement, so that the three numbers are of one moment: a head that is older than a checkpoint has been set back.
        let head: Option<(i64, String, i64, i64)> = db
            .row(
                "select size, frontier, (select coalesce(max(position), -1) + 1 from audit_records),
                        (select coalesce(max(size), 0) from audit_checkpoints)
                 from audit_head where id = 1",
                args![],
            )
            .await?;
        let Some((size, frontier, end, newest)) = head else { return Err(Wrong::Missing.at(Place::Head)) };
        let head = Head { size, frontier }.frontier().map_err(|_| Wrong::Unreadable("frontier").at(Place::Head))?;
        let (frontier, ahead) = (Frontier::new(), VecDeque::new());
        Ok(Self { db, keys, report, head, end: end.unsigned_abs(), frontier, ahead, read: i64::MIN, newest, kept, sure: 0 })
    }

    /// Goes through all of it; stops at the first thing that is wrong.
    pub(super) async fn run(mut self) -> Result<(), Stop> {
        self.read_ahead().await?;
        self.lay_checkpoints().await?;
        while self.frontier.size() < self.end {
            let rows: Vec<Row> = self
                .db
                .rows(
                    "select position, at, action, kindergarten_id, actor, subject, record, salt, commitment, root, erased_by
                     from audit_records where position >= $1 and position < $2 order by position limit $3",
                    args![column(self.frontier.size()), column(self.end), BATCH],
                )
                .await?;
            if rows.is_empty() {
                return Err(self.missing());
            }
            for row in rows {
                self.take(row).await?;
                self.lay_checkpoints().await?;
            }
        }
        self.finish()
    }

    /// Checks one record and lets the tree grow by it.
    async fn take(&mut self, row: Row) -> Result<(), Stop> {
        let position = self.frontier.size();
        if row.position != column(position) {
            return Err(self.missing());
        }
        let place = || Place::Record(position);
        if position >= self.head.size() {
            return Err(Wrong::BeyondHead.at(place()));
        }
        let commitment = row.commitment.parse().map_err(|_| Wrong::Unreadable("commitment").at(place()))?;
        match (&row.record, &row.salt, row.erased_by) {
            (Some(text), Some(salt), None) => {
                if record::commitment(salt, text) != Some(commitment) {
                    return Err(Wrong::Text.at(place()));
                }
                let text: Text = serde_json::from_str(text).map_err(|_| Wrong::Unreadable("text").at(place()))?;
                if let Some(name) = text.differs(&row) {
                    return Err(Wrong::Column(name).at(place()));
                }
            }
            (None, None, Some(by)) if row.actor.is_none() && row.subject.is_none() && self.tells_of(position, by).await? => {
                self.report.erased += 1;
            }
            _ => return Err(Wrong::Emptied.at(place())),
        }
        let (at, kindergarten) = (row.at.into(), row.kindergarten_id.as_deref());
        self.frontier.push(Entry { position, at, action: &row.action, kindergarten, commitment }.leaf());
        let root = self.frontier.root();
        if root.to_string() != row.root {
            return Err(Wrong::Root.at(place()));
        }
        self.report.records += 1;
        self.report.root = root;
        Ok(())
    }

    /// Whether the record at `by` tells that the one at `position` was erased. Its own text is checked when the pass comes there.
    async fn tells_of(&self, position: u64, by: i64) -> Result<bool, Stop> {
        let told = "select position from audit_records where position = $1 and action = 'record_erased' and subject = $2";
        let row: Option<(i64,)> = self.db.row(told, args![by, erased(position)]).await?;
        Ok(row.is_some_and(|_| by > column(position)))
    }

    /// Holds every checkpoint of the present size against the tree.
    async fn lay_checkpoints(&mut self) -> Result<(), Stop> {
        while let Some(signed) = self.ahead.pop_front_if(|signed| signed.size <= column(self.frontier.size())) {
            let place = || Place::Checkpoint(signed.size.unsigned_abs());
            let checkpoint = Checkpoint::open(&signed.note, self.keys).map_err(|error| Wrong::from(error).at(place()))?;
            if column(checkpoint.size) != signed.size || checkpoint.size != self.frontier.size() {
                return Err(Wrong::Size.at(place()));
            }
            self.lay(&checkpoint)?;
            self.report.checkpoints += 1;
            if self.ahead.is_empty() {
                self.read_ahead().await?;
            }
        }
        if let Some(kept) = self.kept.take_if(|kept| kept.size == self.frontier.size()) {
            self.lay(&kept)?;
            self.report.kept = Some(kept.size);
        }
        Ok(())
    }

    fn lay(&mut self, checkpoint: &Checkpoint) -> Result<(), Stop> {
        if checkpoint.root != self.frontier.root() {
            return Err(Wrong::Rewritten(checkpoint.size).at(Place::Between(self.sure, checkpoint.size)));
        }
        self.sure = checkpoint.size;
        Ok(())
    }

    async fn read_ahead(&mut self) -> Result<(), Stop> {
        let next = "select size, note from audit_checkpoints where size > $1 and size <= $2 order by size limit $3";
        self.ahead = self.db.rows(next, args![self.read, self.newest, BATCH]).await?.into();
        self.read = self.ahead.back().map_or(self.read, |signed| signed.size);
        Ok(())
    }

    /// The record after the last one seen is not there. When none is left and a checkpoint proves that there were more, that is said.
    fn missing(&self) -> Stop {
        let place = Place::Record(self.frontier.size());
        let signed = self.ahead.front().map(|signed| signed.size.unsigned_abs()).max(self.kept.as_ref().map(|kept| kept.size));
        match signed.filter(|_| self.frontier.size() >= self.end) {
            Some(size) => Wrong::CutOff(size).at(place),
            None => Wrong::Missing.at(place),
        }
    }

    /// What can only be said at the end: that nothing was cut off, and that the head is the head of these records.
    fn finish(self) -> Result<(), Stop> {
        if !self.ahead.is_empty() || self.kept.is_some() || self.frontier.size() < self.head.size() {
            return Err(self.missing());
        }
        self.report.unsigned = self.frontier.size() - self.sure;
        if self.frontier == self.head { Ok(()) } else { Err(Wrong::Head.at(Place::Head)) }
    }
}

impl Text {
    /// The first column of `row` that does not say what this text says.
    fn differs(&self, row: &Row) -> Option<&'static str> {
        let columns = [
            ("time", Timestamp::from(row.at) == self.at),
            ("action", row.action == self.action),
            ("kindergarten", row.kindergarten_id == self.kindergarten),
            ("actor", row.actor == self.actor),
            ("subject", row.subject.as_ref() == Some(&self.subject)),
        ];
        columns.into_iter().find(|(_, same)| !same).map(|(name, _)| name)
    }
}
