//! How the machine does, for the operator.

use super::{CameraCounts, System};
use crate::{
    app::App,
    audit,
    db::{DbError, viewings},
    media::Health,
};
use jiff::{Timestamp, tz::TimeZone};

/// Kazakhstan has one clock since 2024-03-01; the operator's day is by it.
const ZONE: &str = "Asia/Almaty";

/// How the machine does at `now`.
pub(in crate::http) async fn system(app: &App, now: Timestamp) -> Result<System, DbError> {
    let log = audit::state(&app.db).await?;
    let mut cameras = CameraCounts::default();
    for state in app.media.states().borrow().values() {
        match state.health {
            Health::Online => cameras.online += 1,
            Health::Idle | Health::Connecting => cameras.idle += 1,
            _ => cameras.failed += 1,
        }
    }
    let viewers = app.sessions.watching().borrow().streams();
    let midnight = TimeZone::get(ZONE).ok().and_then(|zone| now.to_zoned(zone).start_of_day().ok());
    Ok(System {
        version: env!("CARGO_PKG_VERSION"),
        started_at: app.started_at,
        database: app.db.engine(),
        cameras,
        viewers,
        viewings_today: viewings::count_since(&app.db, midnight.map_or(now, |midnight| midnight.timestamp())).await?,
        audit_size: log.size,
        last_checkpoint_at: log.last_checkpoint_at,
    })
}
