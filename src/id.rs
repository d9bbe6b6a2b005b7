//! One id type a thing, so that a camera can never be asked for with a child's id.
//!
//! Every id is a UUID version 7 (RFC 9562 §5.7) made by the program, never by the database: it sorts by the time
//! of its making, and both databases store it as the same text.

use jiff::Timestamp;
use std::{fmt, str::FromStr};
use uuid::{NoContext, Uuid};

/// The text is not a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String, format = "uuid")]
        pub struct $name(Uuid);

        impl $name {
            /// A new id that carries the moment `now`, to the millisecond.
            pub fn new(now: Timestamp) -> Self {
                let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
                let stamp = uuid::Timestamp::from_unix(NoContext, millis / 1000, (millis % 1000) as u32 * 1_000_000);
                Self(Uuid::new_v7(stamp))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0.hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            /// Takes the hyphenated form only, so that one thing has one spelling.
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let id = Uuid::try_parse(text).map_err(|_| NotAnId)?;
                if text == id.hyphenated().to_string() { Ok(Self(id)) } else { Err(NotAnId) }
            }
        }
    )*};
}

ids! {
    /// A kindergarten.
    KindergartenId,
    /// A group of children who share a room.
    GroupId,
    /// A camera: one RTSP source.
    CameraId,
    /// A child.
    ChildId,
    /// An account: somebody who can log in.
    AccountId,
    /// The time for which an account is blocked.
    AccountBlockId,
    /// The tie between a guardian's account and a child.
    GuardianshipId,
    /// A link that lets a person in once, to choose a password.
    InvitationId,
    /// The tie between a staff member's account and the group of its room.
    PostingId,
    /// A parent's wish that somebody else may look for some days.
    GuestRequestId,
    /// A parent's complaint.
    AppealId,
    /// What somebody said and did about one.
    AppealStepId,
    /// The tie between an inspector's account and a kindergarten.
    AssignmentId,
    /// The stay of a child in a group.
    EnrolmentId,
    /// The days on which a child stays away.
    AbsenceId,
    /// A day on which a group is with another.
    MergerId,
    /// A family's answer to the text on the camera.
    ConsentId,
    /// A version of that text.
    ConsentTextId,
    /// What follows from missing consent.
    ConsentRuleId,
    /// An order that closes viewing for a while.
    PauseId,
    /// An order that ends one account's viewing and keeps it out for a while.
    InterruptionId,
    /// A change of the weekly hours for one date.
    ExceptionId,
    /// Which room a camera shows.
    PlacementId,
    /// An area of a camera's picture that nobody is to see.
    MaskId,
    /// One line of the weekly hours.
    HoursId,
    /// A log-in that lasts.
    LoginId,
    /// A log-in that waits for the second factor.
    HalfLoginId,
    /// The secret that an account shares with an authenticator app.
    SecondFactorId,
    /// One account watching one camera from when to when.
    ViewingId,
    /// A while in which a camera was so.
    StretchId,
    /// A while in which something was wrong with a camera.
    DefectId,
    /// What is recorded of a camera, and for how long it is kept.
    RecordingRuleId,
    /// A piece of recording: one file.
    SegmentId,
    /// A hole in a recording.
    GapId,
    /// The pieces of a recording that the evidence takes together.
    SealId,
    /// An order not to delete a span of a recording.
    HoldId,
    /// One account looking at a recording.
    PlaybackId,
    /// A span of a recording that somebody took out of the gateway.
    ExportId,
    /// What a panic button's controller shows.
    AlarmKeyId,
    /// One run of the server, from its start to its end.
    RunId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_own_text_and_from_no_other_spelling() {
        let id = CameraId::new(Timestamp::UNIX_EPOCH);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().to_uppercase().replace('0', "A").parse::<CameraId>(), Err(NotAnId));
        assert_eq!(format!("{{{id}}}").parse::<CameraId>(), Err(NotAnId));
    }

    #[test]
    fn ids_sort_by_the_time_of_their_making() {
        let early = CameraId::new(Timestamp::from_millisecond(1_000).unwrap());
        let late = CameraId::new(Timestamp::from_millisecond(2_000).unwrap());
        assert!(early < late);
    }
}
