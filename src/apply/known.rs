//! What the database holds now, in the words of the file.

use super::{
    check::{Elsewhere, OtherAccount},
    fact::Fact,
    merge::{Held, Known},
    thing::{Account, Key, Kind, Kindergarten, Source, Thing},
};
use crate::{
    args, console,
    db::{Day, DbError, Moment, Queries, cameras},
    id::{CameraId, KindergartenId},
    model::{Area, DaySpan, Language, Ownership, RecordedQuality, Role, Watermark},
    secret::Secrets,
};
use jiff::Timestamp;

/// The kindergarten with this key; empty when there is none.
pub(super) async fn load(db: &impl Queries, secrets: &Secrets, key: &Key, now: Timestamp) -> Result<Known, DbError> {
    let mut known = Known::default();
    let sql = "select id, name, bin, district, ownership, zone, languages, streams_per_account, viewers_per_camera, watermark from kindergartens \
               where key = $1 and removed_at is null";
    let Some(row) = db.row::<KindergartenRow>(sql, args![key]).await? else { return Ok(known) };
    let id = row.id;
    known.things.insert((Kind::Kindergarten, key.clone()), (id.to_string(), row.thing()?));
    things(db, secrets, id, &mut known).await?;
    facts(db, id, now, &mut known).await?;
    Ok(known)
}

/// The accounts that kindergartens other than `keys` declare, or nobody: those made in the console, by hand.
pub(super) async fn elsewhere(db: &impl Queries, keys: &[&str]) -> Result<Elsewhere, DbError> {
    let sql = "select accounts.key, login, role, kindergartens.key from accounts \
               left join kindergartens on kindergartens.id = kindergarten_id where accounts.removed_at is null";
    let rows: Vec<(Option<Key>, String, Role, Option<Key>)> = db.rows(sql, args![]).await?;
    let others = rows.into_iter().filter(|(key, .., home)| {
        key.as_deref().is_none_or(console::is_own) || home.as_deref().is_none_or(|home| !keys.contains(&home))
    });
    Ok(Elsewhere { accounts: others.map(|(key, login, role, _)| OtherAccount { key, login, role }).collect() })
}

async fn things(db: &impl Queries, secrets: &Secrets, id: KindergartenId, known: &mut Known) -> Result<(), DbError> {
    let named = "select id, key, name from groups where kindergarten_id = $1 and removed_at is null";
    for (id, key, name) in db.rows::<(String, Key, String)>(named, args![id]).await? {
        known.things.insert((Kind::Group, key), (id, Thing::Group { name }));
    }
    let named = "select id, key, name from children where kindergarten_id = $1 and removed_at is null";
    for (id, key, name) in db.rows::<(String, Key, String)>(named, args![id]).await? {
        known.things.insert((Kind::Child, key), (id, Thing::Child { name }));
    }
    let sealed = "select id, key, name, source from cameras where kindergarten_id = $1 and removed_at is null";
    for (id, key, name, source) in db.rows::<(CameraId, Key, String, String)>(sealed, args![id]).await? {
        let source = Box::new(Source::from(cameras::open(secrets, id, &source)?));
        known.things.insert((Kind::Camera, key), (id.to_string(), Thing::Camera { name, source }));
    }
    let declared = "select id, key, login, name, role, language, external_id from accounts \
                    where kindergarten_id = $1 and key is not null and removed_at is null";
    for row in db.rows::<AccountRow>(declared, args![id]).await? {
        let account =
            Account { login: row.login, name: row.name, role: row.role, language: row.language, external_id: row.external_id };
        known.things.insert((Kind::Account, row.key), (row.id, Thing::Account(account)));
    }
    Ok(())
}

