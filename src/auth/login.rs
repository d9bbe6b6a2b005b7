//! Log-ins that last: a random secret in a cookie, of which only the hash is kept.

use super::{
    caller::{Caller, LogInRefused, NewLogin, Origin},
    cookie::CookieSecret,
    login_name::LoginName,
    password,
    throttle::{Throttle, TooEarly},
};
use crate::{
    args,
    audit::{self, Action, Record},
    clock::Clock,
    db::{self, Db, DbError, Moment, Queries, Tx},
    id::{AccountId, KindergartenId, LoginId},
    model::{Account, Role},
    random,
};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most log-ins of one account that stand at a time; a further one ends the oldest.
const MOST_EACH: u32 = 20;
/// The use of a log-in is written down no more often than this.
const NOTE_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// How much is kept of what a browser says that it is.
const AGENT_LENGTH: usize = 200;
/// How long it is kept where a log-in that is over came from.
const KEEP_ORIGIN: SignedDuration = SignedDuration::from_hours(24 * 180);

/// How long a log-in of `role` stands unused, and how long it stands at all. A parent's telephone is the parent's own; the others
/// see more than one child's group, often on a machine that others use, too.
const fn lasts(role: Role) -> (SignedDuration, SignedDuration) {
    let (idle, whole) = match role {
        Role::Parent => (24 * 14, 24 * 90),
        Role::Staff | Role::Director => (12, 24 * 7),
        Role::Inspector | Role::Operator => (2, 12),
    };
    (SignedDuration::from_hours(idle), SignedDuration::from_hours(whole))
}

/// Everybody's log-ins. Cheap to clone.
#[derive(Debug, Clone)]
pub struct LogIns {
    pub(super) db: Db,
    pub(super) clock: Clock,
    throttle: Arc<Mutex<Throttle>>,
}

/// What is needed of an account before its password is known to be right.
#[derive(Debug, Clone, sqlx::FromRow)]
struct Known {
    id: AccountId,
    kindergarten_id: Option<KindergartenId>,
    password_hash: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Standing {
    id: LoginId,
    account_id: AccountId,
    idle_until: Moment,
    expires_at: Moment,
}

impl LogIns {
    /// The log-ins in `db`.
    pub fn new(db: &Db, clock: &Clock) -> Self {
        Self { db: db.clone(), clock: clock.clone(), throttle: Arc::default() }
    }

    /// Logs somebody in who knows the password. Every answer is audited, save that of many refusals for too many tries one is.
    pub async fn log_in(&self, login: &str, password: &str, origin: Origin) -> Result<NewLogin, LogInRefused> {
        let name = login.parse::<LoginName>().ok();
        let tried = name.as_ref().map_or_else(|| login.chars().take(AGENT_LENGTH).collect(), LoginName::to_string);
        let known = match &name {
            Some(name) => self.known(name).await?,
            None => None,
        };
        let attempt = self.throttle().attempt(&tried, origin.address, self.clock.now());
        if let Err(TooEarly { wait, first }) = attempt {
            let refused = LogInRefused::TooMany { retry_after: wait.unsigned_abs() };
            return if first { self.refused(refused, known.as_ref(), &origin).await } else { Err(refused) };
        }
        // Unknown or not, a password is hashed: how long the answer takes tells nothing.
        let right = password::verify(password, known.as_ref().and_then(|known| known.password_hash.clone())).await;
        let Some(known) = known else { return self.refused(LogInRefused::Failed, None, &origin).await };
        if !right {
            return self.refused(LogInRefused::Failed, Some(&known), &origin).await;
        }
        let Some(account) = db::accounts::by_id(&self.db, known.id, self.clock.now()).await? else {
            return self.refused(LogInRefused::Failed, Some(&known), &origin).await;
        };
        if account.blocked {
            return self.refused(LogInRefused::Blocked, Some(&known), &origin).await;
        }
        let Some(new) = self.begin(account, &known, &origin).await? else {
            return self.refused(LogInRefused::Failed, Some(&known), &origin).await;
        };
        self.throttle().succeeded(&tried, origin.address);
        Ok(new)
    }

    async fn known(&self, name: &LoginName) -> Result<Option<Known>, DbError> {
        let sql = "select id, kindergarten_id, password_hash from accounts where login = $1 and removed_at is null";
        self.db.row(sql, args![name.as_str()]).await
    }

    /// Writes a new log-in down; `None` when the password was changed since it was compared.
    async fn begin(&self, account: Account, known: &Known, origin: &Origin) -> Result<Option<NewLogin>, DbError> {
        let now = self.clock.now();
        let tx = self.db.begin().await?;
        // Locks the account's row: who changes the password afterwards finds this log-in and ends it.
        let same = "update accounts set password_hash = password_hash where id = $1 and password_hash = $2 and removed_at is null";
        if tx.execute(same, args![known.id, known.password_hash.clone()]).await? == 0 {
            return Ok(None);
        }
        let new = Self::write_down(&tx, account, origin, now).await?;
        tx.commit().await?;
        Ok(Some(new))
    }

