//! Where the cameras' streams come from: sealed, and opened for the media plane only.

use super::{DbError, Queries};
use crate::{
    args,
    id::CameraId,
    media::{CameraSource, Credentials, Transport},
    secret::Secrets,
};
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
