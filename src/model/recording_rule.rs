//! What is recorded of a camera, and for how long it is kept.

use super::RecordedQuality;
use crate::id::CameraId;
use std::{collections::BTreeMap, ops::RangeInclusive};

/// What is recorded of a camera, and for how long it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordingRule {
    /// Whether anything is.
    pub recorded: bool,
    /// Which stream.
    pub quality: RecordedQuality,
    /// For how many days it is kept, counted from each picture.
    pub days: u32,
    /// How many bytes of it are kept at most, where that is less; `None` sets no limit.
    pub bytes: Option<u64>,
}

impl RecordingRule {
    /// What holds where nobody says otherwise.
    pub const DEFAULT: Self = Self { recorded: true, quality: RecordedQuality::Main, days: 30, bytes: None };

    /// How many days may be asked for: the law's least, and a year.
    pub const DAYS: RangeInclusive<u32> = 30..=366;

    /// How many bytes a limit may be: less holds no day of anything, more is no limit.
    pub const BYTES: RangeInclusive<u64> = 1_000_000_000..=1_000_000_000_000_000;
}

/// The rules of a kindergarten.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordingRules {
    /// That of every camera without one of its own.
    pub common: Option<RecordingRule>,
    /// Those of single cameras.
    pub own: BTreeMap<CameraId, RecordingRule>,
}

impl RecordingRules {
    /// What holds for `camera`: its own rule, or the kindergarten's, or the built-in one.
    pub fn of(&self, camera: CameraId) -> RecordingRule {
        self.own.get(&camera).copied().unwrap_or_else(|| self.common())
    }

    /// What holds for a camera without a rule of its own.
    pub fn common(&self) -> RecordingRule {
        self.common.unwrap_or(RecordingRule::DEFAULT)
    }
}
