//! Plain data: what the database holds and the policy reads. No I/O, no clock.

mod account;
mod appeal;
mod consent;
mod holidays;
mod hours;
mod mask;
mod recent;
mod recording;
mod recording_rule;
mod site;

pub(crate) use account::words;
pub use account::{Account, Language, Role, UnknownWord};
pub use appeal::{AppealAct, AppealKind, AppealState};
pub use consent::{Consent, ConsentAnswer, ConsentRule, ConsentStanding, ConsentText, Consents};
pub use holidays::{Holiday, HolidayName, YEARS, holidays};
pub(crate) use hours::merge;
pub use hours::{DaySpan, NotASpan, Window, day_windows, next_change};
pub use mask::{Area, Mask};
pub use recent::{Lasting, Recent};
pub use recording::{GapCause, HoldOrigin, RecordedQuality, SegmentPlace};
pub use recording_rule::{RecordingRule, RecordingRules};
pub use site::{
    Absence, Assignment, Camera, Child, Enrolment, Exception, Group, Guardianship, HoursLine, Interruption, Kindergarten, Limits,
    Merger, Ownership, Pause, Posting, Scope, Site, Watermark,
};
