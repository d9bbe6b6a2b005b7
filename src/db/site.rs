//! A kindergarten whole, as it stood at any moment.

use super::{
    Day, DbError, Queries, accounts, consents,
    hours::ExceptionRow,
    interruptions,
    known::{known, present},
    masks::MaskRow,
    mergers::MergerRow,
    pauses::PauseRow,
    recording_rules,
};
use crate::{
    args,
    id::{AbsenceId, AccountId, AssignmentId, CameraId, ChildId, EnrolmentId, GroupId, GuardianshipId, KindergartenId},
    model::{
        Absence, Account, Assignment, Camera, Child, DaySpan, Enrolment, Group, Guardianship, HoursLine, Kindergarten, Language,
        Limits, Posting, Site, Watermark,
    },
};
use jiff::{
    Timestamp,
    civil::{Date, Weekday},
    tz::TimeZone,
};

/// The kindergarten as it stood at `at`; `None` when there was none then.
pub async fn load(db: &impl Queries, id: KindergartenId, at: Timestamp) -> Result<Option<Site>, DbError> {
    let sql = "select id, name, district, zone, streams_per_account, viewers_per_camera, languages, watermark from kindergartens \
               where id = $1 and created_at <= $2 and (removed_at is null or removed_at > $2)";
    let Some(row) = db.row::<KindergartenRow>(sql, args![id, at]).await? else { return Ok(None) };
    let when = args![id, at];
    Ok(Some(Site {
        kindergarten: row.try_into()?,
        groups: model(db.rows::<GroupRow>(present!("select id, name from groups where kindergarten_id = $1"), when).await?)?,
        cameras: model(db.rows::<CameraRow>(CAMERAS, when).await?)?,
        former_cameras: model(db.rows::<CameraRow>(FORMER_CAMERAS, when).await?)?,
        masks: model(db.rows::<MaskRow>(known!("select * from masks where kindergarten_id = $1"), when).await?)?,
        children: model(db.rows::<ChildRow>(present!("select id, name from children where kindergarten_id = $1"), when).await?)?,
        enrolments: model(db.rows::<EnrolmentRow>(known!("select * from enrolments where kindergarten_id = $1"), when).await?)?,
        absences: model(db.rows::<AbsenceRow>(ABSENCES, args![id, at, yesterday(at)]).await?)?,
        mergers: model(db.rows::<MergerRow>(MERGERS, args![id, at, yesterday(at)]).await?)?,
        guardianships: model(
            db.rows::<GuardianshipRow>(known!("select * from guardianships where kindergarten_id = $1"), when).await?,
        )?,
        postings: model(db.rows::<PostingRow>(known!("select * from postings where kindergarten_id = $1"), when).await?)?,
        assignments: model(db.rows::<AssignmentRow>(known!("select * from assignments where kindergarten_id = $1"), when).await?)?,
        hours: model(db.rows::<HoursRow>(known!("select * from hours where kindergarten_id = $1"), when).await?)?,
        exceptions: model(db.rows::<ExceptionRow>(known!("select * from exceptions where kindergarten_id = $1"), when).await?)?,
        pauses: model(
            db.rows::<PauseRow>(known!("select * from pauses where kindergarten_id = $1 and ends_at > $2"), when).await?,
        )?,
        interruptions: interruptions::in_force(db, id, at).await?,
        recording_rules: recording_rules::known(db, id, at).await?,
        consents: consents::known(db, id, at).await?,
    }))
}

/// The kindergarten of `camera` as it stood at `at`; `None` when there was no such camera then.
pub async fn of_camera(db: &impl Queries, camera: CameraId, at: Timestamp) -> Result<Option<Site>, DbError> {
    let sql = present!("select kindergarten_id from cameras where id = $1");
    match db.row::<(KindergartenId,)>(sql, args![camera, at]).await? {
        Some((kindergarten,)) => load(db, kindergarten, at).await,
        None => Ok(None),
    }
}

/// Every kindergarten that `account` had to do with at `at`.
pub async fn of_account(db: &impl Queries, account: &Account, at: Timestamp) -> Result<Vec<Site>, DbError> {
    let mut sites = Vec::new();
    for kindergarten in accounts::kindergartens(db, account, at).await? {
        sites.extend(load(db, kindergarten, at).await?);
    }
    Ok(sites)
}

const CAMERAS: &str = "select c.id, c.name, p.group_id, p.sound from cameras c join placements p on p.camera_id = c.id \
     where c.kindergarten_id = $1 and c.created_at <= $2 and (c.removed_at is null or c.removed_at > $2) \
     and p.since <= $2 and (p.until is null or p.until > $2) order by c.id";

/// With their last places.
const FORMER_CAMERAS: &str = "select c.id, c.name, p.group_id, p.sound from cameras c join placements p on p.camera_id = c.id \
     where c.kindergarten_id = $1 and c.removed_at <= $2 and p.id = (select max(id) from placements where camera_id = c.id) \
     and exists (select 1 from segments s where s.camera_id = c.id and s.removed_at is null) order by c.id";

/// Those of long ago are many, and nobody asks for them.
const ABSENCES: &str = known!("select * from absences where kindergarten_id = $1 and last_day >= $3");

