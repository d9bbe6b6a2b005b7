//! What will happen if cameras go on as they do: told while something can still be done about it.

use super::{Keeper, Parts};
use crate::{
    db::{DbError, kept, recording_rules, recording_rules::Ruled},
    recording::forecast::{self, Flow, Forecast, Room},
};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// From how much of the past it is reckoned what a camera sends.
const LATELY: SignedDuration = SignedDuration::from_hours(24);
/// Less says nothing of a camera yet.
const ENOUGH_MILLIS: i64 = 5 * 60 * 1000;

impl Keeper {
    /// Reckons anew what will happen.
    pub(super) async fn foresee(&self) -> Result<(), DbError> {
        let Parts { db, clock, reserve, records, .. } = &self.parts;
        let now = clock.now();
        let amounts = kept::amounts(db).await?;
        let kept = amounts.iter().map(|amount| amount.in_folder.unsigned_abs()).sum();
        self.metrics.kept(amounts.iter().map(|amount| amount.bytes).sum());
        let mut flows = Vec::new();
        for Ruled { camera, rule, .. } in recording_rules::all(db).await?.into_iter().filter(Ruled::is_recorded) {
            let lately = kept::lately(db, camera, now.saturating_sub(LATELY).unwrap_or(Timestamp::MIN)).await?;
            let since = amounts.iter().find(|amount| amount.camera_id == camera).map_or(now, |amount| amount.since);
            if lately.millis >= ENOUGH_MILLIS {
                let per_day = lately.bytes.unsigned_abs().saturating_mul(LATELY.as_secs().unsigned_abs())
                    / (lately.millis.unsigned_abs() / 1000);
                flows.push(Flow { camera, per_day, rule, since });
            }
        }
        let free = self.free().await.map(|free| free.saturating_sub(*reserve));
        // Where files are moved on to object storage, the disk only carries them for a while.
        let room = free.filter(|_| self.parts.store.objects().is_none()).map(|free| Room { kept, free });
        let forecast = if *records { forecast::forecast(&flows, room, now) } else { Forecast::default() };
        self.metrics.forecast(&forecast);
        self.forecast.send_if_modified(|shown| {
            let changed = **shown != forecast;
            if changed {
                tell(&forecast);
                *shown = Arc::new(forecast);
            }
            changed
        });
        Ok(())
    }
}
/// Tells the operator, too.
fn tell(forecast: &Forecast) {
    if let Some(fits) = forecast.fits {
        let Forecast { wanted, per_day, .. } = forecast;
        tracing::warn!(
            wanted,
            fits,
            gigabytes_a_day = per_day / 1_000_000_000,
            "the disk of the recordings holds fewer days than asked for"
        );
    }
}
