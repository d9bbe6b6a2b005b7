//! When parents may look: the week of the kindergarten and of its groups, and dates with other hours.

use super::text;
use crate::{
    audit::{self, Action, Record},
    db::{
        Db, DbError,
        hours::{self, Lines},
    },
    id::{ExceptionId, GroupId},
    model::{DaySpan, Exception},
    policy::Mandate,
};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Weekday},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// More spans in a day than any kindergarten needs.
const MOST_SPANS: usize = 12;
/// Of dates that are set at once: a year's holidays, or a summer.
const MOST_DATES: usize = 100;
/// In characters.
const LONGEST_REASON: usize = 200;
/// A date farther ahead is a mistake in its year.
const FARTHEST_DAYS: i32 = 2 * 366;

/// The spans of a week by the day on which they start, Monday first.
pub type Week = [BTreeSet<DaySpan>; 7];

/// The hours of a date.
#[derive(Debug, Clone)]
pub struct Dated {
    /// The group, or the whole kindergarten.
    pub group: Option<GroupId>,
    /// The date.
    pub date: Date,
    /// Its hours; none means closed.
    pub spans: BTreeSet<DaySpan>,
    /// Why: parents read it.
    pub reason: String,
}

/// Why the hours stay as they were.
#[derive(Debug, thiserror::Error)]
pub enum NotSet {
    /// The group is not one of this kindergarten's.
    #[error("not one of the kindergarten's groups")]
    NotTheirs,
    /// A group's own week has no hours at all: that cannot be told from having none of its own.
    #[error("a group's own week has hours")]
    NoHours,
    /// A day has more spans than anybody needs.
    #[error("a day has at most 12 spans")]
    Spans,
    /// No dates, too many at once, one twice, one that is gone or too far away.
    #[error("1 to 100 dates, from today to two years ahead")]
    Date,
    /// The reason says nothing, too much, or more than one line.
    #[error("a reason has 1 to 200 characters on one line")]
    Reason,
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Sets the week of `group`, or of the kindergarten. `None` gives a group the kindergarten's week again. Streams that are no longer
/// allowed end within a second.
pub async fn set_week(
    db: &Db,
    mandate: Mandate<'_>,
    group: Option<GroupId>,
    week: Option<Week>,
    now: Timestamp,
) -> Result<(), NotSet> {
    is_theirs(mandate, group)?;
    let week = match week {
        Some(week) if group.is_some() && week.iter().all(BTreeSet::is_empty) => return Err(NotSet::NoHours),
        Some(week) if week.iter().any(|day| day.len() > MOST_SPANS) => return Err(NotSet::Spans),
        Some(week) => week,
        None => Week::default(),
    };
    let lines: Lines = (1..).zip(&week).flat_map(|(weekday, spans)| spans.iter().map(move |span| (weekday, *span))).collect();
    let tx = db.begin().await?;
    let Some(before) = hours::set_week(&tx, mandate.kindergarten(), group, &lines, now).await? else { return Ok(()) };
    let details = json!({ "group": group, "before": written(&before), "after": written(&lines) });
    let subject = group.map_or_else(|| format!("kindergarten:{}", mandate.kindergarten()), |group| format!("group:{group}"));
    audit::append(&tx, record(mandate, Action::FactChanged, subject, details, now)).await?;
    Ok(tx.commit().await?)
}

/// Sets the hours of dates, all or none of them, each in place of what had been set for the same group and date.
pub async fn except(db: &Db, mandate: Mandate<'_>, dates: Vec<Dated>, now: Timestamp) -> Result<Vec<Exception>, NotSet> {
    let exceptions = checked(mandate, dates, now)?;
    let tx = db.begin().await?;
    for exception in &exceptions {
        hours::except(&tx, mandate.kindergarten(), exception, now).await?;
        let subject = format!("exception:{}", exception.id);
        audit::append(&tx, record(mandate, Action::FactAdded, subject, details(exception), now)).await?;
    }
    tx.commit().await?;
    Ok(exceptions)
}

/// Takes the hours of a date back: the week holds again. `false` when that is so already: then there is nothing to do, nor to write
/// down. What held on a day that is gone stays as it was.
pub async fn end(db: &Db, mandate: Mandate<'_>, id: ExceptionId, now: Timestamp) -> Result<bool, NotSet> {
    let tx = db.begin().await?;
    let Some(exception) = hours::end(&tx, mandate.kindergarten(), id, now).await? else { return Ok(false) };
    if exception.date < today(mandate, now) {
        return Err(NotSet::Date);
    }
    let subject = format!("exception:{id}");
    audit::append(&tx, record(mandate, Action::FactEnded, subject, details(&exception), now)).await?;
    tx.commit().await?;
    Ok(true)
}

fn checked(mandate: Mandate<'_>, dates: Vec<Dated>, now: Timestamp) -> Result<Vec<Exception>, NotSet> {
    let today = today(mandate, now);
    let farthest = today.checked_add(FARTHEST_DAYS.days()).unwrap_or(Date::MAX);
    if dates.is_empty() || dates.len() > MOST_DATES {
        return Err(NotSet::Date);
    }
    let mut taken = BTreeSet::new();
    let mut exceptions = Vec::new();
    for Dated { group, date, spans, reason } in dates {
        is_theirs(mandate, group)?;
        if date < today || date > farthest || !taken.insert((group, date)) {
            return Err(NotSet::Date);
        }
        if spans.len() > MOST_SPANS {
            return Err(NotSet::Spans);
        }
        let reason = text::line(&reason, LONGEST_REASON).ok_or(NotSet::Reason)?;
        let spans = spans.into_iter().collect();
        exceptions.push(Exception { id: ExceptionId::new(now), group, date, spans, reason, by: Some(mandate.account()) });
    }
    Ok(exceptions)
}

fn is_theirs(mandate: Mandate<'_>, group: Option<GroupId>) -> Result<(), NotSet> {
    let theirs = group.is_none_or(|group| mandate.site().group(group).is_some());
    if theirs { Ok(()) } else { Err(NotSet::NotTheirs) }
}

/// The date by the kindergarten's clock.
fn today(mandate: Mandate<'_>, now: Timestamp) -> Date {
    mandate.site().kindergarten.zone.to_datetime(now).date()
}

/// A week as an audit record has it: `{"monday": ["09:00-12:30"]}`.
fn written(lines: &Lines) -> Value {
    let mut week = serde_json::Map::new();
    for (weekday, span) in lines {
        let day = Weekday::from_monday_one_offset(*weekday).map(|day| format!("{day:?}").to_lowercase()).unwrap_or_default();
        let spans = week.entry(day).or_insert_with(|| json!([]));
        spans.as_array_mut().into_iter().for_each(|spans| spans.push(json!(span.to_string())));
    }
    Value::Object(week)
}

fn details(exception: &Exception) -> Value {
    let Exception { group, date, spans, reason, .. } = exception;
    json!({ "group": group, "date": date, "hours": spans.iter().map(DaySpan::to_string).collect::<Vec<_>>(), "reason": reason })
}

fn record(mandate: Mandate<'_>, action: Action, subject: String, details: Value, at: Timestamp) -> Record {
    Record { at, actor: Some(mandate.account()), kindergarten: Some(mandate.kindergarten()), action, subject, details }
}
