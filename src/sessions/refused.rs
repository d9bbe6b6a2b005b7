//! Refusals are written down too, and a client that asks in a loop cannot fill the log: the same refusal is written once a minute,
//! with how often it was repeated meanwhile.

use super::Sessions;
use crate::{
    audit::{self, Action, Record},
    id::{AccountId, CameraId, KindergartenId},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

/// What was asked for and refused.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Who asked, where that is known.
    pub account: Option<AccountId>,
    /// The kindergarten asked about, when it is one of the account's.
    pub kindergarten: Option<KindergartenId>,
    /// [`Action::ViewingRefused`] or [`Action::AccessRefused`].
    pub action: Action,
    /// What it was.
    pub subject: String,
    /// With which code.
    pub code: &'static str,
    /// Where the client is.
    pub address: IpAddr,
}

/// The same refusal is written again after so long.
const QUIET: SignedDuration = SignedDuration::from_secs(60);

/// So many different refusals are told apart within a minute; what exceeds that is counted in the metrics alone.
const KINDS: usize = 4_096;

type Kind = (Option<AccountId>, String, &'static str);

/// The refusals of the last minute.
#[derive(Default)]
pub(super) struct Refusals(Mutex<HashMap<Kind, Seen>>);

#[derive(Clone, Copy)]
struct Seen {
    written_at: Timestamp,
    unwritten: u64,
}

impl Refused {
    /// A stream of `camera`, which is `None` when what was asked for is not even an id.
    pub fn viewing(camera: Option<CameraId>, code: &'static str, address: IpAddr) -> Self {
        let subject = camera.map_or_else(|| "camera:none".to_owned(), |camera| format!("camera:{camera}"));
        Self { account: None, kindergarten: None, action: Action::ViewingRefused, subject, code, address }
    }
}

impl Refusals {
    /// How many of the kind were not written since the last one that was, if this one is to be.
    fn to_write(&self, kind: Kind, now: Timestamp) -> Option<u64> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_quiet = |last: &Seen| last.written_at.duration_until(now).abs() < QUIET;
        if let Some(last) = seen.get_mut(&kind) {
            if is_quiet(last) {
                last.unwritten += 1;
                return None;
            }
        } else if seen.len() >= KINDS {
            seen.retain(|_, last| is_quiet(last));
            if seen.len() >= KINDS {
                return None;
            }
        }
        Some(seen.insert(kind, Seen { written_at: now, unwritten: 0 }).map_or(0, |last| last.unwritten))
    }
}

impl Sessions {
    /// Counts a refusal and writes it down, behind the answer's back: how long that takes tells a stranger nothing.
    pub fn refused(&self, refused: Refused) {
        let parts = &self.0.parts;
        parts.metrics.refused(refused.code);
        let now = parts.clock.now();
        let Some(repeated) = self.0.refusals.to_write((refused.account, refused.subject.clone(), refused.code), now) else {
            return;
        };
        let address = refused.address.to_canonical().to_string();
        let record = Record {
            at: now,
            actor: refused.account,
            kindergarten: refused.kindergarten,
            action: refused.action,
            subject: refused.subject,
            details: json!({ "code": refused.code, "address": address, "repeated": repeated }),
        };
        let db = parts.db.clone();
        self.0.tasks.spawn(async move {
            let written = async {
                let tx = db.begin().await?;
                audit::append(&tx, record).await?;
                tx.commit().await
            };
            if let Err(error) = written.await {
                tracing::error!(%error, "a refusal is not written down");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn a_refusal_that_repeats_is_written_once_a_minute_with_its_count() {
        let (refusals, kind) = (Refusals::default(), || (None, "camera:none".to_owned(), "outside_hours"));
        assert_eq!(refusals.to_write(kind(), at(0)), Some(0));
        assert_eq!(refusals.to_write(kind(), at(1)), None);
        assert_eq!(refusals.to_write(kind(), at(59)), None);
        assert_eq!(refusals.to_write((None, "camera:none".to_owned(), "paused"), at(59)), Some(0));
        assert_eq!(refusals.to_write(kind(), at(61)), Some(2));
    }

    #[test]
    fn a_flood_of_different_refusals_is_bounded() {
        let refusals = Refusals::default();
        let kind = || (Some(AccountId::new(at(0))), "camera:none".to_owned(), "not_yours");
        assert!((0..KINDS).all(|_| refusals.to_write(kind(), at(0)).is_some()));
        assert_eq!(refusals.to_write(kind(), at(0)), None);
        assert_eq!(refusals.to_write(kind(), at(60)), Some(0));
    }
}
