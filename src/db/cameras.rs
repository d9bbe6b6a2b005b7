//! Cameras, where they hang, and where their streams come from: sealed, and opened for the media plane and for who tests a camera.

use super::{DbError, Queries, Tx, site::CameraRow};
use crate::{
    args,
    id::{CameraId, KindergartenId, PlacementId},
    media::{CameraSource, Credentials, Transport},
    model::Camera,
    secret::Secrets,
};
use jiff::Timestamp;
use url::Url;

/// What is sealed of a camera, as JSON.
#[derive(serde::Serialize, serde::Deserialize)]
struct SealedSource {
    main: Url,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sub: Option<Url>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password: Option<String>,
    udp: bool,
}

/// Every camera's source. One that was sealed under another master key is an error: a server that cannot reach its cameras must say so.
pub async fn sources(db: &impl Queries, secrets: &Secrets) -> Result<Vec<CameraSource>, DbError> {
    let sql = "select id, source from cameras where removed_at is null order by id";
    let rows: Vec<(CameraId, String)> = db.rows(sql, args![]).await?;
    rows.into_iter().map(|(camera, sealed)| open(secrets, camera, &sealed)).collect()
}

/// The sources of one kindergarten's cameras.
pub async fn sources_of(db: &impl Queries, secrets: &Secrets, kindergarten: KindergartenId) -> Result<Vec<CameraSource>, DbError> {
    let sql = "select id, source from cameras where kindergarten_id = $1 and removed_at is null order by id";
    let rows: Vec<(CameraId, String)> = db.rows(sql, args![kindergarten]).await?;
    rows.into_iter().map(|(camera, sealed)| open(secrets, camera, &sealed)).collect()
}

/// A camera's source; `None` when there is no such camera.
pub async fn source(db: &impl Queries, secrets: &Secrets, camera: CameraId) -> Result<Option<CameraSource>, DbError> {
    let sql = "select source from cameras where id = $1 and removed_at is null";
    let row: Option<(String,)> = db.row(sql, args![camera]).await?;
    row.map(|(sealed,)| open(secrets, camera, &sealed)).transpose()
}

/// The kindergarten of a camera, removed or not; `None` when there never was such a camera.
pub async fn kindergarten(db: &impl Queries, camera: CameraId) -> Result<Option<KindergartenId>, DbError> {
    let row: Option<(KindergartenId,)> = db.row("select kindergarten_id from cameras where id = $1", args![camera]).await?;
    Ok(row.map(|(kindergarten,)| kindergarten))
}

/// A camera of `kindergarten` as it is now, whatever was read before; `None` when it is gone.
pub async fn as_it_is(tx: &Tx, kindergarten: KindergartenId, camera: CameraId) -> Result<Option<Camera>, DbError> {
    let sql = "select c.id, c.name, p.group_id, p.sound from cameras c join placements p on p.camera_id = c.id and p.until is null \
               where c.id = $1 and c.kindergarten_id = $2 and c.removed_at is null";
    Ok(tx.row::<CameraRow>(sql, args![camera, kindergarten]).await?.map(Camera::from))
}

/// Adds a camera whose source is `sealed`. Whoever calls this has touched the facts, and writes the audit record.
pub async fn insert(
    tx: &Tx,
    kindergarten: KindergartenId,
    key: &str,
    camera: &Camera,
    sealed: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "insert into cameras (id, kindergarten_id, key, name, source, created_at) values ($1, $2, $3, $4, $5, $6)";
    tx.execute(sql, args![camera.id, kindergarten, key, &camera.name, sealed, now]).await?;
    place(tx, kindergarten, camera, now).await
}

/// Brings the name and the place of a camera from what it `was` to what it is. The former place has been until now.
pub async fn change(tx: &Tx, was: &Camera, is: &Camera, kindergarten: KindergartenId, now: Timestamp) -> Result<(), DbError> {
    if was.name != is.name {
        tx.execute("update cameras set name = $2 where id = $1", args![is.id, &is.name]).await?;
    }
    if (was.group, was.sound) != (is.group, is.sound) {
        displace(tx, is.id, now).await?;
        place(tx, kindergarten, is, now).await?;
    }
    Ok(())
}

/// Lets a camera's streams come from what is `sealed`.
pub async fn set_source(tx: &Tx, camera: CameraId, sealed: &str) -> Result<(), DbError> {
    tx.execute("update cameras set source = $2 where id = $1", args![camera, sealed]).await.map(drop)
}

/// Takes a camera away. Its past stays.
pub async fn remove(tx: &Tx, camera: CameraId, now: Timestamp) -> Result<(), DbError> {
    displace(tx, camera, now).await?;
    tx.execute("update masks set until = $2 where camera_id = $1 and until is null", args![camera, now]).await?;
    tx.execute("update cameras set removed_at = $2 where id = $1", args![camera, now]).await.map(drop)
}

async fn place(tx: &Tx, kindergarten: KindergartenId, camera: &Camera, now: Timestamp) -> Result<(), DbError> {
    let sql = "insert into placements (id, kindergarten_id, camera_id, group_id, sound, since) values ($1, $2, $3, $4, $5, $6)";
    tx.execute(sql, args![PlacementId::new(now), kindergarten, camera.id, camera.group, camera.sound, now]).await.map(drop)
}

async fn displace(tx: &Tx, camera: CameraId, now: Timestamp) -> Result<(), DbError> {
    tx.execute("update placements set until = $2 where camera_id = $1 and until is null", args![camera, now]).await.map(drop)
}

/// Seals a source for the column `cameras.source`.
pub fn seal(secrets: &Secrets, source: &CameraSource) -> Result<String, DbError> {
    let plain = SealedSource {
        main: source.main.clone(),
        sub: source.sub.clone(),
        username: source.credentials.as_ref().map(|credentials| credentials.username.clone()),
        password: source.credentials.as_ref().map(|credentials| credentials.password.clone()),
        udp: source.transport == Transport::Udp,
    };
    let plain = serde_json::to_vec(&plain).map_err(|error| DbError::Unreadable(error.to_string()))?;
    Ok(secrets.seal(&purpose(source.camera), &plain)?)
}

/// Opens the column `cameras.source` of `camera`.
pub fn open(secrets: &Secrets, camera: CameraId, sealed: &str) -> Result<CameraSource, DbError> {
    let plain = secrets.open(&purpose(camera), sealed)?;
    // The parser's words could quote an address or a password.
    let plain: SealedSource =
        serde_json::from_slice(&plain).map_err(|_| DbError::Unreadable(format!("the source of camera {camera}")))?;
    let credentials = plain.username.map(|username| Credentials { username, password: plain.password.unwrap_or_default() });
    let transport = if plain.udp { Transport::Udp } else { Transport::Tcp };
    Ok(CameraSource { camera, main: plain.main, sub: plain.sub, credentials, transport })
}

fn purpose(camera: CameraId) -> String {
    format!("camera {camera}")
}
