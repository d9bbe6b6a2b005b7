//! Rows of facts: inserted, and ended, never changed.

use super::Performer;
use crate::{
    apply::{
        fact::Fact,
        thing::{Key, Kind},
    },
    args,
    db::{DbError, Tx},
    id::{
        AccountId, AssignmentId, CameraId, ChildId, EnrolmentId, ExceptionId, GroupId, GuardianshipId, HoursId, KindergartenId,
        MaskId, PauseId, PlacementId, RecordingRuleId,
    },
};
use jiff::Timestamp;

/// The row `id` is known no more from `now` on.
pub(super) async fn end(tx: &Tx, id: &str, fact: &Fact, now: Timestamp) -> Result<(), DbError> {
    let sql = match fact {
        Fact::Placement { .. } => "update placements set until = $2 where id = $1",
        Fact::Mask { .. } => "update masks set until = $2 where id = $1",
        Fact::Recording { .. } => "update recording_rules set until = $2 where id = $1",
        Fact::Enrolment { .. } => "update enrolments set until = $2 where id = $1",
        Fact::Guardianship { .. } => "update guardianships set until = $2 where id = $1",
        Fact::Assignment { .. } => "update assignments set until = $2 where id = $1",
        Fact::Hours { .. } => "update hours set until = $2 where id = $1",
        Fact::Exception { .. } => "update exceptions set until = $2 where id = $1",
        Fact::Pause { .. } => "update pauses set until = $2 where id = $1",
    };
    tx.execute(sql, args![id, now]).await.map(drop)
}

/// Inserts a row, known from now on; returns its id.
pub(super) async fn add(performer: &mut Performer<'_>, home: &Key, fact: &Fact) -> Result<String, DbError> {
    let (at, now) = (performer.moment(), performer.now);
    let performer = &*performer;
    let tx = performer.tx;
    let of: KindergartenId = performer.id(home, Kind::Kindergarten, home).await?;
    match fact {
        Fact::Placement { camera, group, sound } => {
            let id = PlacementId::new(at);
            let (camera, group) = (performer.camera(home, camera).await?, performer.group(home, group.as_ref()).await?);
            let sql =
                "insert into placements (id, kindergarten_id, camera_id, group_id, sound, since) values ($1, $2, $3, $4, $5, $6)";
            tx.execute(sql, args![id, of, camera, group, *sound, now]).await?;
            Ok(id.to_string())
        }
        Fact::Mask { camera, area } => {
            let id = MaskId::new(at);
            let camera = performer.camera(home, camera).await?;
            let [x, y, width, height] = area.numbers().map(i64::from);
            let sql = "insert into masks (id, kindergarten_id, camera_id, x, y, width, height, since) values ($1, $2, $3, $4, $5, $6, $7, $8)";
            tx.execute(sql, args![id, of, camera, x, y, width, height, now]).await?;
            Ok(id.to_string())
        }
        Fact::Recording { camera, recorded, stream, days, bytes } => {
            let id = RecordingRuleId::new(at);
            let camera = match camera {
                Some(camera) => Some(performer.camera(home, camera).await?),
                None => None,
            };
            let bytes = bytes.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX));
            let sql = "insert into recording_rules (id, kindergarten_id, camera_id, recorded, quality, days, bytes, since) \
                       values ($1, $2, $3, $4, $5, $6, $7, $8)";
            tx.execute(sql, args![id, of, camera, *recorded, *stream, *days, bytes, now]).await?;
            Ok(id.to_string())
        }
        Fact::Enrolment { child, group, from, to } => {
            let id = EnrolmentId::new(at);
            let child: ChildId = performer.id(home, Kind::Child, child).await?;
            let group = performer.group(home, Some(group)).await?;
            let sql = "insert into enrolments (id, kindergarten_id, child_id, group_id, first_day, last_day, since) \
                       values ($1, $2, $3, $4, $5, $6, $7)";
            tx.execute(sql, args![id, of, child, group, *from, *to, now]).await?;
            Ok(id.to_string())
        }
        Fact::Guardianship { account, child, from, to, restricted, reference } => {
            let id = GuardianshipId::new(at);
            let account: AccountId = performer.id(home, Kind::Account, account).await?;
            let child: ChildId = performer.id(home, Kind::Child, child).await?;
            let sql = "insert into guardianships (id, kindergarten_id, account_id, child_id, first_day, last_day, restricted, reference, \
                       since) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
            tx.execute(sql, args![id, of, account, child, *from, *to, *restricted, reference.clone(), now]).await?;
            Ok(id.to_string())
        }
        Fact::Assignment { account, from, to } => {
            let id = AssignmentId::new(at);
            let account: AccountId = performer.id(home, Kind::Account, account).await?;
            let sql = "insert into assignments (id, kindergarten_id, account_id, first_day, last_day, since) values ($1, $2, $3, $4, $5, $6)";
            tx.execute(sql, args![id, of, account, *from, *to, now]).await?;
            Ok(id.to_string())
        }
        Fact::Hours { group, weekday, span } => {
            let id = HoursId::new(at);
            let group = performer.group(home, group.as_ref()).await?;
            let sql = "insert into hours (id, kindergarten_id, group_id, weekday, span, since) values ($1, $2, $3, $4, $5, $6)";
            tx.execute(sql, args![id, of, group, i64::from(*weekday), *span, now]).await?;
            Ok(id.to_string())
        }
        Fact::Exception { group, date, spans, reason } => {
            let id = ExceptionId::new(at);
            let group = performer.group(home, group.as_ref()).await?;
            let sql = "insert into exceptions (id, kindergarten_id, group_id, date, spans, reason, since) values ($1, $2, $3, $4, $5, $6, $7)";
            tx.execute(sql, args![id, of, group, *date, spans, reason, now]).await?;
            Ok(id.to_string())
        }
        Fact::Pause { group, camera, from, until, reason } => {
            let id = PauseId::new(at);
            let group = performer.group(home, group.as_ref()).await?;
            let camera = match camera {
                Some(camera) => Some(performer.camera(home, camera).await?),
                None => None,
            };
            let sql = "insert into pauses (id, kindergarten_id, group_id, camera_id, starts_at, ends_at, reason, since) \
                       values ($1, $2, $3, $4, $5, $6, $7, $8)";
            tx.execute(sql, args![id, of, group, camera, *from, *until, reason, now]).await?;
            Ok(id.to_string())
        }
    }
}

impl Performer<'_> {
    async fn group(&self, home: &Key, key: Option<&Key>) -> Result<Option<GroupId>, DbError> {
        match key {
            Some(key) => self.id(home, Kind::Group, key).await.map(Some),
            None => Ok(None),
        }
    }

    async fn camera(&self, home: &Key, key: &Key) -> Result<CameraId, DbError> {
        self.id(home, Kind::Camera, key).await
    }
}
