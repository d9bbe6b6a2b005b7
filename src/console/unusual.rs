//! Use that is worth a director's question. Pure: what was watched and refused goes in, what stands out comes out. Nothing is done by
//! itself: a mark is a reason to ask, not a verdict.

use crate::{
    id::{AccountId, LoginId, ViewingId},
    model::{UnknownWord, words},
};
use jiff::{SignedDuration, Timestamp};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// A shorter hole between two viewings is no break: the telephone rang, the tram was in a tunnel.
pub const BREAK: SignedDuration = SignedDuration::from_mins(5);
/// Who watches longer than this without a break is marked.
pub const ON_END: SignedDuration = SignedDuration::from_hours(2);
/// The span in which refusals are counted together.
pub const REFUSALS_WITHIN: SignedDuration = SignedDuration::from_hours(1);
/// Who is refused more often than this within [`REFUSALS_WITHIN`] is marked.
pub const REFUSALS: u64 = 10;

words! {
    /// What stands out.
    Unusual("unusual use") {
        /// Two devices in two networks watched at the same time, or one took over from the other.
        TwoPlaces = "two_places",
        /// Somebody watched longer than two hours without a break.
        HoursOnEnd = "hours_on_end",
        /// Somebody was refused more than ten times within an hour.
        ManyRefusals = "many_refusals",
    }
}

/// A viewing, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The viewing.
    pub id: ViewingId,
    /// Who watched.
    pub account: AccountId,
    /// The log-in, which stands for the device.
    pub login: Option<LoginId>,
    /// The network, as [`shortened`](super::network::shortened).
    pub network: String,
    /// From when.
    pub since: Timestamp,
    /// Until when; `None` while it runs.
    pub until: Option<Timestamp>,
}

/// A refusal on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// Who was refused.
    pub account: AccountId,
    /// When.
    pub at: Timestamp,
    /// How often, those included that were only counted.
    pub times: u64,
}

/// Something that stands out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Whose use it is.
    pub account: AccountId,
    /// What it is.
    pub kind: Unusual,
    /// From when it was so.
    pub since: Timestamp,
    /// Until when it was so.
    pub until: Timestamp,
    /// The viewings that it was seen in; none where it is about refusals.
    pub viewings: Vec<ViewingId>,
    /// How many refusals; 0 where it is not about them.
    pub times: u64,
}

/// What stands out in what was `seen` and `denied`, the oldest first; a viewing that runs lasts until `now`.
pub fn marks(seen: &[Seen], denied: &[Denied], now: Timestamp) -> Vec<Mark> {
    let mut viewings: BTreeMap<AccountId, Vec<&Seen>> = BTreeMap::new();
    for viewing in seen {
        viewings.entry(viewing.account).or_default().push(viewing);
    }
    let mut refusals: BTreeMap<AccountId, Vec<&Denied>> = BTreeMap::new();
    for refusal in denied {
        refusals.entry(refusal.account).or_default().push(refusal);
    }
    let mut marks = Vec::new();
    for viewings in viewings.values_mut() {
        viewings.sort_by_key(|viewing| (viewing.since, viewing.id));
        marks.extend(joined(two_places(viewings, now)));
        marks.extend(hours_on_end(viewings, now));
    }
    for refusals in refusals.values_mut() {
        refusals.sort_by_key(|refusal| refusal.at);
        marks.extend(many_refusals(refusals));
    }
    marks.sort_by_key(|mark| (mark.since, mark.account, mark.kind));
    marks
}

impl Seen {
    fn ends(&self, now: Timestamp) -> Timestamp {
        self.until.unwrap_or(now).max(self.since)
    }

    /// Whether these are two devices in two networks. One device that goes from Wi-Fi to the mobile network stays one.
    fn is_elsewhere(&self, other: &Self) -> bool {
        let same_device = self.login.is_some() && self.login == other.login;
        !same_device && self.network != other.network && !self.network.is_empty() && !other.network.is_empty()
    }
}

/// A mark for each pair of `viewings`, which are one account's in order, that ran in two places at once. Where one stream takes over
/// from the other, the older ends at the moment when the newer begins: that is 'at once' too.
fn two_places(viewings: &[&Seen], now: Timestamp) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut running: Vec<&Seen> = Vec::new();
    for newer in viewings {
        running.retain(|older| older.ends(now) >= newer.since);
        for older in running.iter().filter(|older| older.is_elsewhere(newer)) {
            marks.push(Mark {
                account: newer.account,
                kind: Unusual::TwoPlaces,
                since: newer.since,
                until: older.ends(now).min(newer.ends(now)),
                viewings: vec![older.id, newer.id],
                times: 0,
            });
        }
        running.push(newer);
    }
    marks
}

/// Marks of one account and kind, in order; those with less than a break between them are one.
fn joined(marks: Vec<Mark>) -> Vec<Mark> {
    let mut joined: Vec<Mark> = Vec::new();
    for mark in marks {
        match joined.last_mut().filter(|last| last.until.duration_until(mark.since) <= BREAK) {
            Some(last) => {
                last.until = last.until.max(mark.until);
                last.times += mark.times;
                let new = mark.viewings.into_iter().filter(|id| !last.viewings.contains(id)).collect::<Vec<_>>();
                last.viewings.extend(new);
            }
            None => joined.push(mark),
        }
    }
    joined
}

fn hours_on_end(viewings: &[&Seen], now: Timestamp) -> Vec<Mark> {
    let runs = viewings.iter().map(|viewing| Mark {
        account: viewing.account,
        kind: Unusual::HoursOnEnd,
        since: viewing.since,
        until: viewing.ends(now),
        viewings: vec![viewing.id],
        times: 0,
    });
    let mut runs = joined(runs.collect());
    runs.retain(|run| run.since.duration_until(run.until) > ON_END);
    runs
}

fn many_refusals(refusals: &[&Denied]) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut oldest = 0;
    // The refusals before this one are in a mark already.
    let mut told = 0;
    for (newest, refusal) in refusals.iter().enumerate() {
        while refusals[oldest].at.duration_until(refusal.at) > REFUSALS_WITHIN {
            oldest += 1;
        }
        let times: u64 = refusals[oldest..=newest].iter().map(|refusal| refusal.times).sum();
        if times > REFUSALS {
            let new = &refusals[oldest.max(told)..=newest];
            told = newest + 1;
            let times = new.iter().map(|refusal| refusal.times).sum();
            let (account, kind, viewings) = (refusal.account, Unusual::ManyRefusals, Vec::new());
            // What follows within an hour belongs to the same trouble.
            match marks.last_mut().filter(|last: &&mut Mark| last.until >= refusals[oldest].at) {
                Some(last) => (last.until, last.times) = (refusal.at, last.times + times),
                None => marks.push(Mark { account, kind, since: refusals[oldest].at, until: refusal.at, viewings, times }),
            }
        }
    }
    marks
}

#[cfg(test)]
#[path = "unusual/tests.rs"]
mod tests;
