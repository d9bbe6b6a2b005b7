//! Performs a plan inside one transaction: every step with its audit record.

mod facts;
mod things;

use super::{
    merge::Merge,
    plan::{Change, Step},
    thing::{Key, Kind, Thing},
};
use crate::{
    audit::{self, Action, Record},
    db::{DbError, Queries, Tx, accounts},
    id::{AccountId, CameraId, ChildId, GroupId, KindergartenId},
    secret::Secrets,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::{collections::BTreeMap, str::FromStr};

/// What the steps of a plan share.
pub(super) struct Performer<'a> {
    tx: &'a Tx,
    secrets: &'a Secrets,
    now: Timestamp,
    /// The ids of what the file speaks of.
    ids: BTreeMap<(Key, Kind, Key), String>,
    made: i64,
}

impl<'a> Performer<'a> {
    /// `merges` are the kindergartens of the file, as they stand among others.
    pub(super) fn new(tx: &'a Tx, secrets: &'a Secrets, now: Timestamp, merges: &[Merge]) -> Self {
        let mut ids = BTreeMap::new();
        for Merge { declared, known, .. } in merges {
            let home = &declared.key;
            ids.extend(known.things.iter().map(|((kind, key), (id, _))| (place(home, *kind, key), id.clone())));
        }
        Self { tx, secrets, now, ids, made: 0 }
    }

    pub(super) async fn perform(&mut self, change: &Change) -> Result<(), DbError> {
        let home = &change.kindergarten;
        match &change.step {
            Step::EndFact { id, fact } => {
                facts::end(self.tx, id, fact, self.now).await?;
                self.record(home, Action::FactEnded, fact.word(), id, json!(fact)).await
            }
            Step::Remove { id, key, thing } => {
                things::remove(self.tx, id, thing, self.now).await?;
                self.record(home, Action::FactEnded, thing.kind().word(), id, json!({ "key": key })).await
            }
            Step::Change { id, key, from, to } => self.change(home, id, key, from, to).await,
            Step::Add { key, thing } => self.add(home, key, thing).await,
            Step::SetPassword { key, hash } => {
                let account: AccountId = self.id(home, Kind::Account, key).await?;
                accounts::set_password(self.tx, account, hash, self.now).await?;
                self.record(home, Action::PasswordChanged, Kind::Account.word(), &account.to_string(), json!({ "key": key })).await
            }
            Step::AddFact { fact } => {
                let id = facts::add(self, home, fact).await?;
                self.record(home, Action::FactAdded, fact.word(), &id, json!(fact)).await
            }
        }
    }

    async fn add(&mut self, home: &Key, key: &Key, thing: &Thing) -> Result<(), DbError> {
        let at = self.moment();
        let id = match thing.kind() {
            Kind::Kindergarten => KindergartenId::new(at).to_string(),
            Kind::Group => GroupId::new(at).to_string(),
            Kind::Camera => CameraId::new(at).to_string(),
            Kind::Child => ChildId::new(at).to_string(),
            Kind::Account => AccountId::new(at).to_string(),
        };
        self.ids.insert(place(home, thing.kind(), key), id.clone());
        things::put(self, home, &id, key, thing).await?;
        let details = json!({ "key": key, "attributes": shown(thing) });
        self.record(home, Action::FactAdded, thing.kind().word(), &id, details).await
    }

    async fn change(&mut self, home: &Key, id: &str, key: &Key, from: &Thing, to: &Thing) -> Result<(), DbError> {
        things::put(self, home, id, key, to).await?;
        let differing = to.differing(from);
        let action = if differing.contains(&"source") { Action::SecretChanged } else { Action::FactChanged };
        let details = json!({ "key": key, "changed": differing, "before": shown(from), "after": shown(to) });
        self.record(home, action, to.kind().word(), id, details).await
    }

    async fn record(&self, home: &Key, action: Action, kind: &str, id: &str, details: Value) -> Result<(), DbError> {
        let kindergarten: Option<KindergartenId> = Some(self.id(home, Kind::Kindergarten, home).await?);
        let record = Record { at: self.now, actor: None, kindergarten, action, subject: format!("{kind}:{id}"), details };
        audit::append(self.tx, record).await.map(drop)
    }

    /// The id of what the file names `key`. An account may also be one that another file declares.
    async fn id<I: FromStr>(&self, home: &Key, kind: Kind, key: &Key) -> Result<I, DbError> {
        let known = self.ids.get(&place(home, kind, key)).and_then(|id| id.parse().ok());
        let found = match known {
            None if kind == Kind::Account => {
                let sql = "select id from accounts where key = $1 and removed_at is null";
                self.tx.row::<(String,)>(sql, crate::args![key]).await?.and_then(|(id,)| id.parse().ok())
            }
            known => known,
        };
        found.ok_or_else(|| DbError::Unreadable(format!("there is no {} '{key}' any more", kind.word())))
    }

    /// A moment for a new id: one after another, so that what is made together sorts in the order of the file.
    fn moment(&mut self) -> Timestamp {
        self.made += 1;
        self.now.saturating_add(SignedDuration::from_millis(self.made)).unwrap_or(self.now)
    }
}

/// Where the ids keep a thing: keys of accounts are the same for all kindergartens.
fn place(home: &Key, kind: Kind, key: &Key) -> (Key, Kind, Key) {
    let home = if kind == Kind::Account { Key::new() } else { home.clone() };
    (home, kind, key.clone())
}

/// The attributes that an audit record may hold.
fn shown(thing: &Thing) -> BTreeMap<&'static str, String> {
    thing.attributes().into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
