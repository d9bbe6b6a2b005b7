//! `site.toml`, table by table. `Spanned` keeps the place of whatever is looked at more closely than its type.

use crate::model::{Language, Ownership, RecordedQuality, Role, Watermark};
use serde::Deserialize;
use serde_spanned::Spanned;
use toml::value::Datetime;

pub(super) type Text = Spanned<String>;
/// Local times like `08:00-12:30`.
pub(super) type Spans = Vec<Text>;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteFile {
    #[serde(default)]
    pub(super) kindergarten: Vec<KindergartenTable>,
}

/// `[[kindergarten]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindergartenTable {
    pub(super) key: Text,
    pub(super) name: Text,
    pub(super) bin: Option<Text>,
    pub(super) district: Option<Text>,
    pub(super) ownership: Option<Ownership>,
    pub(super) zone: Text,
    pub(super) languages: Option<Spanned<Vec<Language>>>,
    pub(super) watermark: Option<Watermark>,
    #[serde(default)]
    pub(super) limits: LimitsTable,
    #[serde(default)]
    pub(super) hours: Week,
    pub(super) recording: Option<RecordingTable>,
    #[serde(default)]
    pub(super) group: Vec<GroupTable>,
    #[serde(default)]
    pub(super) camera: Vec<CameraTable>,
    #[serde(default)]
    pub(super) child: Vec<ChildTable>,
    #[serde(default)]
    pub(super) account: Vec<AccountTable>,
    #[serde(default)]
    pub(super) inspector: Vec<InspectorTable>,
    #[serde(default)]
    pub(super) exception: Vec<ExceptionTable>,
    #[serde(default)]
    pub(super) pause: Vec<PauseTable>,
}

/// `[kindergarten.limits]`
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsTable {
    pub(super) streams_per_account: Option<Spanned<u32>>,
    pub(super) viewers_per_camera: Option<Spanned<u32>>,
}

/// `recording` of a kindergarten, which is that of every camera without one of its own, or of a camera.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordingTable {
    pub(super) recorded: Option<bool>,
    pub(super) stream: Option<RecordedQuality>,
    pub(super) days: Option<Spanned<u32>>,
    pub(super) bytes: Option<Spanned<u64>>,
}

/// `hours` of a kindergarten or a group. A day that is named goes before `weekdays`, and that before `every_day`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Week {
    pub(super) every_day: Option<Spans>,
    pub(super) weekdays: Option<Spans>,
    pub(super) monday: Option<Spans>,
    pub(super) tuesday: Option<Spans>,
    pub(super) wednesday: Option<Spans>,
    pub(super) thursday: Option<Spans>,
    pub(super) friday: Option<Spans>,
    pub(super) saturday: Option<Spans>,
    pub(super) sunday: Option<Spans>,
}

/// `[[kindergarten.group]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupTable {
    pub(super) key: Text,
    pub(super) name: Text,
    pub(super) hours: Option<Spanned<Week>>,
}

/// `[[kindergarten.camera]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CameraTable {
    pub(super) key: Text,
    pub(super) name: Text,
    pub(super) group: Option<Text>,
    #[serde(default)]
    pub(super) sound: bool,
    #[serde(default)]
    pub(super) masks: Vec<Spanned<[i64; 4]>>,
    pub(super) recording: Option<RecordingTable>,
    pub(super) main: Text,
    pub(super) sub: Option<Text>,
    pub(super) username: Option<Text>,
    pub(super) password: Option<Text>,
    pub(super) password_file: Option<Text>,
    pub(super) password_env: Option<Text>,
    #[serde(default)]
    pub(super) transport: TransportWord,
}

/// `transport`
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum TransportWord {
    #[default]
    Tcp,
    Udp,
}

/// `[[kindergarten.child]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChildTable {
    pub(super) key: Text,
    pub(super) name: Text,
    pub(super) group: Text,
    pub(super) from: Spanned<Datetime>,
    pub(super) to: Option<Spanned<Datetime>>,
    #[serde(default)]
    pub(super) guardians: Vec<GuardianTable>,
}

/// One of a child's `guardians`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GuardianTable {
    pub(super) account: Text,
    pub(super) from: Option<Spanned<Datetime>>,
    pub(super) to: Option<Spanned<Datetime>>,
    #[serde(default)]
    pub(super) restricted: bool,
    pub(super) reference: Option<Text>,
}

/// `[[kindergarten.account]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountTable {
    pub(super) key: Text,
    pub(super) login: Text,
    pub(super) name: Text,
    pub(super) role: Role,
    pub(super) language: Option<Language>,
    pub(super) external_id: Option<Text>,
    pub(super) password: Option<Text>,
    pub(super) password_file: Option<Text>,
    pub(super) password_env: Option<Text>,
    pub(super) password_hash: Option<Text>,
}

/// `[[kindergarten.inspector]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InspectorTable {
    pub(super) account: Text,
    pub(super) from: Spanned<Datetime>,
    pub(super) to: Spanned<Datetime>,
}

/// `[[kindergarten.exception]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExceptionTable {
    pub(super) date: Spanned<Datetime>,
    pub(super) group: Option<Text>,
    pub(super) hours: Spans,
    pub(super) reason: Text,
}

/// `[[kindergarten.pause]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PauseTable {
    pub(super) group: Option<Text>,
    pub(super) camera: Option<Text>,
    pub(super) from: Spanned<Datetime>,
    pub(super) until: Spanned<Datetime>,
    pub(super) reason: Text,
}
