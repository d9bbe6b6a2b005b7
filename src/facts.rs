//! What the policy is asked about: one account and every kindergarten that it has to do with.
//!
//! A camera is always looked for among the account's own kindergartens. So a camera of a stranger's and one that does not exist
//! cost the same work and look the same, from outside and by the watch.

use crate::{
    db::{self, Db, DbError},
    id::{AccountId, CameraId, KindergartenId},
    model::{Account, Recent, Site},
    policy::{self, Purpose},
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

/// What is known of one account, as of one revision of the facts.
#[derive(Debug)]
pub struct Known {
    /// The account.
    pub account: Account,
    /// The kindergartens that it has to do with.
    pub sites: Vec<Arc<Site>>,
    /// The revision that is at least this new.
    pub revision: i64,
}

impl Known {
    /// The kindergarten of `camera`, if it is one of the account's.
    pub fn site_of(&self, camera: CameraId) -> Option<&Site> {
        self.sites.iter().map(Arc::as_ref).find(|site| site.camera(camera).is_some())
    }

    /// The same of a camera that may have been removed: what it recorded is left.
    pub fn recorded_by(&self, camera: CameraId) -> Option<&Site> {
        self.sites.iter().map(Arc::as_ref).find(|site| site.recorded_camera(camera).is_some())
    }

    /// The kindergarten with this id, if the account has to do with it.
    pub fn site(&self, kindergarten: KindergartenId) -> Option<&Site> {
        self.sites.iter().map(Arc::as_ref).find(|site| site.kindergarten.id == kindergarten)
    }

    /// What is known of one of its kindergartens alone; of all for `None`.
    pub fn only(&self, kindergarten: Option<KindergartenId>) -> Self {
        let sites = self.sites.iter().filter(|site| kindergarten.is_none_or(|id| site.kindergarten.id == id));
        Self { account: self.account.clone(), sites: sites.cloned().collect(), revision: self.revision }
    }

    /// The account alone, for who must not see more yet.
    pub fn nothing_but_the_account(&self) -> Self {
        Self { account: self.account.clone(), sites: Vec::new(), revision: self.revision }
    }

    /// The facts for watching `camera` live while `viewers` others do; `None` stands for what is not even an id.
    pub fn live(&self, camera: Option<CameraId>, viewers: u32) -> policy::Facts<'_> {
        let site = camera.and_then(|camera| self.site_of(camera));
        policy::Facts { account: &self.account, site, camera, purpose: Purpose::Live, viewers }
    }
}

/// Loads what is known, and keeps it until the revision moves on: hundreds of pages and streams of one kindergarten are decided
/// from one copy of it.
pub struct Facts {
    db: Db,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    revision: i64,
    sites: HashMap<KindergartenId, Arc<Site>>,
    recent: HashMap<KindergartenId, Arc<Recent>>,
    known: HashMap<AccountId, Arc<Known>>,
}

/// More accounts than this are loaded again rather than remembered.
const ACCOUNTS_KEPT: usize = 10_000;

impl Facts {
    /// Reads from `db`.
    pub fn new(db: Db) -> Self {
        Self { db, kept: Mutex::default() }
    }

    /// What is known of `account` now; `None` when there is no such account. It is never older than the call.
    pub async fn of(&self, account: AccountId, now: Timestamp) -> Result<Option<Arc<Known>>, DbError> {
        let revision = db::revision(&self.db).await?;
        if let Some(known) = self.at(revision, |kept| kept.known.get(&account).cloned()) {
            return Ok(Some(known));
        }
        // Read after the revision: what is kept under it can be newer, never older.
        let Some(who) = db::accounts::by_id(&self.db, account, now).await? else { return Ok(None) };
        let mut sites = Vec::new();
        for kindergarten in db::accounts::kindergartens(&self.db, &who, now).await? {
            sites.extend(self.site(kindergarten, revision, now).await?);
        }
        let known = Arc::new(Known { account: who, sites, revision });
        self.at(revision, |kept| {
            if kept.known.len() >= ACCOUNTS_KEPT {
                kept.known.clear();
            }
            kept.known.insert(account, known.clone())
        });
        Ok(Some(known))
    }

    /// The accounts of `ids` as they are now; those that are gone are left out.
    pub async fn accounts(&self, ids: BTreeSet<AccountId>, now: Timestamp) -> Result<BTreeMap<AccountId, Account>, DbError> {
        let mut accounts = BTreeMap::new();
        if ids.is_empty() {
            return Ok(accounts);
        }
        let revision = db::revision(&self.db).await?;
        for id in ids {
            let account = match self.at(revision, |kept| kept.known.get(&id).map(|known| known.account.clone())) {
                Some(account) => Some(account),
                None => db::accounts::by_id(&self.db, id, now).await?,
            };
            accounts.extend(account.map(|account| (id, account)));
        }
        Ok(accounts)
    }

    /// What was changed lately in the kindergartens of `known`, as of its revision or newer.
    pub async fn recent(&self, known: &Known, now: Timestamp) -> Result<HashMap<KindergartenId, Arc<Recent>>, DbError> {
        let mut all = HashMap::new();
        for id in known.sites.iter().map(|site| site.kindergarten.id) {
            all.insert(id, self.recent_of(id, known.revision, now).await?);
        }
        Ok(all)
    }

    async fn recent_of(&self, kindergarten: KindergartenId, revision: i64, now: Timestamp) -> Result<Arc<Recent>, DbError> {
        if let Some(recent) = self.at(revision, |kept| kept.recent.get(&kindergarten).cloned()) {
            return Ok(recent);
        }
        let recent = Arc::new(db::recent::load(&self.db, kindergarten, now).await?);
        self.at(revision, |kept| kept.recent.insert(kindergarten, recent.clone()));
        Ok(recent)
    }

    async fn site(&self, kindergarten: KindergartenId, revision: i64, now: Timestamp) -> Result<Option<Arc<Site>>, DbError> {
        if let Some(site) = self.at(revision, |kept| kept.sites.get(&kindergarten).cloned()) {
            return Ok(Some(site));
        }
        let site = db::site::load(&self.db, kindergarten, now).await?.map(Arc::new);
        if let Some(site) = &site {
            self.at(revision, |kept| kept.sites.insert(kindergarten, site.clone()));
        }
        Ok(site)
    }

    /// Does `with` what is kept of `revision`; what was kept of an older one is forgotten, and a newer one is left alone.
    fn at<T>(&self, revision: i64, with: impl FnOnce(&mut Kept) -> Option<T>) -> Option<T> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.revision < revision {
            *kept = Kept { revision, ..Kept::default() };
        }
        if kept.revision == revision { with(&mut kept) } else { None }
    }
}
