//! Log-ins that last: a random secret in a cookie, of which only the hash is kept.

mod factor;
mod half;
mod own;

pub use factor::{SetUp, reset_factor};

use super::{
    caller::{Caller, Entry, FactorRule, FactorState, LogInRefused, NewLogin, Origin},
    cookie::CookieSecret,
    login_name::LoginName,
    password,
    throttle::{Throttle, TooEarly},
};
use crate::{
    args,
    audit::{self, Action, Record},
    clock::Clock,
    db::{self, Db, DbError, Moment, Queries, Tx, second_factors},
    id::{AccountId, KindergartenId, LoginId},
    model::{Account, Role},
    random,
    secret::Secrets,
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
    secrets: Secrets,
    rule: FactorRule,
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
    expires_at: Moment,
    seen_at: Option<Moment>,
    has_factor: bool,
}

impl LogIns {
    /// The log-ins in `db`; `secrets` opens the second factors, and `rule` says who must have one.
    pub fn new(db: &Db, clock: &Clock, secrets: &Secrets, rule: FactorRule) -> Self {
        Self { db: db.clone(), clock: clock.clone(), secrets: secrets.clone(), rule, throttle: Arc::default() }
    }

    /// Logs somebody in who knows the password, or half in where a second factor is to be shown. Every answer is audited, save that of
    /// many refusals for too many tries one is.
    pub async fn log_in(&self, login: &str, password: &str, origin: Origin) -> Result<Entry, LogInRefused> {
        let name = login.parse::<LoginName>().ok();
        let tried = name.as_ref().map_or_else(|| login.chars().take(AGENT_LENGTH).collect(), LoginName::to_string);
        let known = match &name {
            Some(name) => self.known(name).await?,
            None => None,
        };
        self.attempt(&tried, known.as_ref(), &origin).await?;
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
        let tx = self.db.begin().await?;
        if !lock(&tx, &known).await? {
            return self.refused(LogInRefused::Failed, Some(&known), &origin).await;
        }
        let entry = self.enter(&tx, account, known.kindergarten_id, &origin, "password").await?;
        tx.commit().await?;
        self.throttle().succeeded(&tried, origin.address);
        Ok(entry)
    }

    /// Counts a try under `key`, unless it comes too early.
    async fn attempt(&self, key: &str, known: Option<&Known>, origin: &Origin) -> Result<(), LogInRefused> {
        let attempt = self.throttle().attempt(key, origin.address, self.clock.now());
        let Err(TooEarly { wait, first }) = attempt else { return Ok(()) };
        let refused = LogInRefused::TooMany { retry_after: wait.unsigned_abs() };
        if first { self.refused(refused, known, origin).await } else { Err(refused) }
    }

    async fn known(&self, name: &LoginName) -> Result<Option<Known>, DbError> {
        let sql = "select id, kindergarten_id, password_hash from accounts where login = $1 and removed_at is null";
        self.db.row(sql, args![name.as_str()]).await
    }

    /// Lets `account` in, or half in where it has a second factor. Whoever calls this holds the account's row; `kindergarten` is whose
    /// director may see it, and `proof` what was shown for it.
    pub(super) async fn enter(
        &self,
        tx: &Tx,
        account: Account,
        kindergarten: Option<KindergartenId>,
        origin: &Origin,
        proof: &'static str,
    ) -> Result<Entry, DbError> {
        Ok(match second_factors::of(tx, account.id).await? {
            Some(_) => Entry::Half(self.begin_half(tx, account.id).await?),
            None => Entry::In(self.begin(tx, account, kindergarten, origin, proof).await?),
        })
    }

