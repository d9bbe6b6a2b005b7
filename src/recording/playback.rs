//! Looking at a recording: it is opened under a [`Replay`] of the policy, is on record from then on, and is over by itself.

use crate::{
    audit::{self, Action, Record},
    db::{
        Db, DbError, Tx,
        playbacks::{self, PlaybackRow},
    },
    id::PlaybackId,
    policy::Replay,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The longest day there is, in which a clock is put back.
const LONGEST: SignedDuration = SignedDuration::from_hours(25);
/// Who looks for longer says again why.
const LASTS: SignedDuration = SignedDuration::from_hours(12);

/// Why nothing was opened.
#[derive(Debug, thiserror::Error)]
pub enum NotOpened {
    /// It would end before it begins, or be longer than a day.
    #[error("a playback is of a span of up to a day")]
    Span,
    /// It could not be written down, so it must not be.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Opens what was recorded from `from` until `to`, or will be; the record of it says who looks, at what, and why.
pub async fn open(db: &Db, replay: &Replay, from: Timestamp, to: Timestamp, now: Timestamp) -> Result<PlaybackRow, NotOpened> {
    if to <= from || from.duration_until(to) > LONGEST {
        return Err(NotOpened::Span);
    }
    let row = PlaybackRow {
        id: PlaybackId::new(now),
        account: replay.account(),
        kindergarten: replay.kindergarten(),
        camera: replay.camera(),
        reason: replay.reason().to_owned(),
        starts_at: from,
        ends_at: to,
        opened_at: now,
        seen_at: now,
        ended_at: None,
    };
    let tx = db.begin().await?;
    playbacks::open(&tx, &row).await?;
    let details = json!({ "camera": row.camera, "from": from, "to": to, "reason": row.reason });
    record(&tx, &row, Action::RecordingOpened, details, now).await?;
    tx.commit().await?;
    Ok(row)
}

/// Ends it. One that is over stays as it is.
pub async fn end(db: &Db, row: &PlaybackRow, now: Timestamp) -> Result<(), DbError> {
    let tx = db.begin().await?;
    if !playbacks::end(&tx, row.id, now).await? {
        return Ok(());
    }
    record(&tx, row, Action::RecordingClosed, json!({ "camera": row.camera }), now).await?;
    tx.commit().await
}

/// Whether it is over at `now`: it was ended, or was opened too long ago.
pub fn is_over(row: &PlaybackRow, now: Timestamp) -> bool {
    row.ended_at.is_some() || row.opened_at.duration_until(now) >= LASTS
}

async fn record(tx: &Tx, row: &PlaybackRow, action: Action, details: Value, at: Timestamp) -> Result<(), DbError> {
    let (actor, kindergarten) = (Some(row.account), Some(row.kindergarten));
    let record = Record { at, actor, kindergarten, action, subject: format!("playback:{}", row.id), details };
    audit::append(tx, record).await.map(drop)
}
