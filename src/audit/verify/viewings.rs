//! The viewings, which pages and exports read, against the records that tell of them. The records have been checked by now.

use super::{BATCH, Place, Report, Wrong, report::Stop};
use crate::{
    args,
    audit::{Action, column},
    db::{Db, Moment, Queries},
    id::ViewingId,
};
use serde::Deserialize;

/// A viewing, beside the record of its start and that of its end.
#[derive(sqlx::FromRow)]
struct Row {
    id: ViewingId,
    account_id: String,
    kindergarten_id: String,
    camera_id: String,
    started_at: Moment,
    started_record: i64,
    ended_at: Option<Moment>,
    end_code: Option<String>,
    ended_record: Option<i64>,
    start_at: Option<Moment>,
    start_action: Option<String>,
    start_kindergarten: Option<String>,
    start_text: Option<String>,
    end_at: Option<Moment>,
    end_action: Option<String>,
    end_text: Option<String>,
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
    camera: String,
    code: Option<String>,
}

/// Every viewing is as its records tell, and every record of a viewing has one.
pub(super) async fn check(db: &Db, report: &mut Report) -> Result<(), Stop> {
    let mut last = String::new();
    loop {
        let rows: Vec<Row> = db
            .rows(
                "select v.id, v.account_id, v.kindergarten_id, v.camera_id, v.started_at, v.started_record, v.ended_at, v.end_code,
                        v.ended_record, s.at as start_at, s.action as start_action, s.kindergarten_id as start_kindergarten,
                        s.record as start_text, e.at as end_at, e.action as end_action, e.record as end_text
                 from viewings v
                 left join audit_records s on s.position = v.started_record
                 left join audit_records e on e.position = v.ended_record
                 where v.id > $1 order by v.id limit $2",
                args![&last, BATCH],
            )
            .await?;
        let Some(row) = rows.last() else { break };
        last = row.id.to_string();
        for row in &rows {
            if !row.start_is_told() {
                return Err(Wrong::Viewing(row.started_record.unsigned_abs()).at(Place::Viewing(row.id)));
            }
            if !row.end_is_told() {
                let record = row.ended_record.unwrap_or(row.started_record);
                return Err(Wrong::Viewing(record.unsigned_abs()).at(Place::Viewing(row.id)));
            }
        }
        report.viewings += rows.len() as u64;
    }
    untold(db, report.records).await
}

/// A record of a viewing whose row is gone, or says nothing of its end.
async fn untold(db: &Db, records: u64) -> Result<(), Stop> {
    let starts = "select min(r.position) from audit_records r where r.action = 'viewing_started' and r.position < $1
         and not exists (select 1 from viewings v where v.started_record = r.position)";
    let ends = "select min(r.position) from audit_records r where r.action = 'viewing_ended' and r.position < $1
         and not exists (select 1 from viewings v where v.ended_record = r.position)";
    for sql in [starts, ends] {
        let row: Option<(Option<i64>,)> = db.row(sql, args![column(records)]).await?;
        if let Some((Some(position),)) = row {
            return Err(Wrong::NoViewing.at(Place::Record(position.unsigned_abs())));
        }
    }
    Ok(())
}

impl Row {
    fn start_is_told(&self) -> bool {
        self.start_at == Some(self.started_at)
            && self.start_action.as_deref() == Some(Action::ViewingStarted.word())
            && self.start_kindergarten.as_ref() == Some(&self.kindergarten_id)
            && self.told_by(self.start_text.as_deref(), |text| text.actor.as_ref() == Some(&self.account_id))
    }

    fn end_is_told(&self) -> bool {
        if self.ended_record.is_none() {
            return self.ended_at.is_none() && self.end_code.is_none();
        }
        self.end_at.is_some()
            && self.end_at == self.ended_at
            && self.end_action.as_deref() == Some(Action::ViewingEnded.word())
            && self.told_by(self.end_text.as_deref(), |text| text.details.code == self.end_code)
    }

    /// Whether the text is about this viewing and its camera, and `more` holds. Of an erased record nothing is left to compare.
    fn told_by(&self, text: Option<&str>, more: impl FnOnce(&Text) -> bool) -> bool {
        let Some(text) = text else { return true };
        let subject = format!("viewing:{}", self.id);
        let read = serde_json::from_str::<Text>(text);
        read.is_ok_and(|text| text.subject == subject && text.details.camera == self.camera_id && more(&text))
    }
}
