//! A kindergarten as it stood at one moment: everything that the policy reads.

use super::account::{Language, words};
use super::consent::Consents;
use super::hours::DaySpan;
use super::mask::{Area, Mask};
use super::recording_rule::RecordingRules;
use crate::id::{
    AbsenceId, AccountId, AssignmentId, CameraId, ChildId, EnrolmentId, ExceptionId, GroupId, GuardianshipId, InterruptionId,
    KindergartenId, MergerId, PauseId, ViewingId,
};
use jiff::{
    Timestamp,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use std::{fmt, str::FromStr};

use super::account::UnknownWord;

words! {
    /// Who owns a kindergarten: that decides which inspection visits it.
    Ownership("ownership") {
        /// Owned by the state.
        State = "state",
        /// Privately owned.
        Private = "private",
    }
}

/// One kindergarten with its groups, cameras, people and rules, as known at one moment. The rows that had been ended or removed by
/// then are not in it.
#[derive(Debug, Clone)]
pub struct Site {
    /// The kindergarten itself.
    pub kindergarten: Kindergarten,
    /// Its groups.
    pub groups: Vec<Group>,
    /// Its cameras, without addresses and passwords.
    pub cameras: Vec<Camera>,
    /// Those that were removed, as long as recordings of them are left.
    pub former_cameras: Vec<Camera>,
    /// What nobody is to see of their pictures.
    pub masks: Vec<Mask>,
    /// Its children.
    pub children: Vec<Child>,
    /// Which child is in which group from which day.
    pub enrolments: Vec<Enrolment>,
    /// Which child stays away on which days, as far as that is not over. Its parents may look all the same; but it is not in the room,
    /// where that matters for the others' consent.
    pub absences: Vec<Absence>,
    /// Which group is with another on which day, as far as that day is not over.
    pub mergers: Vec<Merger>,
    /// Which account is a guardian of which child.
    pub guardianships: Vec<Guardianship>,
    /// Which staff member works in which group's room.
    pub postings: Vec<Posting>,
    /// Which inspector may look, between which days.
    pub assignments: Vec<Assignment>,
    /// The weekly hours.
    pub hours: Vec<HoursLine>,
    /// Dates on which other hours hold.
    pub exceptions: Vec<Exception>,
    /// Pauses that are not over.
    pub pauses: Vec<Pause>,
    /// Interruptions that are not over.
    pub interruptions: Vec<Interruption>,
    /// What is recorded of its cameras, and for how long it is kept.
    pub recording_rules: RecordingRules,
    /// Whether families agree to the camera.
    pub consents: Consents,
}

impl Site {
    /// The camera with this id.
    pub fn camera(&self, id: CameraId) -> Option<&Camera> {
        self.cameras.iter().find(|camera| camera.id == id)
    }

    /// The same among those that were removed as well: what they recorded is still there.
    pub fn recorded_camera(&self, id: CameraId) -> Option<&Camera> {
        self.camera(id).or_else(|| self.former_cameras.iter().find(|camera| camera.id == id))
    }

    /// The areas of the camera's picture that nobody is to see, from left to right.
    pub fn masks(&self, camera: CameraId) -> Vec<Area> {
        let mut areas: Vec<Area> = self.masks.iter().filter(|mask| mask.camera == camera).map(|mask| mask.area).collect();
        areas.sort_unstable();
        areas
    }

    /// The group with this id.
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// Whether what `scope` names is here.
    pub fn has(&self, scope: Scope) -> bool {
        match scope {
            Scope::All => true,
            Scope::Group(group) => self.group(group).is_some(),
            Scope::Camera(camera) => self.camera(camera).is_some(),
        }
    }

    /// The date by the kindergarten's own clock.
    pub fn date(&self, now: Timestamp) -> Date {
        self.kindergarten.zone.to_datetime(now).date()
    }

    /// The child with this id.
    pub fn child(&self, id: ChildId) -> Option<&Child> {
        self.children.iter().find(|child| child.id == id)
    }
}

/// One organisation.
#[derive(Debug, Clone)]
pub struct Kindergarten {
    /// Its id.
    pub id: KindergartenId,
    /// Its name.
    pub name: String,
    /// The district of the city or region in which it lies.
    pub district: Option<String>,
    /// The zone by whose clock its hours are written.
    pub zone: TimeZone,
    /// How many may watch.
    pub limits: Limits,
    /// The languages in which it speaks with its people; new accounts begin with the first.
    pub languages: Vec<Language>,
    /// What every picture carries.
    pub watermark: Watermark,
}

words! {
    /// What the watermark says of the viewer, with the time. Whoever films the screen is known again by the director.
    Watermark("watermark") {
        /// Nothing: there is none.
        Off = "off",
        /// The first name and the initial of the last.
        Name = "name",
        /// The same, with the end of the phone number or the beginning of the e-mail address.
        NameAndLogin = "name_and_login",
    }
}

/// How many may watch at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Streams that one account may have running; a newer one takes over from the oldest.
    pub streams_per_account: u32,
    /// Viewers that one camera takes; the next is asked to come back later.
    pub viewers_per_camera: u32,
}

