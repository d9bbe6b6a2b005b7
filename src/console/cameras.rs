//! A kindergarten's cameras: added, changed and removed by its director.
//!
//! What a camera is called is its own; which room it shows, and whether sound goes with it, are facts about it that have a past; where
//! its streams come from is sealed, and told to nobody.

mod health;
mod masks;
mod recorder;
mod source;

pub use health::{DayOf, History, Outage, history};
pub use masks::{NotCovered, cover};
pub use recorder::{Recorder, Template};
pub use source::{BadSource, SourceWish};

use super::{own_key, text};
use crate::{
    audit::{self, Action, Record},
    db::{Db, DbError, Tx, cameras},
    id::{CameraId, GroupId},
    media::{CameraSource, Reach},
    model::{Camera, Scope},
    policy::Mandate,
    secret::Secrets,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// In characters.
const LONGEST_NAME: usize = 100;
/// What one kindergarten may have: more is a mistake.
const MOST: usize = 200;

/// How a camera is to be.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What it is called.
    pub name: String,
    /// The group whose room it shows; `None` for what all groups share.
    pub group: Option<GroupId>,
    /// Whether sound goes with the picture.
    pub sound: bool,
    /// Where its streams come from.
    pub source: SourceWish,
}

/// What is needed beside the mandate to change where streams come from.
#[derive(Debug, Clone, Copy)]
pub struct Means<'a> {
    /// Seals addresses and passwords.
    pub secrets: &'a Secrets,
    /// Which addresses may be a camera's.
    pub reach: Reach,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// The camera or the group is not one of this kindergarten's.
    #[error("not one of the kindergarten's groups or cameras")]
    NotTheirs,
    /// The name says nothing, too much, or more than one line.
    #[error("a name has 1 to 100 characters on one line")]
    Name,
    /// Where the streams come from.
    #[error(transparent)]
    Source(#[from] BadSource),
    /// The kindergarten has as many as it may.
    #[error("a kindergarten has at most 200 cameras")]
    TooMany,
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Adds cameras, all of them or none; their pages show them at once.
pub async fn add(
    db: &Db,
    means: Means<'_>,
    mandate: Mandate<'_>,
    wishes: Vec<Wish>,
    now: Timestamp,
) -> Result<Vec<Camera>, NotDone> {
    if mandate.site().cameras.len() + wishes.len() > MOST {
        return Err(NotDone::TooMany);
    }
    let mut added = Vec::new();
    for wish in wishes {
        let id = CameraId::new(now);
        let camera = checked(mandate, id, &wish)?;
        let source = reached(means, wish.source.onto(id, None)?).await?;
        added.push((camera, cameras::seal(means.secrets, &source)?));
    }
    let tx = db.begin().await?;
    tx.touch().await?;
    for (camera, sealed) in &added {
        cameras::insert(&tx, mandate.kindergarten(), &own_key(camera.id), camera, sealed, now).await?;
        audit::append(&tx, record(mandate, Action::FactAdded, camera, described(camera), now)).await?;
    }
    tx.commit().await?;
    Ok(added.into_iter().map(|(camera, _)| camera).collect())
}

/// Brings a camera to what `wish` says; what it says nothing of stays. Streams that are no longer allowed end within a second, and so
/// do those that came from elsewhere.
pub async fn change(
    db: &Db,
    means: Means<'_>,
    mandate: Mandate<'_>,
    id: CameraId,
    wish: Wish,
    now: Timestamp,
) -> Result<Camera, NotDone> {
    let camera = checked(mandate, id, &wish)?;
    let before = source_of(db, means, mandate, id).await?;
    let source = wish.source.onto(id, Some(&before))?;
    let moved = source != before;
    let source = if moved { reached(means, source).await? } else { source };

    let tx = db.begin().await?;
    tx.touch().await?;
    let Some(was) = cameras::as_it_is(&tx, mandate.kindergarten(), id).await? else { return Err(NotDone::NotTheirs) };
    if was != camera {
        cameras::change(&tx, &was, &camera, mandate.kindergarten(), now).await?;
        audit::append(&tx, record(mandate, Action::FactChanged, &camera, described(&camera), now)).await?;
    }
    if moved {
        cameras::set_source(&tx, id, &cameras::seal(means.secrets, &source)?).await?;
        audit::append(&tx, record(mandate, Action::SecretChanged, &camera, json!({}), now)).await?;
    }
    tx.commit().await?;
    Ok(camera)
}

/// Takes a camera away; its streams end within a second. `false` when it is gone already.
pub async fn remove(db: &Db, mandate: Mandate<'_>, id: CameraId, now: Timestamp) -> Result<bool, DbError> {
    let tx: Tx = db.begin().await?;
    tx.touch().await?;
    let Some(camera) = cameras::as_it_is(&tx, mandate.kindergarten(), id).await? else { return Ok(false) };
    cameras::remove(&tx, id, now).await?;
    audit::append(&tx, record(mandate, Action::FactEnded, &camera, described(&camera), now)).await?;
    tx.commit().await?;
    Ok(true)
}

/// The source that is to be looked at: what `wish` says, beside what is kept of `camera`. That somebody looks is on record, so that
/// nobody feels their way through a network unseen.
pub async fn tested(
    db: &Db,
    means: Means<'_>,
    mandate: Mandate<'_>,
    (camera, wish): (Option<CameraId>, SourceWish),
    now: Timestamp,
) -> Result<CameraSource, NotDone> {
    let before = match camera {
        Some(camera) => Some(source_of(db, means, mandate, camera).await?),
        None => None,
    };
    let source = wish.onto(camera.unwrap_or_else(|| CameraId::new(now)), before.as_ref())?;
    let source = reached(means, source).await?;
    looked(db, mandate, "camera_test", now).await?;
    Ok(source)
}

/// Writes down that somebody looks for cameras, or at one: `how` is the word for it.
pub async fn looked(db: &Db, mandate: Mandate<'_>, how: &str, at: Timestamp) -> Result<(), DbError> {
    let tx = db.begin().await?;
    let record = Record {
        at,
        actor: Some(mandate.account()),
        kindergarten: Some(mandate.kindergarten()),
        action: Action::NetworkLooked,
        subject: format!("kindergarten:{}", mandate.kindergarten()),
        details: json!({ "how": how }),
    };
    audit::append(&tx, record).await?;
    tx.commit().await
}

async fn source_of(db: &Db, means: Means<'_>, mandate: Mandate<'_>, id: CameraId) -> Result<CameraSource, NotDone> {
    if mandate.site().camera(id).is_none() {
        return Err(NotDone::NotTheirs);
    }
    cameras::source(db, means.secrets, id).await?.ok_or(NotDone::NotTheirs)
}

fn checked(mandate: Mandate<'_>, id: CameraId, wish: &Wish) -> Result<Camera, NotDone> {
    if !wish.group.is_none_or(|group| mandate.site().has(Scope::Group(group))) {
        return Err(NotDone::NotTheirs);
    }
    let name = text::line(&wish.name, LONGEST_NAME).ok_or(NotDone::Name)?;
    Ok(Camera { id, name, group: wish.group, sound: wish.sound })
}

/// `source`, unless it is where no camera may be.
async fn reached(means: Means<'_>, source: CameraSource) -> Result<CameraSource, BadSource> {
    if !means.reach.takes_host(&source.main).await {
        return Err(BadSource::Field("main"));
    }
    if let Some(sub) = &source.sub
        && !means.reach.takes_host(sub).await
    {
        return Err(BadSource::Field("sub"));
    }
    Ok(source)
}

fn described(camera: &Camera) -> Value {
    json!({ "name": camera.name, "group": camera.group, "sound": camera.sound })
}

fn record(mandate: Mandate<'_>, action: Action, camera: &Camera, details: Value, at: Timestamp) -> Record {
    let (actor, kindergarten) = (Some(mandate.account()), Some(mandate.kindergarten()));
    Record { at, actor, kindergarten, action, subject: format!("camera:{}", camera.id), details }
}