    /// Writes a new log-in of `account` down, with its audit record. The caller holds the account's row.
    pub(super) async fn write_down(tx: &Tx, account: Account, origin: &Origin, now: Timestamp) -> Result<NewLogin, DbError> {
        let (idle, whole) = lasts(account.role);
        let (login, secret) = (LoginId::new(now), BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<32>()));
        let agent: String = origin.agent.chars().filter(|c| !c.is_control()).take(AGENT_LENGTH).collect();
        tx.execute(
            "insert into logins (id, account_id, secret_hash, address, agent, created_at, idle_until, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![login, account.id, hash(&secret), origin.address.to_string(), agent, now, after(now, idle), after(now, whole)],
        )
        .await?;
        tx.execute(
            "update logins set ended_at = $1, ended_why = 'too_many' where account_id = $2 and ended_at is null and id not in
             (select id from logins where account_id = $2 and ended_at is null order by created_at desc, id desc limit $3)",
            args![now, account.id, MOST_EACH],
        )
        .await?;
        let details = json!({ "login": login, "address": origin.address });
        let known = Known::of(tx, account.id).await?;
        audit::append(tx, record(now, Action::LogIn, &known, details)).await?;
        let csrf = csrf(&secret);
        Ok(NewLogin { account, login, secret: CookieSecret(secret), lasts: whole.unsigned_abs(), csrf })
    }

    async fn refused<T>(&self, refused: LogInRefused, known: Option<&Known>, origin: &Origin) -> Result<T, LogInRefused> {
        let details = json!({ "code": refused.code(), "address": origin.address });
        let now = self.clock.now();
        let record = match known {
            // Who tried is not known, whatever account was tried.
            Some(known) => Record { actor: None, ..record(now, Action::LogInRefused, known, details) },
            // What was typed stays out: people type their password into the wrong field.
            None => Record {
                at: now,
                actor: None,
                kindergarten: None,
                action: Action::LogInRefused,
                subject: "account:unknown".to_owned(),
                details,
            },
        };
        let tx = self.db.begin().await?;
        audit::append(&tx, record).await?;
        tx.commit().await?;
        Err(refused)
    }

    /// Whose `cookie` it is: nobody's when the log-in has ended or stood unused for too long, or the account is blocked or removed.
    pub async fn caller(&self, cookie: &str) -> Result<Option<Caller>, DbError> {
        let now = self.clock.now();
        let standing: Option<Standing> = self
            .db
            .row(
                "select id, account_id, idle_until, expires_at from logins
                 where secret_hash = $1 and ended_at is null and idle_until > $2 and expires_at > $2",
                args![hash(cookie), now],
            )
            .await?;
        let Some(standing) = standing else { return Ok(None) };
        let account = db::accounts::by_id(&self.db, standing.account_id, now).await?;
        let Some(account) = account.filter(|account| !account.blocked) else { return Ok(None) };
        let idle_until = after(now, lasts(account.role).0).min(standing.expires_at.into());
        if idle_until.duration_since(standing.idle_until.into()) >= NOTE_EVERY {
            let note = "update logins set idle_until = $1 where id = $2 and ended_at is null";
            self.db.execute(note, args![idle_until, standing.id]).await?;
        }
        Ok(Some(Caller { account, login: standing.id, csrf: csrf(cookie) }))
    }

    /// Whether this log-in still stands: the streams that were opened from it end with it.
    pub async fn living(&self, login: LoginId) -> Result<bool, DbError> {
        let living = "select id from logins where id = $1 and ended_at is null and idle_until > $2 and expires_at > $2";
        let row: Option<(LoginId,)> = self.db.row(living, args![login, self.clock.now()]).await?;
        Ok(row.is_some())
    }

    /// Ends the log-in of `caller`.
    pub async fn log_out(&self, caller: &Caller) -> Result<(), DbError> {
        let now = self.clock.now();
        let tx = self.db.begin().await?;
        tx.touch().await?;
        let end = "update logins set ended_at = $1, ended_why = 'logged_out' where id = $2 and ended_at is null";
        if tx.execute(end, args![now, caller.login]).await? > 0 {
            let known = Known::of(&tx, caller.account.id).await?;
            audit::append(&tx, record(now, Action::LogOut, &known, json!({ "login": caller.login }))).await?;
        }
        tx.commit().await
    }

    /// Forgets where log-ins came from that were over half a year ago; to be called once a day.
    pub async fn forget(&self) -> Result<u64, DbError> {
        let before = self.clock.now().saturating_sub(KEEP_ORIGIN).unwrap_or(Timestamp::MIN);
        let forget = "update logins set address = '', agent = '' where (ended_at < $1 or expires_at < $1) and address <> ''";
        self.db.execute(forget, args![before]).await
    }

    fn throttle(&self) -> MutexGuard<'_, Throttle> {
        // Counters stay counters, whatever happened to a thread that held them.
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    async fn of(db: &impl Queries, account: AccountId) -> Result<Self, DbError> {
        let known = "select id, kindergarten_id, password_hash from accounts where id = $1";
        let row = db.row(known, args![account]).await?;
        row.ok_or_else(|| DbError::Unreadable(format!("a log-in of {account}, who is no account")))
    }
}

/// A record of what the account did with itself.
fn record(at: Timestamp, action: Action, known: &Known, details: serde_json::Value) -> Record {
    let subject = format!("account:{}", known.id);
    Record { at, actor: Some(known.id), kindergarten: known.kindergarten_id, action, subject, details }
}

/// What is kept of a cookie's secret. It is random and long, so that its plain hash tells nothing.
fn hash(secret: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, secret.as_bytes()))
}

/// The value against forged requests: only a page that read it from us can send it. It is another hash of the secret, so that it need
/// not be kept.
fn csrf(secret: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, format!("csrf {secret}").as_bytes()))
}

fn after(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.saturating_add(span).unwrap_or(Timestamp::MAX)
}
