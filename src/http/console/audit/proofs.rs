//! Signed checkpoints, and the proofs that hold the records against them.

use super::super::person::Person;
use crate::{
    audit::{
        checkpoint,
        evidence::{self, Stored},
        prover::NoProof,
        tree::Hash,
    },
    http::{Fault, Problem, Shared, caller::Params, openapi::WithLogin},
    id::KindergartenId,
    policy::Refusal,
};
use axum::{Json, extract::State, http::header, response::IntoResponse};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Records that are proven together.
const MOST: usize = 100;

/// By whose right it is asked.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http::console) struct Of {
    /// The kindergarten that is looked at. The log is one for all kindergartens; each sees its own records.
    kindergarten: KindergartenId,
}

/// The newest signed checkpoint.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct SignedCheckpoint {
    /// The signed note (C2SP tlog-checkpoint), to be kept as it is.
    note: String,
    /// The log's public key (C2SP signed-note: `name+id+key`), to be kept beside it.
    key: String,
    /// When it was signed.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// The newest signed checkpoint of the audit log, and the key that it is signed with.
#[utoipa::path(
    get, path = "/api/v1/audit/checkpoint", tag = "audit", params(Of), security(("log-in" = [])),
    responses(
        (status = 200, body = SignedCheckpoint),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`no_checkpoint`: the log is a second old", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn checkpoint(
    State(app): State<Shared>,
    person: Person,
    Params(Of { kindergarten }): Params<Of>,
) -> Result<impl IntoResponse, Problem> {
    person.insight(Some(kindergarten)).await?;
    let (note, at) = checkpoint::newest(&app.db).await?.ok_or(Fault::NoCheckpoint)?;
    let keys = checkpoint::keys(&app.db).await.map_err(|error| Problem::internal(&error))?;
    let key = keys.iter().find(|key| note.contains(&format!("\u{2014} {} ", key.name()))).ok_or(Fault::NoCheckpoint)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(SignedCheckpoint { note, key: key.to_string(), at })))
}

/// Two sizes of the log.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http::console) struct Sizes {
    /// The size in the checkpoint that was kept.
    from: u64,
    /// The size in a newer one.
    to: u64,
}

/// That the log only grew.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct Consistency {
    /// The earlier size.
    from: u64,
    /// The later size.
    to: u64,
    /// The hashes (RFC 6962 §2.1.2), base64.
    path: Vec<String>,
}

/// Proves that the log over `to` records still begins with what it was over `from`.
#[utoipa::path(
    get, path = "/api/v1/audit/proofs/consistency", tag = "audit", params(Of, Sizes), security(("log-in" = [])),
    responses(
        (status = 200, body = Consistency),
        (status = 400, description = "`bad_request`, `bad_field`: the log never had so many records", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`log_damaged`: a record is missing", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn consistency(
    State(app): State<Shared>,
    person: Person,
    Params(Of { kindergarten }): Params<Of>,
    Params(Sizes { from, to }): Params<Sizes>,
) -> Result<impl IntoResponse, Problem> {
    person.insight(Some(kindergarten)).await?;
    let path = texts(&app.prover.consistency(from, to).await?);
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Consistency { from, to, path })))
}

/// Which records, in a log of which size.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http::console) struct Positions {
    /// The positions of records of this kindergarten, with commas between them: 100 at most.
    #[param(example = "3,5,8")]
    positions: String,
    /// The size in the checkpoint that they are held against.
    size: u64,
}

/// That records are in the log.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct Inclusion {
    /// The size of the log that the paths lead up to.
    size: u64,
    /// One for each position, in the order in which they were asked for.
    proofs: Vec<RecordProof>,
}

/// A record, and the way from it to the root of the log.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RecordProof {
    /// Its position, counted from 0.
    position: u64,
    /// When, in milliseconds since the epoch, as it is hashed.
    at: i64,
    /// What.
    action: String,
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// The text that was committed to, byte for byte; none when it was erased.
    record: Option<String>,
    /// The salt of the commitment, base64; none when it was erased.
    salt: Option<String>,
    /// SHA-256 over salt and text, base64.
    commitment: String,
    /// The record that tells of the erasure of this one.
    erased_by: Option<u64>,
    /// The hashes from the leaf upwards (RFC 6962 §2.1.1), base64.
    path: Vec<String>,
}

/// Proves that records are in the log, and gives each as it was hashed.
#[utoipa::path(
    get, path = "/api/v1/audit/proofs/inclusion", tag = "audit", params(Of, Positions), security(("log-in" = [])),
    responses(
        (status = 200, body = Inclusion),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`: another's record, or none", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`log_damaged`: a record is missing", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn inclusion(
    State(app): State<Shared>,
    person: Person,
    Params(Of { kindergarten }): Params<Of>,
    Params(Positions { positions, size }): Params<Positions>,
) -> Result<impl IntoResponse, Problem> {
    person.insight(Some(kindergarten)).await?;
    let read: Result<Vec<u64>, _> = positions.split(',').map(str::parse).collect();
    let positions = read.ok().filter(|positions| positions.len() <= MOST).ok_or(Problem::bad_field("positions"))?;
    let mut proofs = Vec::with_capacity(positions.len());
    for position in positions {
        let stored = evidence::of(&app.db, kindergarten, position).await?.ok_or(Refusal::NotYours)?;
        proofs.push(RecordProof::of(stored, &app.prover.inclusion(position, size).await?));
    }
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Inclusion { size, proofs })))
}

impl RecordProof {
    fn of(stored: Stored, path: &[Hash]) -> Self {
        Self {
            position: stored.position(),
            at: stored.at.as_millisecond(),
            erased_by: stored.erased_by(),
            action: stored.action,
            kindergarten: stored.kindergarten,
            record: stored.record,
            salt: stored.salt,
            commitment: stored.commitment,
            path: texts(path),
        }
    }
}

fn texts(path: &[Hash]) -> Vec<String> {
    path.iter().map(Hash::to_string).collect()
}

impl From<NoProof> for Problem {
    fn from(error: NoProof) -> Self {
        match error {
            NoProof::OutOfRange => Self::bad_field("size"),
            NoProof::Damaged(position) => {
                tracing::error!(position, "the audit log is damaged: a record is missing or cannot be read");
                Fault::LogDamaged.into()
            }
            NoProof::Db(error) => error.into(),
        }
    }
}