    /// Writes a new log-in of `account` down in `tx`, with its audit record.
    async fn begin(
        &self,
        tx: &Tx,
        account: Account,
        kindergarten: Option<KindergartenId>,
        origin: &Origin,
        proof: &'static str,
    ) -> Result<NewLogin, DbError> {
        let now = self.clock.now();
        let (idle, whole) = lasts(account.role);
        let (login, secret) = (LoginId::new(now), BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<32>()));
        let agent: String = origin.agent.chars().filter(|c| !c.is_control()).take(AGENT_LENGTH).collect();
        tx.execute(
            "insert into logins (id, account_id, secret_hash, address, agent, created_at, idle_until, expires_at, seen_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $6)",
            args![login, account.id, hash(&secret), origin.address.to_string(), agent, now, after(now, idle), after(now, whole)],
        )
        .await?;
        tx.execute(
            "update logins set ended_at = $1, ended_why = 'too_many' where account_id = $2 and ended_at is null and id <> $3 and id not in
             (select id from logins where account_id = $2 and ended_at is null and id <> $3 order by created_at desc, id desc limit $4)",
            // Of two that begin in the same millisecond either may be the older one: this one stays whatever the order.
            args![now, account.id, login, MOST_EACH - 1],
        )
        .await?;
        let subject = format!("account:{}", account.id);
        let details = json!({ "login": login, "address": origin.address, "proof": proof });
        audit::append(tx, Record { at: now, actor: Some(account.id), kindergarten, action: Action::LogIn, subject, details })
            .await?;
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
                "select id, account_id, expires_at, seen_at, exists (select 1 from second_factors where account_id = logins.account_id
                     and confirmed_at is not null and removed_at is null) as has_factor from logins
                 where secret_hash = $1 and ended_at is null and idle_until > $2 and expires_at > $2",
                args![hash(cookie), now],
            )
            .await?;
        let Some(standing) = standing else { return Ok(None) };
        let account = db::accounts::by_id(&self.db, standing.account_id, now).await?;
        let Some(account) = account.filter(|account| !account.blocked) else { return Ok(None) };
        if standing.seen_at.is_none_or(|seen_at| now.duration_since(seen_at.into()) >= NOTE_EVERY) {
            let idle_until = after(now, lasts(account.role).0).min(standing.expires_at.into());
            let note = "update logins set idle_until = $1, seen_at = $2 where id = $3 and ended_at is null";
            self.db.execute(note, args![idle_until, now, standing.id]).await?;
        }
        let factor = self.factor_state(account.role, standing.has_factor);
        Ok(Some(Caller { account, login: standing.id, csrf: csrf(cookie), factor }))
    }

    /// Whether this log-in still stands.
    pub async fn living(&self, login: LoginId) -> Result<bool, DbError> {
        Ok(self.standing(login).await?.is_some())
    }

    /// Whether streams may run from this log-in: they end with it, and none runs before the second factor that the role needs is set
    /// up.
    pub async fn admits(&self, login: LoginId) -> Result<bool, DbError> {
        let standing = self.standing(login).await?;
        Ok(standing.is_some_and(|(role, has_factor)| self.factor_state(role, has_factor) != Some(FactorState::Needed)))
    }

    /// The role of who holds this log-in, and whether there is a second factor; `None` when it does not stand.
    async fn standing(&self, login: LoginId) -> Result<Option<(Role, bool)>, DbError> {
        let standing = "select role, exists (select 1 from second_factors where account_id = accounts.id
                            and confirmed_at is not null and removed_at is null)
                        from logins join accounts on accounts.id = logins.account_id
                        where logins.id = $1 and ended_at is null and idle_until > $2 and expires_at > $2";
        self.db.row(standing, args![login, self.clock.now()]).await
    }

    /// Ends the log-in of `caller`.
    pub async fn log_out(&self, caller: &Caller) -> Result<(), DbError> {
        let now = self.clock.now();
        let tx = self.db.begin().await?;
        if db::logins::end(&tx, caller.login, "logged_out", now).await? {
            let known = Known::of(&tx, caller.account.id).await?;
            audit::append(&tx, record(now, Action::LogOut, &known, json!({ "login": caller.login }))).await?;
        }
        tx.commit().await
    }

    /// Forgets where log-ins came from that were over half a year ago, and those that were never finished; to be called once a day.
    pub async fn forget(&self) -> Result<u64, DbError> {
        let now = self.clock.now();
        self.db.execute("delete from half_logins where expires_at < $1", args![now]).await?;
        let before = now.saturating_sub(KEEP_ORIGIN).unwrap_or(Timestamp::MIN);
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

/// Locks the account's row until `tx` ends: who changes the password or the second factor afterwards finds what `tx` leaves. `false` when
/// the password was changed, or the account removed, since `known` was read.
async fn lock(tx: &Tx, known: &Known) -> Result<bool, DbError> {
    let same = "update accounts set password_hash = password_hash where id = $1 and password_hash = $2 and removed_at is null";
    Ok(tx.execute(same, args![known.id, known.password_hash.clone()]).await? > 0)
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
