//! Who watches what, until when.
//!
//! A stream opens only with a [`Grant`], and every running one is decided again at the grant's `until` and whenever facts change;
//! what is no longer allowed is cut first and written down after. Each viewing leaves a row and two audit records, in one
//! transaction each.

mod goodbye;
mod record;
mod refused;
mod review;
mod runs;
mod table;

pub use goodbye::Goodbye;
pub use refused::Refused;
pub use table::{Session, Watcher, Watching};

use crate::{
    auth::LogIns,
    clock::Clock,
    db::{Db, DbError},
    facts::Facts,
    id::{AccountId, LoginId, RunId, ViewingId},
    media::{Ending, Media, OpenError, Quality, SdpError},
    metrics::Metrics,
    policy::{Grant, Refusal, TokenScope},
};
use refused::Refusals;
use std::{
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};
use table::{Horizon, Table};
use tokio::sync::{Notify, broadcast, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Every running viewing. Cheap to clone.
#[derive(Clone)]
pub struct Sessions(Arc<Inner>);

struct Inner {
    parts: Parts,
    run: RunId,
    table: Mutex<Table>,
    /// The newest revision for which every running viewing was decided again.
    reviewed: AtomicI64,
    horizons_moved: Notify,
    watching: watch::Sender<Arc<Watching>>,
    goodbyes: broadcast::Sender<Goodbye>,
    refusals: Refusals,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// What the viewings stand on.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// What the policy is asked about.
    pub facts: Arc<Facts>,
    /// Who is logged in.
    pub logins: Arc<LogIns>,
    /// The streams.
    pub media: Media,
    /// The time.
    pub clock: Clock,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

/// What a client brings for a stream, beside the grant.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The token under which the grant was made.
    pub token: TokenScope,
    /// The log-in that the token was given to.
    pub login: Option<LoginId>,
    /// The client's SDP.
    pub offer: String,
    /// Which picture.
    pub quality: Quality,
    /// Where the client is.
    pub address: IpAddr,
    /// The revision of the facts from which the grant was made.
    pub revision: i64,
    /// How many others watched when it was made.
    pub viewers: u32,
}

/// Why a granted stream did not open.
#[derive(Debug, thiserror::Error)]
pub enum NotOpened {
    /// The media plane could not.
    #[error(transparent)]
    Media(#[from] OpenError),
    /// Something changed while it opened.
    #[error("no longer allowed: {}", .0.code)]
    Ended(Box<Goodbye>),
    /// It could not be written down, so it must not be.
    #[error(transparent)]
    Database(#[from] DbError),
    /// The program stops.
    #[error("stopping")]
    Stopping,
}

/// Pages that lag behind by more than this many endings are told to look anew.
const GOODBYES_KEPT: usize = 1_024;

impl Sessions {
    /// Begins a run of the program: its viewings are told from those of earlier runs, whose loose ends are tied up.
    pub async fn start(parts: Parts) -> Result<Self, DbError> {
        let now = parts.clock.now();
        let sessions = Self(Arc::new(Inner {
            run: RunId::new(now),
            table: Mutex::default(),
            reviewed: AtomicI64::new(0),
            horizons_moved: Notify::new(),
            watching: watch::Sender::default(),
            goodbyes: broadcast::Sender::new(GOODBYES_KEPT),
            refusals: Refusals::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            parts,
        }));
        sessions.begin_run(now).await?;
        sessions.0.tasks.spawn(sessions.clone().keep_alive());
        sessions.0.tasks.spawn(sessions.clone().keep_horizons());
        Ok(sessions)
    }

    /// Opens the grant's stream; older ones of the account that are then too many end with `taken_over`.
    ///
    /// The work goes on when the caller goes away: half a viewing, a stream without a row or a row without a stream, cannot be.
    pub async fn open(&self, grant: Grant, opening: Opening) -> Result<(Arc<Session>, String), NotOpened> {
        let opened = self.0.tasks.spawn(self.clone().open_whole(grant, opening));
        opened.await.unwrap_or(Err(NotOpened::Stopping))
    }

    async fn open_whole(self, grant: Grant, opening: Opening) -> Result<(Arc<Session>, String), NotOpened> {
        let parts = &self.0.parts;
        let opened = parts.media.open(&grant, &opening.offer, opening.quality).await?;
        let started_at = parts.clock.now();
        let viewing = ViewingId::new(started_at);
        self.record_start(viewing, &grant, &opening, started_at).await?;
        let session = Arc::new(Session {
            viewing,
            path: format!("/whep/{}/{}", grant.camera(), secret()),
            account: grant.account(),
            camera: grant.camera(),
            kindergarten: grant.kindergarten(),
            since: started_at,
            sound: grant.sound(),
            viewer: opened.viewer,
            horizon: Mutex::new(Horizon { token: opening.token, login: opening.login, grant: grant.clone(), restarts: 0 }),
        });
        parts.metrics.viewing_started();
        self.change(|table| table.insert(session.clone()));
        self.0.tasks.spawn(self.clone().await_end(session.clone()));

        // Facts or viewers that changed since the decision were not yet this stream's; now they are.
        let viewers = self.table().before(&session);
        let stale = viewers != opening.viewers || self.0.reviewed.load(Ordering::SeqCst) > opening.revision;
        if stale && let Some(goodbye) = self.review(vec![session.clone()]).await {
            return Err(NotOpened::Ended(Box::new(goodbye)));
        }
        if self.0.stop.is_cancelled() {
            self.end(&session, Ending::ServerStopping);
            return Err(NotOpened::Stopping);
        }
        let surplus = self.table().surplus(grant.account(), grant.streams());
        for surplus in surplus {
            self.end(&surplus, Ending::TakenOver);
        }
        self.0.horizons_moved.notify_one();
        Ok((session, opened.answer))
    }

    /// The running stream at `path`, if it is the account's.
    pub fn find(&self, path: &str, account: AccountId) -> Option<Arc<Session>> {
        self.table().all().find(|session| session.path == path && session.account == account).cloned()
    }

    /// Goes on under a fresh token of the same account. A token that does not cover the stream changes nothing.
    pub async fn renew(
        &self,
        session: &Arc<Session>,
        token: TokenScope,
        login: Option<LoginId>,
    ) -> Result<Result<(), Refusal>, DbError> {
        if token.expires_at <= session.horizon().token.expires_at {
            return Ok(Ok(()));
        }
        let renewed = Horizon { token, login, ..session.horizon() };
        Ok(match self.decide(session, &renewed).await? {
            Ok(grant) => {
                session.change(|horizon| *horizon = Horizon { grant, restarts: horizon.restarts, ..renewed });
                self.0.horizons_moved.notify_one();
                Ok(())
            }
            // What the facts refuse ends the stream by itself; what the token lacks is the client's to hear.
            Err((_, refusal)) => refusal.map_or(Ok(()), Err),
        })
    }

    /// Restarts the ICE of `session`; the entity tag changes with it. One that fails changes nothing.
    pub fn restart(&self, session: &Session, fragment: &str) -> Result<String, SdpError> {
        let answer = session.viewer.restart(fragment)?;
        session.change(|horizon| horizon.restarts += 1);
        Ok(answer)
    }

    /// Ends `session`; only the first reason counts.
    pub fn end(&self, session: &Session, ending: Ending) {
        self.finish(session, ending, None);
    }

    /// Ends the streams of a log-in that has ended.
    pub fn end_login(&self, login: LoginId) {
        for session in self.running().into_iter().filter(|session| session.horizon().login == Some(login)) {
            self.end(&session, Ending::LoggedOut);
        }
    }

    /// Every running stream, the oldest first.
    pub fn running(&self) -> Vec<Arc<Session>> {
        self.table().all().cloned().collect()
    }

    /// Who watches what, now and at every change.
    pub fn watching(&self) -> watch::Receiver<Arc<Watching>> {
        self.0.watching.subscribe()
    }

    /// Every ending from now on.
    pub fn goodbyes(&self) -> broadcast::Receiver<Goodbye> {
        self.0.goodbyes.subscribe()
    }

    /// Ends every stream and waits until that is written down.
    pub async fn stop(&self) {
        self.0.stop.cancel();
        for session in self.running() {
            self.end(&session, Ending::ServerStopping);
        }
        self.0.tasks.close();
        self.0.tasks.wait().await;
        self.end_run().await;
    }

    /// Waits until the stream ends by itself: the client, its network or its camera is gone.
    async fn await_end(self, session: Arc<Session>) {
        let ending = session.viewer.ended().await;
        self.end(&session, ending);
    }

    /// Cuts the stream, tells its page, and writes it down; `refusal` says more than the ending's code.
    fn finish(&self, session: &Session, ending: Ending, refusal: Option<&Refusal>) -> Option<Goodbye> {
        let session = self.change(|table| table.remove(session.viewing))?;
        session.viewer.close(ending);
        let parts = &self.0.parts;
        parts.metrics.viewing_ended(ending.code());
        let goodbye = Goodbye::of(&session, ending, refusal);
        // Nobody listens when no page is open.
        let _ = self.0.goodbyes.send(goodbye.clone());
        self.0.tasks.spawn(self.clone().record_end(session, ending.code(), parts.clock.now()));
        Some(goodbye)
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the table; whoever is told of who watches is told.
    fn change<T>(&self, with: impl FnOnce(&mut Table) -> T) -> T {
        let mut table = self.table();
        let result = with(&mut table);
        self.0.watching.send_replace(Arc::new(table.watching()));
        result
    }
}

/// The unguessable part of a session URL: 256 bits.
fn secret() -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(crate::random::bytes::<32>())
}
