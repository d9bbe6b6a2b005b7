//! What the file declared when it was last applied: a digest a subject. A subject is an attribute of a thing, a password, or a question
//! that facts answer. Nothing of what was declared can be read from a digest, addresses and passwords of cameras included.

use super::{
    check::Password,
    fact::Fact,
    merge::{Declared, Known},
    thing::{Key, Kind, Thing},
};
use crate::{
    args,
    db::{DbError, Queries, Tx},
    secret::Secrets,
};
use serde_json::json;
use std::collections::BTreeMap;

/// Digests by subject.
pub(super) type Digests = BTreeMap<String, String>;

/// What an attribute is remembered by. Keys have no spaces.
pub(super) fn subject(kind: Kind, key: &str, attribute: &str) -> String {
    format!("{} {key} {attribute}", kind.word())
}

/// The subjects of a thing: its attributes, and its password if it can have one.
pub(super) fn subjects(thing: &Thing, key: &Key) -> impl Iterator<Item = String> {
    let kind = thing.kind();
    let attributes = thing.attributes().into_iter().map(|(name, _)| name).chain((kind == Kind::Account).then_some(PASSWORD));
    attributes.map(move |name| subject(kind, key, name)).collect::<Vec<_>>().into_iter()
}

/// What the password of an account is remembered by.
pub(super) fn password_subject(key: &str) -> String {
    subject(Kind::Account, key, PASSWORD)
}

const PASSWORD: &str = "password";

/// The digests of what the file declares, its passwords included.
pub(super) fn of_declared(secrets: &Secrets, declared: &Declared, passwords: &BTreeMap<Key, Password>) -> Digests {
    let things = declared.things.iter().map(|(key, thing)| (key, thing));
    let mut digests = digests(secrets, things, declared.facts.iter());
    let accounts = declared.things.iter().filter(|(_, thing)| thing.kind() == Kind::Account);
    let given = accounts.filter_map(|(key, _)| Some((password_subject(key), passwords.get(key)?)));
    digests.extend(given.map(|(subject, password)| {
        let digest = secrets.digest(&subject, password.text());
        (subject, digest)
    }));
    digests
}

/// The digests of what the database holds. Passwords are not among them: nobody knows those.
pub(super) fn of_known(secrets: &Secrets, known: &Known) -> Digests {
    digests(secrets, known.things.iter().map(|((_, key), (_, thing))| (key, thing)), known.facts.keys())
}

/// What was kept of the kindergarten with this key; nothing when no file was applied since the database remembers.
pub(super) async fn load(db: &impl Queries, kindergarten: &Key) -> Result<Digests, DbError> {
    let sql = "select subject, digest from declarations join kindergartens on kindergartens.id = kindergarten_id \
               where key = $1 and removed_at is null";
    Ok(db.rows::<(String, String)>(sql, args![kindergarten]).await?.into_iter().collect())
}

/// Keeps `wanted` where `last` had been kept.
pub(super) async fn keep(tx: &Tx, kindergarten: &Key, last: &Digests, wanted: &Digests) -> Result<(), DbError> {
    for subject in last.keys().filter(|subject| !wanted.contains_key(*subject)) {
        let sql = "delete from declarations where subject = $2 \
                   and kindergarten_id = (select id from kindergartens where key = $1 and removed_at is null)";
        tx.execute(sql, args![kindergarten, subject]).await?;
    }
    for (subject, digest) in wanted.iter().filter(|(subject, digest)| last.get(*subject) != Some(digest)) {
        let sql = "insert into declarations (kindergarten_id, subject, digest) \
                   select id, $2, $3 from kindergartens where key = $1 and removed_at is null \
                   on conflict (kindergarten_id, subject) do update set digest = excluded.digest";
        tx.execute(sql, args![kindergarten, subject, digest]).await?;
    }
    Ok(())
}

fn digests<'a>(
    secrets: &Secrets,
    things: impl Iterator<Item = (&'a Key, &'a Thing)>,
    facts: impl Iterator<Item = &'a Fact>,
) -> Digests {
    let mut digests = Digests::new();
    for (key, thing) in things {
        for (name, value) in thing.secret_attributes() {
            let subject = subject(thing.kind(), key, name);
            let digest = secrets.digest(&subject, &value);
            digests.insert(subject, digest);
        }
    }
    let mut answers: BTreeMap<String, Vec<&Fact>> = BTreeMap::new();
    for fact in facts {
        answers.entry(fact.question()).or_default().push(fact);
    }
    digests.extend(answers.into_iter().map(|(question, mut facts)| {
        facts.sort_unstable();
        let digest = secrets.digest(&question, &json!(facts).to_string());
        (question, digest)
    }));
    digests
}