impl Limits {
    /// What holds where nobody says otherwise.
    pub const DEFAULT: Self = Self { streams_per_account: 1, viewers_per_camera: 60 };
}

/// Children who share a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
}

/// A camera as the policy sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Camera {
    /// Its id.
    pub id: CameraId,
    /// Its name.
    pub name: String,
    /// The group whose room it shows; `None` for the yard, the hall, the canteen: those belong to all groups.
    pub group: Option<GroupId>,
    /// Whether the director has turned sound on.
    pub sound: bool,
}

/// A child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// Its id.
    pub id: ChildId,
    /// Its name.
    pub name: String,
}

/// The stay of a child in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Its id.
    pub id: EnrolmentId,
    /// The child.
    pub child: ChildId,
    /// The group.
    pub group: GroupId,
    /// The first day.
    pub from: Date,
    /// The last day, or open.
    pub to: Option<Date>,
}

impl Enrolment {
    /// Whether `date` is one of its days.
    pub fn covers(&self, date: Date) -> bool {
        self.from <= date && self.to.is_none_or(|to| date <= to)
    }
}

/// The days on which a child stays away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// Its id.
    pub id: AbsenceId,
    /// The child.
    pub child: ChildId,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// A duty group: on a day the children of one group are in the room of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merger {
    /// Its id.
    pub id: MergerId,
    /// The group that goes.
    pub group: GroupId,
    /// The group to which it goes.
    pub host: GroupId,
    /// The day.
    pub date: Date,
}

/// The tie between a guardian's account and a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guardianship {
    /// Its id.
    pub id: GuardianshipId,
    /// The guardian.
    pub account: AccountId,
    /// The child.
    pub child: ChildId,
    /// The first day.
    pub from: Option<Date>,
    /// The last day: a grandmother's right until Friday.
    pub to: Option<Date>,
    /// Closed by an order, a court's for example: the tie stands, the right to look does not.
    pub restricted: bool,
}

/// The tie between a staff member's account and the group in whose room it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// The staff member.
    pub account: AccountId,
    /// The group.
    pub group: GroupId,
}

/// An inspector's right to look at a kindergarten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Its id.
    pub id: AssignmentId,
    /// The inspector.
    pub account: AccountId,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// One span of the weekly hours. A group with a line of its own, on whatever day, has its own week and none of the kindergarten's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoursLine {
    /// The group that it overrides, or the whole kindergarten.
    pub group: Option<GroupId>,
    /// The day on which it starts.
    pub weekday: Weekday,
    /// From when to when.
    pub span: DaySpan,
}

/// Other hours on one date; no spans at all means closed. A group's exception goes before the kindergarten's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Its id.
    pub id: ExceptionId,
    /// The group, or the whole kindergarten.
    pub group: Option<GroupId>,
    /// The date.
    pub date: Date,
    /// The hours of that date.
    pub spans: Vec<DaySpan>,
    /// Why, in the director's words.
    pub reason: String,
    /// Who ordered it; `None` when `site.toml` did.
    pub by: Option<AccountId>,
}

/// What a pause closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every camera of the kindergarten.
    All,
    /// One group.
    Group(GroupId),
    /// One camera.
    Camera(CameraId),
}

/// Viewing is closed for a while. It always ends by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Its id.
    pub id: PauseId,
    /// What it closes.
    pub scope: Scope,
    /// The first moment.
    pub from: Timestamp,
    /// The first moment after.
    pub until: Timestamp,
    /// Why, in the director's words: parents read it.
    pub reason: String,
    /// Who ordered it; `None` when `site.toml` did.
    pub by: Option<AccountId>,
}

/// A director ended somebody's viewing: until then the account watches nothing of the kindergarten. It always ends by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interruption {
    /// Its id.
    pub id: InterruptionId,
    /// Whose viewing was ended.
    pub account: AccountId,
    /// The viewing on which the director pressed; the account's others ended with it.
    pub viewing: ViewingId,
    /// The first moment.
    pub from: Timestamp,
    /// The first moment after.
    pub until: Timestamp,
    /// Why, in the director's words: the person reads it.
    pub reason: String,
    /// Who ordered it.
    pub by: AccountId,
}
