//! What a bundle says of itself: all that its proof needs.

use crate::{
    audit::{
        evidence::Stored,
        seal,
        tree::{Frontier, Hash},
    },
    db::{Moment, gaps::GapRow, segments::SegmentRow},
    id::{CameraId, ExportId, GapId, KindergartenId, SealId, SegmentId},
    model::{Area, GapCause, Role, SegmentPlace},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The form of this manifest.
pub(super) const FORM: &str = "tereze export 1";

/// `manifest.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form: `tereze export 1`.
    pub form: String,
    /// The export.
    pub export: ExportId,
    /// The record that tells of it: who, and why.
    pub record: Proved,
    /// The name and role of who took it out.
    pub by: Person,
    /// Why, in that person's words.
    pub reason: String,
    /// When it was asked for.
    pub at: Timestamp,
    /// Where.
    pub kindergarten: Named<KindergartenId>,
    /// The camera.
    pub camera: Named<CameraId>,
    /// The first moment that was asked for.
    pub from: Timestamp,
    /// The first moment after.
    pub to: Timestamp,
    /// Whether the video was coded anew with areas covered; else it is as it was recorded.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub masked: bool,
    /// The areas that are covered: all that were to be at any moment of the span, or when it was asked for. Left, top, width and height, in
    /// thousandths of the picture.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<Area>,
    /// What was recorded, in the order of time.
    pub segments: Vec<Included>,
    /// What was not, and why.
    pub gaps: Vec<Hole>,
    /// What covers them in the log.
    pub seals: Vec<SealProof>,
    /// A signed checkpoint over all the records here.
    pub checkpoint: String,
    /// The key that signed it and the manifest.
    pub key: String,
}

/// Something with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named<I> {
    /// Its id.
    pub id: I,
    /// Its name at that time.
    pub name: String,
}

/// Somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
}

/// A segment, of which the bundle has a part or all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Included {
    /// The segment.
    pub id: SegmentId,
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after.
    pub to: Timestamp,
    /// Its codecs (RFC 6381).
    pub codec: String,
    /// The width of its pictures.
    pub width: i64,
    /// Their height.
    pub height: i64,
    /// How many bytes the whole file has.
    pub bytes: i64,
    /// The SHA-256 of the whole file as it lies in the gateway, encrypted or not.
    pub sha256: String,
    /// The id of the key that it is encrypted under there; what is in the bundle never is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The seal that covers it.
    pub seal: SealId,
    /// The name of the part in the bundle.
    pub file: String,
    /// What that part is, where it was coded anew with areas covered: nothing of the segment's own file is in it then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub masked: Option<Masked>,
    /// The pieces of the whole file, in order: how many bytes one has that is in the part, or the hash of one that is not.
    pub pieces: Vec<Piece>,
}

/// A part that was coded anew with areas covered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Masked {
    /// How many bytes it has.
    pub bytes: u64,
    /// Their SHA-256, in hexadecimal.
    pub sha256: String,
}

/// A piece of a segment's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Piece {
    /// It is in the part, and has so many bytes.
    Here(u64),
    /// It is left out; the hash of its leaf.
    LeftOut(String),
}

/// A gap in the span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hole {
    /// The gap.
    pub id: GapId,
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after.
    pub to: Timestamp,
    /// Why.
    pub cause: GapCause,
    /// The seal that covers it.
    pub seal: SealId,
}

/// A seal, with its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealProof {
    /// The seal.
    pub id: SealId,
    /// Its record.
    pub record: Proved,
}

/// An audit record, with the proof that it is in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proved {
    /// Its position, counted from 0.
    pub position: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub action: String,
    /// Where.
    pub kindergarten: KindergartenId,
    /// The text that was committed to.
    pub text: String,
    /// The salt of the commitment.
    pub salt: String,
    /// The audit path (RFC 6962 §2.1.1) to the root of the checkpoint.
    pub path: Vec<String>,
}

impl Proved {
    /// The record as it is stored; `None` when its text is erased.
    pub(super) fn of(stored: Stored, path: &[Hash]) -> Option<Self> {
        let position = stored.position();
        let Stored { at, action, kindergarten, record: text, salt, .. } = stored;
        let path = path.iter().map(Hash::to_string).collect();
        Some(Self { position, at, action, kindergarten, text: text?, salt: salt?, path })
    }
}

impl Included {
    /// The leaf of this segment as it was sealed, if the pieces of its file have the root `tree`.
    pub(super) fn leaf(&self, camera: CameraId, tree: &Frontier) -> Option<Hash> {
        let Self { id, from, to, codec, width, height, bytes, sha256, key, .. } = self;
        let row = SegmentRow {
            id: *id,
            camera_id: camera,
            codec: codec.clone(),
            width: *width,
            height: *height,
            starts_at: *from,
            ends_at: *to,
            bytes: *bytes,
            sha256: Some(sha256.clone()),
            tree: Some(tree.root().to_string()),
            place: SegmentPlace::Folder,
            seal_id: None,
            removed_at: None,
            key_id: key.clone(),
        };
        seal::Piece::Segment(row).leaf()
    }
}

impl Hole {
    /// The leaf of this gap as it was sealed.
    pub(super) fn leaf(&self, camera: CameraId) -> Option<Hash> {
        let Self { id, from, to, cause, .. } = *self;
        let ended_at = Some(Moment(to));
        seal::Piece::Gap(GapRow { id, camera_id: camera, cause, starts_at: from, seen_at: to, ended_at, seal_id: None }).leaf()
    }
}