const MERGERS: &str = known!("select * from mergers where kindergarten_id = $1 and date >= $3");

/// The day before in the zone that is furthest behind: whatever the kindergarten's, nothing of today is left out.
fn yesterday(at: Timestamp) -> Date {
    let date = TimeZone::UTC.to_datetime(at).date();
    date.yesterday().unwrap_or(date)
}

fn model<R, M>(rows: Vec<R>) -> Result<Vec<M>, DbError>
where
    M: TryFrom<R>,
    DbError: From<M::Error>,
{
    rows.into_iter().map(|row| M::try_from(row).map_err(DbError::from)).collect()
}

#[derive(sqlx::FromRow)]
struct KindergartenRow {
    id: KindergartenId,
    name: String,
    district: Option<String>,
    zone: String,
    streams_per_account: i64,
    viewers_per_camera: i64,
    languages: String,
    watermark: Watermark,
}

impl TryFrom<KindergartenRow> for Kindergarten {
    type Error = DbError;

    fn try_from(row: KindergartenRow) -> Result<Self, DbError> {
        let number = |limit: i64| u32::try_from(limit).map_err(|error| DbError::Unreadable(error.to_string()));
        let languages: Result<Vec<Language>, _> = row.languages.split(',').map(str::parse).collect();
        Ok(Self {
            id: row.id,
            name: row.name,
            district: row.district,
            zone: TimeZone::get(&row.zone).map_err(|error| DbError::Unreadable(error.to_string()))?,
            limits: Limits {
                streams_per_account: number(row.streams_per_account)?,
                viewers_per_camera: number(row.viewers_per_camera)?,
            },
            languages: languages.map_err(|error| DbError::Unreadable(error.to_string()))?,
            watermark: row.watermark,
        })
    }
}

#[derive(sqlx::FromRow)]
struct GroupRow {
    id: GroupId,
    name: String,
}

impl From<GroupRow> for Group {
    fn from(row: GroupRow) -> Self {
        Self { id: row.id, name: row.name }
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct CameraRow {
    id: CameraId,
    name: String,
    group_id: Option<GroupId>,
    sound: bool,
}

impl From<CameraRow> for Camera {
    fn from(row: CameraRow) -> Self {
        Self { id: row.id, name: row.name, group: row.group_id, sound: row.sound }
    }
}

#[derive(sqlx::FromRow)]
struct ChildRow {
    id: ChildId,
    name: String,
}

impl From<ChildRow> for Child {
    fn from(row: ChildRow) -> Self {
        Self { id: row.id, name: row.name }
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct EnrolmentRow {
    id: EnrolmentId,
    child_id: ChildId,
    group_id: GroupId,
    first_day: Day,
    last_day: Option<Day>,
}

impl From<EnrolmentRow> for Enrolment {
    fn from(row: EnrolmentRow) -> Self {
        Self { id: row.id, child: row.child_id, group: row.group_id, from: row.first_day.0, to: row.last_day.map(|day| day.0) }
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct AbsenceRow {
    id: AbsenceId,
    child_id: ChildId,
    first_day: Day,
    last_day: Day,
}

impl From<AbsenceRow> for Absence {
    fn from(row: AbsenceRow) -> Self {
        Self { id: row.id, child: row.child_id, from: row.first_day.0, to: row.last_day.0 }
    }
}

#[derive(sqlx::FromRow)]
struct GuardianshipRow {
    id: GuardianshipId,
    account_id: AccountId,
    child_id: ChildId,
    first_day: Option<Day>,
    last_day: Option<Day>,
    restricted: bool,
}

impl From<GuardianshipRow> for Guardianship {
    fn from(row: GuardianshipRow) -> Self {
        let (from, to) = (row.first_day.map(|day| day.0), row.last_day.map(|day| day.0));
        Self { id: row.id, account: row.account_id, child: row.child_id, from, to, restricted: row.restricted }
    }
}

#[derive(sqlx::FromRow)]
struct PostingRow {
    account_id: AccountId,
    group_id: GroupId,
}

impl From<PostingRow> for Posting {
    fn from(row: PostingRow) -> Self {
        Self { account: row.account_id, group: row.group_id }
    }
}

#[derive(sqlx::FromRow)]
struct AssignmentRow {
    id: AssignmentId,
    account_id: AccountId,
    first_day: Day,
    last_day: Day,
}

impl From<AssignmentRow> for Assignment {
    fn from(row: AssignmentRow) -> Self {
        Self { id: row.id, account: row.account_id, from: row.first_day.0, to: row.last_day.0 }
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct HoursRow {
    group_id: Option<GroupId>,
    weekday: i64,
    span: DaySpan,
}

impl TryFrom<HoursRow> for HoursLine {
    type Error = DbError;

    fn try_from(row: HoursRow) -> Result<Self, DbError> {
        let weekday = i8::try_from(row.weekday).ok().and_then(|day| Weekday::from_monday_one_offset(day).ok());
        let weekday = weekday.ok_or_else(|| DbError::Unreadable("a weekday of the hours".to_owned()))?;
        Ok(Self { group: row.group_id, weekday, span: row.span })
    }
}
