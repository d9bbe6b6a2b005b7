//! Logging in and staying logged in, on both databases.

use crate::world::databases::{self, Database};
use jiff::SignedDuration;
use std::net::{IpAddr, Ipv4Addr};
use tereze::{
    args,
    audit::verify::{Kept, verify_db},
    auth::{Caller, Entry, FactorRule, LogInRefused, LogIns, NewLogin, Origin, cookie::Cookies, password},
    clock::Clock,
    db::{Db, Queries},
    id::AccountId,
    secret::Secrets,
};

const PHONE: &str = "+77011234567";
const PASSWORD: &str = "correct horse";
const TLS: Cookies = Cookies { secure: true };

/// A parent who can log in, the log-ins, and the clock that they go by.
struct Scene {
    logins: LogIns,
    clock: Clock,
    account: AccountId,
}

async fn scene(db: &Db) -> Scene {
    let clock = Clock::held("2026-09-01T04:00:00Z".parse().unwrap());
    let account = AccountId::new(clock.now());
    let hash = password::hash(PASSWORD).await.unwrap();
    let sql = "insert into accounts (id, login, name, role, language, password_hash, created_at) values ($1, $2, 'Әсел', 'parent', 'kk', $3, 0)";
    db.execute(sql, args![account, PHONE, hash]).await.unwrap();
    Scene { logins: LogIns::new(db, &clock, &secrets(), FactorRule::Required), clock, account }
}

fn from(host: u8) -> Origin {
    Origin { address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, host)), agent: "a browser".to_owned() }
}

impl Scene {
    async fn log_in(&self) -> NewLogin {
        entered(self.logins.log_in(PHONE, PASSWORD, from(1)).await)
    }

    async fn refused(&self, login: &str, password: &str, origin: Origin) -> LogInRefused {
        self.logins.log_in(login, password, origin).await.expect_err("it was let in")
    }

    async fn caller(&self, new: &NewLogin) -> Option<Caller> {
        self.logins.caller(&sent(new)).await.unwrap()
    }
}

fn secrets() -> Secrets {
    Secrets::from_base64("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap()
}

/// The log-in of somebody who needed no more than the password.
fn entered(entry: Result<Entry, LogInRefused>) -> NewLogin {
    match entry.unwrap() {
        Entry::In(new) => new,
        Entry::Half(half) => panic!("only half in: {half:?}"),
    }
}

/// What the browser sends back of the cookie that it was given.
fn sent(new: &NewLogin) -> String {
    let set = TLS.set(&new.secret, new.lasts);
    TLS.find(set.split(';').take(1)).unwrap().to_owned()
}

fn code(refused: &LogInRefused) -> &'static str {
    refused.code().expect("no database failed")
}

#[tokio::test]
async fn who_knows_the_password_is_let_in_and_known_by_the_cookie() {
    for Database { db, .. } in &databases::both().await {
        let scene = scene(db).await;
        let new = entered(scene.logins.log_in("8 (701) 123-45-67", PASSWORD, from(1)).await);
        let caller = scene.caller(&new).await.unwrap();
        assert_eq!((caller.account.id, caller.login), (scene.account, new.login));
        assert!(caller.csrf_fits(&new.csrf) && !caller.csrf_fits("") && !caller.csrf_fits(&sent(&new)));
        assert!(scene.logins.living(new.login).await.unwrap());
        assert!(scene.logins.caller("another").await.unwrap().is_none());
        assert!(scene.logins.caller(&new.csrf).await.unwrap().is_none(), "the page's value is no cookie");
    }
}

#[tokio::test]
async fn what_the_database_keeps_of_a_cookie_does_not_log_in() {
    let database = databases::sqlite().await;
    let scene = scene(&database.db).await;
    let new = scene.log_in().await;
    let kept = database.text("select secret_hash from logins").await;
    assert_ne!(kept, sent(&new));
    assert!(scene.logins.caller(&kept).await.unwrap().is_none());
}

#[tokio::test]
async fn an_unknown_login_and_a_wrong_password_are_answered_alike() {
    for Database { db, .. } in &databases::both().await {
        let scene = scene(db).await;
        for (login, password) in
            [(PHONE, "wrong"), (PHONE, ""), ("+77019999999", PASSWORD), ("x@y.kz", PASSWORD), ("nobody", PASSWORD), ("", "")]
        {
            assert_eq!(code(&scene.refused(login, password, from(1)).await), "login_failed", "{login:?}");
        }
    }
}

#[tokio::test]
async fn an_account_without_a_password_and_a_removed_one_cannot_log_in() {
    let database = databases::sqlite().await;
    let scene = scene(&database.db).await;
    let new = scene.log_in().await;
    database.tamper("update accounts set removed_at = 1").await;
    assert_eq!(code(&scene.refused(PHONE, PASSWORD, from(1)).await), "login_failed");
    assert!(scene.caller(&new).await.is_none());
    database.tamper("update accounts set removed_at = null, password_hash = null").await;
    assert_eq!(code(&scene.refused(PHONE, PASSWORD, from(1)).await), "login_failed");
    assert_eq!(code(&scene.refused(PHONE, "", from(1)).await), "login_failed");
}

