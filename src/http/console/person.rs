//! Somebody who is logged in, with all that is known of them: so that the pages of directors and inspectors ask the policy in one way.

use crate::{
    audit::{self, Action, Record},
    auth::Caller,
    db::DbError,
    facts::Known,
    http::{
        Fault, Problem, Shared,
        caller::{Client, LoggedIn},
    },
    id::{CameraId, KindergartenId},
    model::{Account, Site},
    policy::{self, Charter, Custody, Insight, Mandate, Refusal, Replay},
    sessions::Refused,
};
use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::request::Parts,
};
use jiff::Timestamp;
use serde_json::json;
use std::{net::IpAddr, sync::Arc};

/// The caller of a request, and the moment of it.
pub(super) struct Person {
    pub(super) known: Arc<Known>,
    pub(super) now: Timestamp,
    pub(super) address: IpAddr,
    app: Shared,
    /// What is asked for, as an audit record names it: the method and the route, without what stands in it.
    request: String,
}

impl FromRequestParts<Shared> for Person {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        let LoggedIn(caller) = LoggedIn::from_request_parts(parts, app).await?;
        Self::of(caller, parts, app).await
    }
}

impl Person {
    /// Whoever sends the request of `parts`, whose log-in is good.
    pub(super) async fn of(caller: Caller, parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        let Client(address) = Client::from_request_parts(parts, app).await?;
        let now = app.clock.now();
        let known = app.facts.of(caller.account.id, now).await?.ok_or(Fault::NotLoggedIn)?;
        let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        Ok(Self { known, now, address, app: app.clone(), request: format!("{} {route}", parts.method) })
    }

    /// The account as it is now.
    pub(super) fn account(&self) -> &Account {
        &self.known.account
    }

    /// The kindergarten that `has` what somebody asks for, among those that the account has to do with.
    pub(super) fn home(&self, has: impl Fn(&Site) -> bool) -> Option<KindergartenId> {
        self.known.sites.iter().find(|site| has(site)).map(|site| site.kindergarten.id)
    }

    /// The right to change what holds in `kindergarten`; `None` stands for one that does not exist. A refusal is written down.
    pub(super) fn mandate(&self, kindergarten: Option<KindergartenId>) -> Result<Mandate<'_>, Problem> {
        let site = kindergarten.and_then(|id| self.known.site(id));
        policy::manage(self.account(), site).map_err(|refusal| self.refused(kindergarten, refusal))
    }

    /// The right to order that recordings of `kindergarten` are kept. A refusal is written down.
    pub(super) fn custody(&self, kindergarten: Option<KindergartenId>) -> Result<Custody<'_>, Problem> {
        let site = kindergarten.and_then(|id| self.known.site(id));
        policy::keep(self.account(), site, self.now).map_err(|refusal| self.refused(kindergarten, refusal))
    }

    /// Whether they manage `kindergarten`, and so are shown what they can change of it. Nothing is written down.
    pub(super) fn may_change(&self, kindergarten: KindergartenId) -> bool {
        policy::manage(self.account(), self.known.site(kindergarten)).is_ok()
    }

    /// The right to change what holds in the kindergarten where the caller is the director. A refusal is written down.
    pub(super) fn own_mandate(&self) -> Result<Mandate<'_>, Problem> {
        self.mandate(self.account().kindergarten)
    }

    /// The right to look at what `camera` recorded, for `reason`. A refusal is written down.
    pub(super) fn replay(&self, camera: CameraId, reason: &str) -> Result<Replay, Problem> {
        let site = self.known.recorded_by(camera);
        let replay = policy::replay(self.account(), site, camera, reason, self.now);
        replay.map_err(|refusal| self.refused(site.map(|site| site.kindergarten.id), refusal))
    }

    /// What is asked for is another's, or is not there. It is written down.
    pub(super) fn not_theirs(&self) -> Problem {
        self.refused(None, Refusal::NotYours)
    }

    /// The right to add kindergartens, and to say who manages and who inspects them. A refusal is written down.
    pub(super) fn charter(&self) -> Result<Charter, Problem> {
        policy::administer(self.account()).map_err(|refusal| self.refused(None, refusal))
    }

    /// The right to look at how `kindergarten` is run. A refusal is written down, and so is what an inspector looks at, before
    /// anything of it is told.
    pub(super) async fn insight(&self, kindergarten: Option<KindergartenId>) -> Result<Insight<'_>, Problem> {
        let site = kindergarten.and_then(|id| self.known.site(id));
        let insight = policy::oversee(self.account(), site, self.now).map_err(|refusal| self.refused(kindergarten, refusal))?;
        if insight.is_recorded() {
            self.inspected(insight.kindergarten()).await?;
        }
        Ok(insight)
    }

    async fn inspected(&self, kindergarten: KindergartenId) -> Result<(), DbError> {
        self.record(kindergarten, format!("kindergarten:{kindergarten}"), Action::Inspected, json!({ "request": self.request }))
            .await?;
        self.app.looks.send_modify(|looks| *looks += 1);
        Ok(())
    }

    /// Puts on record that the person took a list out of the gateway as a file; `details` say which.
    pub(super) async fn exported(&self, insight: Insight<'_>, details: serde_json::Value) -> Result<(), DbError> {
        let kindergarten = insight.kindergarten();
        self.record(kindergarten, format!("kindergarten:{kindergarten}"), Action::Exported, details).await
    }

    /// Puts on record that the person is given a single picture of `camera`.
    pub(super) async fn saw_still(&self, insight: Insight<'_>, camera: CameraId) -> Result<(), DbError> {
        self.record(insight.kindergarten(), format!("camera:{camera}"), Action::StillSeen, json!({})).await
    }

    /// Puts on record what the person did in a kindergarten, and with what.
    async fn record(
        &self,
        kindergarten: KindergartenId,
        subject: String,
        action: Action,
        details: serde_json::Value,
    ) -> Result<(), DbError> {
        let tx = self.app.db.begin().await?;
        let actor = Some(self.account().id);
        let record = Record { at: self.now, actor, kindergarten: Some(kindergarten), action, subject, details };
        audit::append(&tx, record).await?;
        tx.commit().await
    }

    fn refused(&self, kindergarten: Option<KindergartenId>, refusal: Refusal) -> Problem {
        self.app.sessions.refused(Refused {
            account: Some(self.account().id),
            // Whoever has nothing to do with a kindergarten leaves no trace in its records.
            kindergarten: kindergarten.filter(|id| self.known.site(*id).is_some()),
            action: Action::AccessRefused,
            subject: format!("request:{}", self.request),
            code: refusal.code(),
            address: self.address,
        });
        refusal.into()
    }
}
