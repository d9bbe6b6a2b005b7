//! What changed for a child, as its parents are told.

use super::Span;
use crate::{
    id::ChildId,
    model::{Account, Recent, Site},
    policy::{self, News, What},
};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;

/// A piece of news.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(in crate::http) struct MyNews {
    /// `hours` (other ones on dates), `week` (other weekly hours since), `moved` (the child is in another group from then on), `with` (its group
    /// is in the room of another), `joined` (another is in its room), `camera_added`, `camera_removed`, or `paused` (it was, today).
    #[schema(example = "hours")]
    kind: &'static str,
    /// The day of it, or from which on.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// The last day, of `hours`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// The hours of each of the days; none means closed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["09:00-12:30"]))]
    hours: Vec<String>,
    /// The name of the group or camera.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// From when to when it was paused.
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<Span>,
    /// The director's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// The news for `account` about `child`.
pub(super) fn of(account: &Account, site: &Site, recent: &Recent, child: ChildId, now: Timestamp) -> Vec<MyNews> {
    policy::news(account, site, recent, child, now).into_iter().map(told).collect()
}

fn told(News { date, what }: News<'_>) -> MyNews {
    let plain = |kind, name: Option<&str>| MyNews {
        kind,
        date,
        to: None,
        hours: Vec::new(),
        name: name.map(str::to_owned),
        span: None,
        reason: None,
    };
    match what {
        What::Hours { to, spans, reason } => MyNews {
            to: Some(to),
            hours: spans.iter().map(ToString::to_string).collect(),
            reason: Some(reason.to_owned()),
            ..plain("hours", None)
        },
        What::Week => plain("week", None),
        What::Moved(group) => plain("moved", Some(group)),
        What::With(group) => plain("with", Some(group)),
        What::Joined(group) => plain("joined", Some(group)),
        What::CameraAdded(camera) => plain("camera_added", Some(camera)),
        What::CameraRemoved(camera) => plain("camera_removed", Some(camera)),
        What::Paused { window, camera, reason } => MyNews {
            span: Some(Span { start: window.start, end: window.end }),
            reason: Some(reason.to_owned()),
            ..plain("paused", camera)
        },
    }
}
