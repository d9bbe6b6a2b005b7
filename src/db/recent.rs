//! What was changed lately in a kindergarten.

use super::{
    DbError, Moment, Queries,
    pauses::PauseRow,
    site::{CameraRow, HoursRow},
};
use crate::{
    args,
    id::{AccountId, ChildId, KindergartenId},
    model::{Camera, HoursLine, Lasting, Pause, Recent},
};
use jiff::{SignedDuration, Timestamp};

/// News are told for a week by the kindergarten's clock, whatever its zone.
const BACK: SignedDuration = SignedDuration::from_hours(9 * 24);

/// The facts of `kindergarten` that were so at some moment of the week before `at`, or since.
pub async fn load(db: &impl Queries, kindergarten: KindergartenId, at: Timestamp) -> Result<Recent, DbError> {
    let when = args![kindergarten, at.saturating_sub(BACK).unwrap_or(Timestamp::MIN)];
    let hours = "select * from hours where kindergarten_id = $1 and (until is null or until > $2) order by id";
    let hours: Vec<LastingRow<HoursRow>> = db.rows(hours, when).await?;
    let cameras = "select c.id, c.name, p.group_id, p.sound, p.since, p.until from placements p join cameras c on c.id = p.camera_id \
         where p.kindergarten_id = $1 and (p.until is null or p.until > $2) order by p.id";
    let cameras: Vec<LastingRow<CameraRow>> = db.rows(cameras, when).await?;
    let pauses = "select id, group_id, camera_id, account_id, starts_at, case when until < ends_at then until else ends_at end as ends_at, \
         reason from pauses where kindergarten_id = $1 and ends_at > $2 order by id";
    let pauses: Vec<PauseRow> = db.rows(pauses, when).await?;
    let came =
        "select account_id, child_id, min(since) from guardianships where kindergarten_id = $1 group by account_id, child_id";
    let came: Vec<(AccountId, ChildId, Moment)> = db.rows(came, args![kindergarten]).await?;
    Ok(Recent {
        hours: hours.into_iter().map(|row| row.lasting(HoursLine::try_from)).collect::<Result<_, _>>()?,
        cameras: cameras.into_iter().map(|row| row.lasting(|row| Ok(Camera::from(row)))).collect::<Result<_, DbError>>()?,
        pauses: pauses.into_iter().map(Pause::from).collect(),
        came: came.into_iter().map(|(account, child, since)| (account, child, since.0)).collect(),
    })
}

#[derive(sqlx::FromRow)]
struct LastingRow<W> {
    #[sqlx(flatten)]
    what: W,
    since: Moment,
    until: Option<Moment>,
}

impl<W> LastingRow<W> {
    fn lasting<T>(self, what: impl FnOnce(W) -> Result<T, DbError>) -> Result<Lasting<T>, DbError> {
        Ok(Lasting { what: what(self.what)?, since: self.since.0, until: self.until.map(Timestamp::from) })
    }
}
