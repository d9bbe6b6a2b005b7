//! What holds of the things that `site.toml` declares, in the words of their keys.

use super::thing::{Key, Kind};
use crate::model::{Area, DaySpan, RecordedQuality};
use jiff::{Timestamp, civil::Date};
use serde::{Serialize, Serializer};

/// Something that holds of things, from when it is known until it is known no more. Never changed: ended, and another begun.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub(super) enum Fact {
    Placement {
        camera: Key,
        group: Option<Key>,
        sound: bool,
    },
    Mask {
        camera: Key,
        area: Area,
    },
    Recording {
        camera: Option<Key>,
        recorded: bool,
        stream: RecordedQuality,
        days: u32,
        bytes: Option<u64>,
    },
    Enrolment {
        child: Key,
        group: Key,
        from: Date,
        to: Option<Date>,
    },
    Guardianship {
        account: Key,
        child: Key,
        from: Option<Date>,
        to: Option<Date>,
        restricted: bool,
        reference: Option<String>,
    },
    Assignment {
        account: Key,
        from: Date,
        to: Date,
    },
    Hours {
        group: Option<Key>,
        weekday: i8,
        #[serde(serialize_with = "span_text")]
        span: DaySpan,
    },
    Exception {
        group: Option<Key>,
        date: Date,
        spans: String,
        reason: String,
    },
    Pause {
        group: Option<Key>,
        camera: Option<Key>,
        from: Timestamp,
        until: Timestamp,
        reason: String,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn span_text<S: Serializer>(span: &DaySpan, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(span)
}

impl Fact {
    /// The stable word for its kind.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Placement { .. } => "placement",
            Self::Mask { .. } => "mask",
            Self::Recording { .. } => "recording_rule",
            Self::Enrolment { .. } => "enrolment",
            Self::Guardianship { .. } => "guardianship",
            Self::Assignment { .. } => "assignment",
            Self::Hours { .. } => "hours",
            Self::Exception { .. } => "exception",
            Self::Pause { .. } => "pause",
        }
    }

    /// The things that it is about.
    pub(super) fn things(&self) -> Vec<(Kind, &Key)> {
        let (first, second) = match self {
            Self::Placement { camera, group, .. } => {
                (Some((Kind::Camera, camera)), group.as_ref().map(|group| (Kind::Group, group)))
            }
            Self::Mask { camera, .. } => (Some((Kind::Camera, camera)), None),
            Self::Recording { camera, .. } => (camera.as_ref().map(|camera| (Kind::Camera, camera)), None),
            Self::Enrolment { child, group, .. } => (Some((Kind::Child, child)), Some((Kind::Group, group))),
            Self::Guardianship { account, child, .. } => (Some((Kind::Account, account)), Some((Kind::Child, child))),
            Self::Assignment { account, .. } => (Some((Kind::Account, account)), None),
            Self::Hours { group, .. } | Self::Exception { group, .. } => (group.as_ref().map(|group| (Kind::Group, group)), None),
            Self::Pause { group, camera, .. } => {
                (group.as_ref().map(|group| (Kind::Group, group)), camera.as_ref().map(|camera| (Kind::Camera, camera)))
            }
        };
        [first, second].into_iter().flatten().collect()
    }

    /// What it answers: facts that answer the same are declared, and changed, together. The hours of a week are one answer, and so is
    /// what is covered of a camera's picture; pauses add up,
    /// and so each is an answer of its own.
    pub(super) fn question(&self) -> String {
        let of = |group: &Option<Key>| group.as_ref().map(|group| format!(" {group}")).unwrap_or_default();
        let word = self.word();
        match self {
            Self::Placement { camera, .. } => format!("{word} {camera}"),
            Self::Mask { camera, .. } => format!("{word} {camera}"),
            Self::Recording { camera, .. } => format!("{word}{}", of(camera)),
            Self::Enrolment { child, .. } => format!("{word} {child}"),
            Self::Guardianship { account, child, .. } => format!("{word} {account} {child}"),
            Self::Assignment { account, from, to } => format!("{word} {account} {from} {to}"),
            Self::Hours { group, .. } => format!("{word}{}", of(group)),
            Self::Exception { group, date, .. } => format!("{word}{} {date}", of(group)),
            Self::Pause { group, camera, from, until, reason } => {
                format!("{word}{} camera{} {from} {until} {reason}", of(group), of(camera))
            }
        }
    }
}
