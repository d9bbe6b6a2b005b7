//! What was said and done about appeals, against the records that hold the digests of the words. The records have been checked by now.

use super::{BATCH, Place, Report, Wrong, report::Stop};
use crate::{
    args,
    audit::{Action, column, digest},
    db::{Db, Moment, Queries, appeals::Step},
    id::{AccountId, AppealId, AppealStepId},
    model::AppealAct,
};
use serde::Deserialize;

/// A step, beside its record.
#[derive(sqlx::FromRow)]
struct Row {
    id: AppealStepId,
    appeal_id: AppealId,
    number: i64,
    account_id: AccountId,
    kind: AppealAct,
    words: String,
    taken_at: Moment,
    record: i64,
    told_at: Option<Moment>,
    action: Option<String>,
    text: Option<String>,
}

/// What the text of such a record says.
#[derive(Deserialize)]
struct Text {
    actor: Option<String>,
    subject: String,
    details: Details,
}

#[derive(Deserialize)]
struct Details {
    act: AppealAct,
    number: i64,
    digest: String,
}

/// Every step is as its record tells, and every record of a step has one.
pub(super) async fn check(db: &Db, report: &mut Report) -> Result<(), Stop> {
    let mut last = -1;
    loop {
        let sql = "select s.id, s.appeal_id, s.number, s.account_id, s.kind, s.words, s.taken_at, s.record, r.at as told_at, r.action, \
             r.record as text from appeal_steps s left join audit_records r on r.position = s.record \
             where s.record > $1 order by s.record limit $2";
        let rows: Vec<Row> = db.rows(sql, args![last, BATCH]).await?;
        let Some(row) = rows.last() else { break };
        last = row.record;
        for row in &rows {
            if !row.is_told() {
                return Err(Wrong::Step(row.record.unsigned_abs()).at(Place::Appeal(row.appeal_id)));
            }
        }
        report.steps += rows.len() as u64;
    }
    untold(db, report.records).await
}

/// A record of a step whose row is gone.
async fn untold(db: &Db, records: u64) -> Result<(), Stop> {
    let sql = "select min(r.position) from audit_records r where r.action in ('appeal_made', 'appeal_answered', 'appeal_returned') \
         and r.position < $1 and not exists (select 1 from appeal_steps s where s.record = r.position)";
    match db.row::<(Option<i64>,)>(sql, args![column(records)]).await? {
        Some((Some(position),)) => Err(Wrong::NoStep.at(Place::Record(position.unsigned_abs()))),
        _ => Ok(()),
    }
}

impl Row {
    fn is_told(&self) -> bool {
        let action = match self.kind {
            AppealAct::Reported => Action::AppealMade,
            AppealAct::Answered | AppealAct::Fixed | AppealAct::Closed => Action::AppealAnswered,
            AppealAct::Replied | AppealAct::Reopened => Action::AppealReturned,
        };
        self.told_at == Some(self.taken_at) && self.action.as_deref() == Some(action.word()) && self.told_by_text()
    }

    /// Whether the text is about this step and these words. Of an erased record nothing is left to compare.
    fn told_by_text(&self) -> bool {
        let Some(text) = &self.text else { return true };
        let step = Step {
            id: self.id,
            number: self.number,
            account: self.account_id,
            act: self.kind,
            words: self.words.clone(),
            at: self.taken_at.0,
        };
        serde_json::from_str::<Text>(text).is_ok_and(|Text { actor, subject, details }| {
            actor == Some(self.account_id.to_string())
                && subject == format!("appeal:{}", self.appeal_id)
                && (details.act, details.number) == (self.kind, self.number)
                && details.digest == digest(&step).to_string()
        })
    }
}
