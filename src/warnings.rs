//! Tells directors by message what is, or will be, missing of their recordings: while something can still be done about it, at most once a
//! day for each matter, and not at night. Without a gateway for messages the pages tell it alone.

use crate::{
    audit::{self, Action, Record},
    db::{
        Db, DbError, kindergartens,
        kindergartens::Listed,
        recording_rules::{self, Ruled},
        warnings::{self, Receiver},
    },
    id::CameraId,
    messages::{Message, Messages, Warning},
    recording::{
        calendar::Doubt,
        forecast::{Forecast, ShortOf},
    },
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::json;
use std::{collections::BTreeSet, ops::Range};

/// How often it is looked whether there is something to tell.
pub const LOOK: SignedDuration = SignedDuration::from_hours(1);
/// A matter is told again after so long.
const AGAIN: SignedDuration = SignedDuration::from_hours(24);
/// A camera that has not been recorded for so long is told of: longer than a power cut, shorter than a night.
const SILENT: SignedDuration = SignedDuration::from_hours(6);
/// The hours by the kindergarten's clock in which somebody may be told.
const DAY: Range<i8> = 7..21;

/// What is looked at, and the way to tell it.
#[derive(Clone, Copy)]
pub struct Warner<'a> {
    /// The database.
    pub db: &'a Db,
    /// The gateways.
    pub messages: &'a Messages,
    /// The address of the pages.
    pub page: &'a str,
    /// Whether recordings will fit.
    pub forecast: &'a Forecast,
    /// Why the clock is not believed, if it is not.
    pub doubt: Option<Doubt>,
}

impl Warner<'_> {
    /// Tells whatever there is to tell at `now`.
    ///
    /// # Errors
    /// The database fails. What a gateway does not take is in the log, and is told again the next day.
    pub async fn tell(self, now: Timestamp) -> Result<(), DbError> {
        let ruled = recording_rules::all(self.db).await?;
        for kindergarten in kindergartens::all(self.db).await? {
            let zone = TimeZone::get(&kindergarten.zone).unwrap_or(TimeZone::UTC);
            if !DAY.contains(&zone.to_datetime(now).hour()) {
                continue;
            }
            let cameras = ruled.iter().filter(|ruled| ruled.kindergarten == kindergarten.id && ruled.is_recorded());
            for (warning, cameras) in self.warnings(&kindergarten, cameras.collect(), now).await? {
                self.tell_of(&kindergarten, &warning, &cameras, now).await?;
            }
        }
        Ok(())
    }

    /// What there is to tell of a kindergarten, and the cameras that each of it is about.
    async fn warnings(
        self,
        kindergarten: &Listed,
        recorded: Vec<&Ruled>,
        now: Timestamp,
    ) -> Result<Vec<(Warning, BTreeSet<CameraId>)>, DbError> {
        let mut all = Vec::new();
        if recorded.is_empty() {
            return Ok(all);
        }
        for cause in [ShortOf::Room, ShortOf::Bytes] {
            let short = recorded.iter().filter_map(|ruled| Some((ruled.camera, self.forecast.shortfalls.get(&ruled.camera)?)));
            let short: Vec<_> = short.filter(|(_, short)| short.cause == cause).collect();
            let fits = short.iter().map(|(_, short)| short.fits).min();
            if let Some((fits, wanted)) = fits.zip(short.iter().map(|(_, short)| short.wanted).max()) {
                let warning = match cause {
                    ShortOf::Room => Warning::Room { fits, wanted },
                    ShortOf::Bytes => Warning::Bytes { fits, wanted },
                };
                all.push((warning, short.into_iter().map(|(camera, _)| camera).collect()));
            }
        }
        let mut silent = warnings::silences(self.db, kindergarten.id).await?;
        silent.retain(|it| now.duration_since(it.since()) >= SILENT && recorded.iter().any(|ruled| ruled.camera == it.camera_id));
        if !silent.is_empty() {
            let cameras = silent.iter().map(|it| it.name.clone()).collect();
            let warning = Warning::Silent { hours: SILENT.as_hours(), cameras };
            all.push((warning, silent.into_iter().map(|it| it.camera_id).collect()));
        }
        if self.doubt.is_some() {
            all.push((Warning::Clock, BTreeSet::new()));
        }
        Ok(all)
    }

    /// Tells the directors of one thing, unless they were told within a day.
    async fn tell_of(
        self,
        kindergarten: &Listed,
        warning: &Warning,
        cameras: &BTreeSet<CameraId>,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut receivers = warnings::receivers(self.db, kindergarten.id, now).await?;
        receivers.retain(|receiver| self.messages.way_to(&receiver.login).is_some());
        if receivers.is_empty() {
            return Ok(());
        }
        let accounts: Vec<_> = receivers.iter().map(|receiver| receiver.id).collect();
        let tx = self.db.begin().await?;
        // Written down first: neither a restart nor another gateway tells it a second time.
        let before = now.saturating_sub(AGAIN).unwrap_or(Timestamp::MIN);
        if !warnings::tell(&tx, kindergarten.id, warning.matter(), before, now).await? {
            return Ok(());
        }
        let record = Record {
            at: now,
            actor: None,
            kindergarten: Some(kindergarten.id),
            action: Action::DirectorsWarned,
            subject: format!("kindergarten:{}", kindergarten.id),
            details: json!({ "matter": warning.matter(), "cameras": cameras, "accounts": accounts }),
        };
        audit::append(&tx, record).await?;
        tx.commit().await?;
        for Receiver { login, language, .. } in receivers {
            let message = Message::warning(language, &kindergarten.name, warning, self.page);
            let Some(way) = self.messages.way_to(&login) else { continue };
            if let Err(error) = self.messages.send(way, &login, &message).await {
                tracing::warn!(%error, matter = warning.matter(), "a director is not told by message; the page tells it");
            }
        }
        Ok(())
    }
}
