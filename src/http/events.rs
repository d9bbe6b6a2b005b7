//! Server-sent events: the page is told of every change and never asks.

use super::{
    Fault, Problem, Shared,
    caller::AtTheDoor,
    me::{self, Me},
    openapi::WithLogin,
};
use crate::{auth::Caller, db::DbError, id::AccountId, sessions::Goodbye};
use axum::{
    extract::State,
    http::header,
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use jiff::Timestamp;
use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{broadcast::error::RecvError, mpsc};
use tokio_stream::wrappers::ReceiverStream;

/// Changes that come together are told together; a page is told at most this often.
const TOGETHER: Duration = Duration::from_millis(150);
/// How long until a page is told what could not be read just now.
const TRY_AGAIN: Duration = Duration::from_secs(1);
/// A comment now and then keeps proxies from closing a quiet line.
const PING: Duration = Duration::from_secs(15);
/// Pages of one account that listen at the same time: some telephones and tabs.
const PAGES_EACH: u32 = 16;
/// Events that may wait for a slow page; then the page is waited for, and told the newest after.
const WAITING: usize = 8;

/// Tells of changes: `me` (the whole document, at once and whenever it changes), `ended` (a stream of this account ended),
/// `logged_out` (the last event).
#[utoipa::path(
    get, path = "/api/v1/events", tag = "me", security(("log-in" = [])),
    responses(
        (status = 200, description = "`event: me` with `Me`, `event: ended` with `Goodbye`, `event: logged_out`", content_type = "text/event-stream", body = Goodbye),
        WithLogin
    )
)]
pub(super) async fn events(State(app): State<Shared>, AtTheDoor(caller): AtTheDoor) -> Result<impl IntoResponse, Problem> {
    let place = app.pages.take(caller.account.id).ok_or(Fault::TooManyRequests)?;
    let (told, listening) = mpsc::channel(WAITING);
    let page = Page { goodbyes: app.sessions.goodbyes(), app, caller, told, last: None, _place: place };
    tokio::spawn(page.tell());
    let stream = Sse::new(ReceiverStream::new(listening)).keep_alive(KeepAlive::new().interval(PING).text("still here"));
    // nginx would hold events back otherwise.
    Ok(([(header::HeaderName::from_static("x-accel-buffering"), "no")], stream))
}

/// One page that listens.
struct Page {
    app: Shared,
    caller: Caller,
    goodbyes: tokio::sync::broadcast::Receiver<Goodbye>,
    told: mpsc::Sender<Result<Event, Infallible>>,
    last: Option<Me>,
    _place: Place,
}

impl Page {
    async fn tell(mut self) {
        let app = self.app.clone();
        let _counted = app.metrics.page_listens();
        let (mut facts, mut watching, mut cameras) = (app.changes.subscribe(), app.sessions.watching(), app.media.states());
        let (mut looks, mut defects, mut forecast) = (app.looks.subscribe(), app.defects.watch(), app.keeper.forecast());
        loop {
            let next = match self.document().await {
                Ok(Some(next)) => next,
                Ok(None) => return self.part().await,
                Err(error) => {
                    tracing::error!(%error, "a page cannot be told what is new");
                    tokio::time::sleep(TRY_AGAIN).await;
                    continue;
                }
            };
            let changed = async {
                tokio::select! {
                    _ = facts.changed() => {}
                    _ = watching.changed() => {}
                    _ = cameras.changed() => {}
                    _ = looks.changed() => {}
                    _ = defects.changed() => {}
                    _ = forecast.changed() => {}
                    () = app.clock.sleep_until(next) => {}
                }
            };
            let stop = app.stop.cancelled();
            let told = self.told.clone();
            tokio::pin!(changed, stop);
            let gone = loop {
                tokio::select! {
                    // An ending is told at once, and before the document that follows from it.
                    biased;
                    goodbye = self.goodbyes.recv() => if !self.goodbye(goodbye).await { break true },
                    () = &mut stop => break true,
                    () = told.closed() => break true,
                    () = &mut changed => break false,
                }
            };
            if gone {
                return;
            }
            tokio::time::sleep(TOGETHER).await;
            self.catch_up().await;
        }
    }

    /// The last that is told: why each stream of this log-in ended, and that nobody is logged in. The streams may not have been decided
    /// again yet, so they end here.
    async fn part(mut self) {
        self.app.sessions.end_login(self.caller.login);
        self.catch_up().await;
        self.send(Event::default().event("logged_out").data("{}")).await;
    }

    /// Tells of the endings that wait: they come before the document that follows from them.
    async fn catch_up(&mut self) {
        while let Ok(goodbye) = self.goodbyes.try_recv() {
            self.goodbye(Ok(goodbye)).await;
        }
    }

    /// Sends the document if it changed, and returns the moment at which it may change by itself; `None` when nobody is logged in.
    async fn document(&mut self) -> Result<Option<Timestamp>, DbError> {
        if !self.app.logins.living(self.caller.login).await? {
            return Ok(None);
        }
        let Some((me, next)) = me::document(&self.app, &self.caller).await? else { return Ok(None) };
        // The time alone is no change.
        let changed = self.last.as_ref().is_none_or(|last| Me { now: me.now, ..last.clone() } != me);
        if changed && let Ok(event) = Event::default().event("me").json_data(&me) {
            self.last = Some(me);
            self.send(event).await;
        }
        Ok(Some(next))
    }

    /// Whether the page still listens.
    async fn goodbye(&self, goodbye: Result<Goodbye, RecvError>) -> bool {
        match goodbye {
            Ok(goodbye) if goodbye.account == self.caller.account.id => match Event::default().event("ended").json_data(&goodbye) {
                Ok(event) => self.send(event).await,
                Err(_) => true,
            },
            // A page that missed endings sees from its own connection that the stream is over.
            Ok(_) | Err(RecvError::Lagged(_)) => true,
            Err(RecvError::Closed) => false,
        }
    }

    async fn send(&self, event: Event) -> bool {
        self.told.send(Ok(event)).await.is_ok()
    }
}

/// How many pages of each account listen.
#[derive(Clone, Default)]
pub struct Pages(Arc<Mutex<HashMap<AccountId, u32>>>);

impl Pages {
    fn take(&self, account: AccountId) -> Option<Place> {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = pages.entry(account).or_default();
        (*count < PAGES_EACH).then(|| {
            *count += 1;
            Place { pages: self.clone(), account }
        })
    }
}

/// The place of one page that listens.
struct Place {
    pages: Pages,
    account: AccountId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut pages = self.pages.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = pages.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                pages.remove(&self.account);
            }
        }
    }
}