#[tokio::test]
async fn a_blocked_account_hears_of_it_only_with_the_right_password_and_its_log_ins_end() {
    for database in &databases::both().await {
        let scene = scene(&database.db).await;
        let new = scene.log_in().await;
        let block = "insert into account_blocks (id, account_id, reason, since) values ('b', $1, 'r', 0)";
        database.db.execute(block, args![scene.account]).await.unwrap();
        assert_eq!(code(&scene.refused(PHONE, PASSWORD, from(1)).await), "account_blocked");
        assert_eq!(code(&scene.refused(PHONE, "wrong", from(1)).await), "login_failed");
        assert!(scene.caller(&new).await.is_none());
    }
}

#[tokio::test]
async fn a_log_in_ends_when_it_is_logged_out_unused_or_old() {
    for Database { db, .. } in &databases::both().await {
        let scene = scene(db).await;
        let (left, unused, old) = (scene.log_in().await, scene.log_in().await, scene.log_in().await);
        let caller = scene.caller(&left).await.unwrap();
        let before = tereze::db::revision(db).await.unwrap();
        scene.logins.log_out(&caller).await.unwrap();
        assert!(tereze::db::revision(db).await.unwrap() > before, "its streams must hear of it");
        assert!(scene.caller(&left).await.is_none() && !scene.logins.living(left.login).await.unwrap());

        for day in 1..90 {
            scene.clock.advance(SignedDuration::from_hours(24));
            assert!(scene.caller(&old).await.is_some(), "day {day}");
        }
        assert!(scene.caller(&unused).await.is_none() && !scene.logins.living(unused.login).await.unwrap());
        scene.clock.advance(SignedDuration::from_hours(24));
        assert!(scene.caller(&old).await.is_none(), "no log-in is for ever");
        assert_eq!(scene.logins.forget().await.unwrap(), 0);
        scene.clock.advance(SignedDuration::from_hours(24 * 181));
        assert_eq!(scene.logins.forget().await.unwrap(), 3);
    }
}

#[tokio::test]
async fn an_account_has_so_many_log_ins_and_no_more() {
    let database = databases::sqlite().await;
    let scene = scene(&database.db).await;
    let first = scene.log_in().await;
    for _ in 0..20 {
        scene.clock.advance(SignedDuration::from_secs(1));
        scene.log_in().await;
    }
    assert!(scene.caller(&first).await.is_none());
    assert_eq!(database.number("select count(*) from logins where ended_at is null").await, 20);
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_owner_is_let_in_after_the_wait() {
    for database in &databases::both().await {
        let scene = scene(&database.db).await;
        let mut waits = Vec::new();
        for host in 0..20 {
            // Each guess comes from another address, and without waiting.
            match scene.refused(PHONE, "guess", from(host)).await {
                LogInRefused::TooMany { retry_after } => waits.push(retry_after),
                other => assert_eq!(code(&other), "login_failed"),
            }
        }
        assert_eq!(waits.len(), 14);
        assert_eq!(code(&scene.refused(PHONE, PASSWORD, from(99)).await), "too_many_attempts", "not even with the right password");
        scene.clock.advance(SignedDuration::try_from(waits[0]).unwrap());
        scene.log_in().await;
        let told = "select count(*) from audit_records where record like '%too_many_attempts%'";
        assert_eq!(database.number(told).await, 1, "one wait is told once");
    }
}

#[tokio::test]
async fn every_answer_is_in_the_audit_log_without_a_secret() {
    for database in &databases::both().await {
        let scene = scene(&database.db).await;
        let new = scene.log_in().await;
        scene.refused(PHONE, "a wrong password", from(2)).await;
        scene.refused("my password by mistake", "x", from(2)).await;
        scene.logins.log_out(&scene.caller(&new).await.unwrap()).await.unwrap();
        let actions: Vec<(String,)> =
            database.db.rows("select action from audit_records order by position", args![]).await.unwrap();
        let actions: Vec<&str> = actions.iter().map(|(action,)| action.as_str()).collect();
        assert_eq!(actions, ["log_in", "log_in_refused", "log_in_refused", "log_out"]);
        for secret in [PASSWORD, "a wrong password", "my password by mistake", &sent(&new), &new.csrf] {
            let like = "select count(*) from audit_records where record like $1";
            let count: Option<(i64,)> = database.db.row(like, args![format!("%{secret}%")]).await.unwrap();
            assert_eq!(count, Some((0,)));
        }
        assert!(verify_db(&database.db, &Kept::default()).await.unwrap().passed());
    }
}