/// The facts in force. An account that was made by hand has no key, and stands with one that no file can have.
async fn facts(db: &impl Queries, id: KindergartenId, now: Timestamp, known: &mut Known) -> Result<(), DbError> {
    type Group = Option<Key>;
    let mut add = |id: String, fact: Fact| known.facts.insert(fact, Held { id, ordered: false });

    let sql = "select f.id, c.key, g.key, f.sound from placements f join cameras c on c.id = f.camera_id \
               left join groups g on g.id = f.group_id where f.kindergarten_id = $1 and f.until is null";
    for (id, camera, group, sound) in db.rows::<(String, Key, Group, bool)>(sql, args![id]).await? {
        add(id, Fact::Placement { camera, group, sound });
    }
    let sql = "select f.id, c.key, f.x, f.y, f.width, f.height from masks f join cameras c on c.id = f.camera_id \
               where f.kindergarten_id = $1 and f.until is null";
    for (id, camera, x, y, width, height) in db.rows::<(String, Key, i64, i64, i64, i64)>(sql, args![id]).await? {
        let area = Area::new([x, y, width, height]).ok_or_else(|| DbError::Unreadable("an area of a picture".to_owned()))?;
        add(id, Fact::Mask { camera, area });
    }
    let sql = "select f.id, c.key, f.recorded, f.quality, f.days, f.bytes from recording_rules f left join cameras c on c.id = f.camera_id \
               where f.kindergarten_id = $1 and f.until is null and c.removed_at is null";
    for (id, camera, recorded, stream, days, bytes) in
        db.rows::<(String, Option<Key>, bool, RecordedQuality, i64, Option<i64>)>(sql, args![id]).await?
    {
        let unreadable = |_| DbError::Unreadable("a recording rule".to_owned());
        let days = u32::try_from(days).map_err(unreadable)?;
        let bytes = bytes.map(u64::try_from).transpose().map_err(unreadable)?;
        add(id, Fact::Recording { camera, recorded, stream, days, bytes });
    }
    let sql = "select f.id, c.key, g.key, f.first_day, f.last_day from enrolments f join children c on c.id = f.child_id \
               join groups g on g.id = f.group_id where f.kindergarten_id = $1 and f.until is null";
    for (id, child, group, from, to) in db.rows::<(String, Key, Key, Day, Option<Day>)>(sql, args![id]).await? {
        add(id, Fact::Enrolment { child, group, from: from.0, to: to.map(|to| to.0) });
    }
    let sql = "select f.id, coalesce(a.key, '@' || a.id) as account, c.key as child, f.first_day, f.last_day, f.restricted, f.reference from guardianships f \
               join accounts a on a.id = f.account_id join children c on c.id = f.child_id where f.kindergarten_id = $1 and f.until is null";
    for row in db.rows::<GuardianshipRow>(sql, args![id]).await? {
        let (from, to) = (row.first_day.map(|day| day.0), row.last_day.map(|day| day.0));
        let GuardianshipRow { id, account, child, restricted, reference, .. } = row;
        add(id, Fact::Guardianship { account, child, from, to, restricted, reference });
    }
    let sql = "select f.id, coalesce(a.key, '@' || a.id), f.first_day, f.last_day from assignments f join accounts a on a.id = f.account_id \
               where f.kindergarten_id = $1 and f.until is null";
    for (id, account, from, to) in db.rows::<(String, Key, Day, Day)>(sql, args![id]).await? {
        add(id, Fact::Assignment { account, from: from.0, to: to.0 });
    }
    let sql = "select f.id, g.key, f.weekday, f.span from hours f left join groups g on g.id = f.group_id \
               where f.kindergarten_id = $1 and f.until is null";
    for (id, group, weekday, span) in db.rows::<(String, Group, i64, DaySpan)>(sql, args![id]).await? {
        let weekday = i8::try_from(weekday).map_err(|error| DbError::Unreadable(error.to_string()))?;
        add(id, Fact::Hours { group, weekday, span });
    }
    let sql = "select f.id, g.key, f.date, f.spans, f.reason, f.account_id is not null from exceptions f \
               left join groups g on g.id = f.group_id where f.kindergarten_id = $1 and f.until is null";
    for (id, group, date, spans, reason, ordered) in db.rows::<(String, Group, Day, String, String, bool)>(sql, args![id]).await? {
        known.facts.insert(Fact::Exception { group, date: date.0, spans, reason }, Held { id, ordered });
    }
    let sql = "select f.id, g.key, c.key, f.starts_at, f.ends_at, f.reason, f.account_id is not null from pauses f \
               left join groups g on g.id = f.group_id left join cameras c on c.id = f.camera_id \
               where f.kindergarten_id = $1 and f.ends_at > $2 and f.until is null";
    for (id, group, camera, from, until, reason, ordered) in
        db.rows::<(String, Group, Option<Key>, Moment, Moment, String, bool)>(sql, args![id, now]).await?
    {
        known.facts.insert(Fact::Pause { group, camera, from: from.0, until: until.0, reason }, Held { id, ordered });
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct KindergartenRow {
    id: KindergartenId,
    name: String,
    bin: Option<String>,
    district: Option<String>,
    ownership: Option<Ownership>,
    zone: String,
    languages: String,
    streams_per_account: i64,
    viewers_per_camera: i64,
    watermark: Watermark,
}

impl KindergartenRow {
    fn thing(self) -> Result<Thing, DbError> {
        let number = |number: i64| u32::try_from(number).map_err(|error| DbError::Unreadable(error.to_string()));
        let languages: Result<Vec<Language>, _> = self.languages.split(',').map(str::parse).collect();
        Ok(Thing::Kindergarten(Kindergarten {
            name: self.name,
            bin: self.bin,
            district: self.district,
            ownership: self.ownership,
            zone: self.zone,
            languages: languages.map_err(|error| DbError::Unreadable(error.to_string()))?,
            streams_per_account: number(self.streams_per_account)?,
            viewers_per_camera: number(self.viewers_per_camera)?,
            watermark: Some(self.watermark),
        }))
    }
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: String,
    key: Key,
    login: String,
    name: String,
    role: Role,
    language: Language,
    external_id: Option<String>,
}

#[derive(sqlx::FromRow)]
struct GuardianshipRow {
    id: String,
    account: Key,
    child: Key,
    first_day: Option<Day>,
    last_day: Option<Day>,
    restricted: bool,
    reference: Option<String>,
}
