//! The clock that retention goes by, looked at every minute; what is believed of it outlasts a restart.

use super::{Keeper, Parts};
use crate::{
    db::{DbError, believed_time},
    recording::calendar::{Calendar, Doubt},
};

impl Keeper {
    /// Why the clock is not believed now, if it is not. Whoever answers for the recordings is told of a change.
    pub(super) async fn look_at_the_clock(&self) -> Result<Option<Doubt>, DbError> {
        let Parts { db, clock, .. } = &self.parts;
        let mut calendar = self.calendar.lock().await;
        let (now, passed) = (clock.now(), clock.passed());
        let mut known = if let Some(known) = *calendar {
            known
        } else {
            let (last, doubted) = believed_time::last(db).await?.unwrap_or((now, false));
            Calendar::new(last, doubted, now, passed)
        };
        let doubt = known.look(now, passed);
        let before = *self.doubt.borrow();
        // In doubt the time that was believed last stays; a restart is no proof of another.
        if doubt.is_none() || doubt != before {
            believed_time::set(db, known.believed(), doubt.is_some()).await?;
        }
        *calendar = Some(known);
        if doubt != before {
            tell(before, doubt);
            self.metrics.doubted(doubt.is_some());
            self.doubt.send_replace(doubt);
            // Whoever shows what will happen shows this beside it, and looks when that changes.
            self.forecast.send_modify(|_| {});
        }
        Ok(doubt)
    }
}

/// Tells the operator.
fn tell(before: Option<Doubt>, doubt: Option<Doubt>) {
    match (before, doubt) {
        (_, Some(doubt)) => {
            let (code, Doubt { expected, shown, until }) = (doubt.code(), doubt);
            tracing::error!(code, %expected, %shown, %until, "the clock was set: no recording goes because of its age until it is right again");
        }
        (Some(_), None) => tracing::info!("the clock is believed again: recordings go when their days are over"),
        (None, None) => {}
    }
}
