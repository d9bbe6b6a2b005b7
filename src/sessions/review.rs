//! Deciding again: at the end of a grant, and whenever facts change.

use super::{Goodbye, Session, Sessions, table::Horizon};
use crate::{
    db::DbError,
    id::LoginId,
    media::Ending,
    policy::{self, Grant, Refusal},
};
use futures::{StreamExt, stream};
use jiff::Timestamp;
use std::sync::{Arc, atomic::Ordering};

/// How many streams are decided at the same time: enough that a whole kindergarten is through in a moment, few enough that the
/// database still answers others.
const AT_ONCE: usize = 16;

/// Sound is opened with a stream; when the director turns it off, the stream ends and opens again without.
const SOUND_OFF: &str = "sound_off";

/// The facts could not be read when the grant was over: then the answer is no.
const FACTS_UNAVAILABLE: &str = "facts_unavailable";

/// Why a running stream must end; with the refusal, where the policy said it.
type Denial = (Ending, Option<Refusal>);

impl Sessions {
    /// Decides every running stream again, for facts of `revision`.
    pub async fn facts_changed(&self, revision: i64) {
        // First the number, then the look at the table: a stream that opens meanwhile sees the one or is in the other.
        self.0.reviewed.fetch_max(revision, Ordering::SeqCst);
        self.review(self.running()).await;
    }

    /// Until the program stops: decides each stream again at the end of its grant.
    pub(super) async fn keep_horizons(self) {
        let clock = &self.0.parts.clock;
        loop {
            let moved = self.0.horizons_moved.notified();
            let next = self.table().all().map(|session| session.until()).min().unwrap_or(Timestamp::MAX);
            tokio::select! {
                () = clock.sleep_until(next) => {}
                () = moved => continue,
                () = self.0.stop.cancelled() => return,
            }
            let now = clock.now();
            let due = self.running().into_iter().filter(|session| session.until() <= now).collect();
            self.review(due).await;
        }
    }

    /// Decides `sessions` again and ends those that may not go on; tells of the first that ended.
    pub(super) async fn review(&self, sessions: Vec<Arc<Session>>) -> Option<Goodbye> {
        let ended = stream::iter(sessions).map(|session| self.review_one(session)).buffer_unordered(AT_ONCE);
        let ended: Vec<Goodbye> = ended.filter_map(std::future::ready).collect().await;
        self.0.horizons_moved.notify_one();
        ended.into_iter().next()
    }

    async fn review_one(&self, session: Arc<Session>) -> Option<Goodbye> {
        let horizon = session.horizon();
        let (ending, refusal) = match self.decide(&session, &horizon).await {
            Ok(Ok(grant)) => {
                // A renewal may have come in between; its token is the one that counts.
                session.change(|now| {
                    if now.token == horizon.token {
                        now.grant = grant;
                    }
                });
                return None;
            }
            Ok(Err(denial)) => denial,
            Err(error) => {
                tracing::error!(%error, viewing = %session.viewing, "a running viewing cannot be decided again");
                if session.until() > self.0.parts.clock.now() {
                    return None;
                }
                (Ending::Refused(FACTS_UNAVAILABLE), None)
            }
        };
        self.finish(&session, ending, refusal.as_ref())
    }

    /// What the policy says now of a running stream under `horizon`.
    pub(super) async fn decide(&self, session: &Session, horizon: &Horizon) -> Result<Result<Grant, Denial>, DbError> {
        let parts = &self.0.parts;
        let now = parts.clock.now();
        if let Some(login) = horizon.login
            && !self.stands(login).await?
        {
            return Ok(Err((Ending::LoggedOut, None)));
        }
        let Some(known) = parts.facts.of(session.account, now).await? else {
            return Ok(Err((Ending::LoggedOut, None)));
        };
        let viewers = self.table().before(session);
        let decision = policy::decide(&known.live(Some(session.camera), viewers), &horizon.token, now);
        Ok(match decision {
            Ok(grant) if session.sound && !grant.sound() => Err((Ending::Refused(SOUND_OFF), None)),
            Ok(grant) => Ok(grant),
            Err(Refusal::NotYours) if !self.exists(session).await? => Err((Ending::CameraRemoved, None)),
            Err(refusal) => Err((Ending::Refused(refusal.code()), Some(refusal))),
        })
    }

    async fn stands(&self, login: LoginId) -> Result<bool, DbError> {
        self.0.parts.logins.admits(login).await
    }

    async fn exists(&self, session: &Session) -> Result<bool, DbError> {
        let parts = &self.0.parts;
        let site = crate::db::site::of_camera(&parts.db, session.camera, parts.clock.now()).await?;
        Ok(site.is_some())
    }
}
