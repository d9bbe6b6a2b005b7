//! A plan in words: one line a step, without secrets.

use super::{
    fact::Fact,
    plan::{Change, Step},
    thing::{Key, Thing},
};
use jiff::civil::{Date, Weekday};
use std::fmt::{self, Display, Formatter};

impl Display for Change {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let over = if self.over { " (over what was changed here since)" } else { "" };
        write!(f, "{}: {}{over}", self.kindergarten, self.step)
    }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::EndFact { fact, .. } => write!(f, "- {fact}"),
            Self::Remove { key, thing, .. } => write!(f, "- {} {key} ({})", thing.kind().word(), name(thing)),
            Self::Change { key, from, to, .. } => {
                write!(f, "~ {} {key} ({}): {}", to.kind().word(), name(to), to.differing(from).join(", "))
            }
            Self::Add { key, thing } => write!(f, "+ {} {key} ({})", thing.kind().word(), name(thing)),
            Self::SetPassword { key, .. } => write!(f, "~ account {key}: password"),
            Self::AddFact { fact } => write!(f, "+ {fact}"),
        }
    }
}

fn name(thing: &Thing) -> &str {
    match thing {
        Thing::Kindergarten(it) => &it.name,
        Thing::Group { name } | Thing::Camera { name, .. } | Thing::Child { name } => name,
        Thing::Account(it) => it.role.word(),
    }
}

impl Display for Fact {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Placement { camera, group, sound } => {
                let shows = group.as_ref().map_or("what all groups share".to_owned(), |group| format!("group {group}"));
                write!(f, "camera {camera} shows {shows}{}", if *sound { ", with sound" } else { "" })
            }
            Self::Mask { camera, area } => write!(f, "camera {camera} is covered: {area}"),
            Self::Recording { camera, recorded, stream, days, bytes } => {
                let whose = camera.as_ref().map_or("cameras".to_owned(), |camera| format!("camera {camera}"));
                let bytes = bytes.map(|bytes| format!(" or {bytes} bytes")).unwrap_or_default();
                let what = if *recorded { format!("the {stream} stream") } else { "nothing".to_owned() };
                write!(f, "{whose}: {what} is recorded, and kept for {days} days{bytes}")
            }
            Self::Enrolment { child, group, from, to } => {
                write!(f, "child {child} is in group {group}{}", Days(Some(*from), *to))
            }
            Self::Guardianship { account, child, from, to, restricted, .. } => {
                let restricted = if *restricted { ", restricted" } else { "" };
                write!(f, "{account} is a guardian of {child}{}{restricted}", Days(*from, *to))
            }
            Self::Assignment { account, from, to } => write!(f, "{account} inspects{}", Days(Some(*from), Some(*to))),
            Self::Hours { group, weekday, span } => {
                let weekday = Weekday::from_monday_one_offset(*weekday).map(|day| format!("{day:?}")).unwrap_or_default();
                write!(f, "hours{}: {weekday} {span}", of_group(group.as_ref()))
            }
            Self::Exception { group, date, spans, reason } => {
                let spans = if spans.is_empty() { "closed" } else { spans };
                write!(f, "hours{} on {date}: {spans} ({reason})", of_group(group.as_ref()))
            }
            Self::Pause { group, camera, from, until, reason } => {
                let camera = camera.as_ref().map(|camera| format!(" of camera {camera}")).unwrap_or_default();
                write!(f, "pause{}{camera} from {from} until {until} ({reason})", of_group(group.as_ref()))
            }
        }
    }
}

fn of_group(group: Option<&Key>) -> String {
    group.map(|group| format!(" of group {group}")).unwrap_or_default()
}

/// The first and the last day, as far as there are any.
struct Days(Option<Date>, Option<Date>);

impl Display for Days {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(from) = self.0 {
            write!(f, " from {from}")?;
        }
        if let Some(to) = self.1 {
            write!(f, " to {to}")?;
        }
        Ok(())
    }
}
