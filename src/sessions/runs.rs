//! Runs of the program. A run that dies cannot end its viewings; the next one to look ends them at the moment when the dead one was
//! last known to live, and says so.

use super::Sessions;
use crate::db::{DbError, runs, viewings};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// How often a run says that it lives.
const BEAT: Duration = Duration::from_secs(5);

/// A run that has been silent for so long is dead.
const SILENCE: SignedDuration = SignedDuration::from_secs(30);

/// Why the viewings of a dead run ended, as far as anybody knows.
const SERVER_LOST: &str = "server_lost";

impl Sessions {
    pub(super) async fn begin_run(&self, now: Timestamp) -> Result<(), DbError> {
        runs::begin(&self.0.parts.db, self.0.run, now).await?;
        self.bury_the_dead(now).await
    }

    /// Until the program stops: says that it lives, and looks for runs that do not.
    pub(super) async fn keep_alive(self) {
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while self.0.stop.run_until_cancelled(beat.tick()).await.is_some() {
            let now = self.0.parts.clock.now();
            let beaten = async {
                runs::beat(&self.0.parts.db, self.0.run, now).await?;
                self.bury_the_dead(now).await
            };
            if let Err(error) = beaten.await {
                tracing::error!(%error, "this run cannot say that it lives");
            }
        }
    }

    pub(super) async fn end_run(&self) {
        let now = self.0.parts.clock.now();
        if let Err(error) = runs::end(&self.0.parts.db, self.0.run, now).await {
            tracing::error!(%error, "the end of this run is not written down");
        }
    }

    async fn bury_the_dead(&self, now: Timestamp) -> Result<(), DbError> {
        let silent_since = now.saturating_sub(SILENCE).unwrap_or(Timestamp::MIN);
        for left in viewings::left_behind(&self.0.parts.db, self.0.run, silent_since).await? {
            self.end_row(&left.viewing, SERVER_LOST, left.alive_at).await?;
        }
        Ok(())
    }
}
