//! What every request shares; starts and stops the parts.

use crate::{
    audit::{self, Action, Checkpoints, Prover, Record, Sealer, checkpoint, note::NoteSigner},
    auth::{LogIns, TokenKeys, cookie::Cookies, token::TrustedIssuer},
    clock::Clock,
    config::{self, Config},
    db::{self, Db, DbError},
    facts::Facts,
    http::{Finder, Pages, RateLimits, Server, router},
    media::{Media, MediaConfig, probe::Prober},
    messages::Messages,
    metrics::Metrics,
    recording::{
        LENGTH, Recorder, RecorderParts,
        disk::Disk,
        encryption::{self, Keys},
        export::masked::Masker,
        keeper::{self, Keeper},
        mover::Mover,
        objects::Objects,
        store::Store,
    },
    rounds::{DefectBoard, Rounds},
    secret::Secrets,
    sessions::{Parts, Sessions},
    still::Darkroom,
    warnings::{self, Warner},
};
use anyhow::Context;
use axum_server::tls_rustls::RustlsConfig;
use jiff::Timestamp;
use prometheus_client::registry::Registry;
use serde_json::json;
use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroUsize,
    sync::Arc,
    time::Duration,
};
use tokio::{sync::watch, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// How often it is looked whether facts have changed, by this process or another. A change is acted on within a second.
const LOOK: Duration = Duration::from_millis(200);
/// The longest that a request waits for that.
const CATCH_UP: Duration = Duration::from_secs(1);

const DAY: Duration = Duration::from_hours(24);

/// What every request shares.
pub struct App {
    /// How this machine serves.
    pub config: Config,
    /// The time.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// What opens what is sealed in it.
    pub secrets: Secrets,
    /// What the policy is asked about.
    pub facts: Arc<Facts>,
    /// Who is logged in.
    pub logins: Arc<LogIns>,
    /// How log-in cookies are written.
    pub cookies: Cookies,
    /// Makes proofs about the audit log.
    pub prover: Prover,
    /// Makes what was recorded part of that log.
    pub sealer: Sealer,
    /// Signs what is taken out of the gateway, with the key of that log.
    pub signer: Arc<NoteSigner>,
    /// The keys of view tokens.
    pub tokens: TokenKeys,
    /// The streams.
    pub media: Media,
    /// The files of recordings.
    pub store: Store,
    /// Who keeps them.
    pub keeper: Arc<Keeper>,
    /// What records, where the configuration says so.
    pub recorder: Option<Recorder>,
    /// What is wrong with cameras whose pictures arrive.
    pub defects: DefectBoard,
    /// Where single pictures are decoded.
    pub darkroom: Darkroom,
    /// Where masks are burnt into what is taken out.
    pub masker: Masker,
    /// Looks at cameras when a director tests one.
    pub prober: Prober,
    /// The places for those who look for cameras in the network.
    pub finder: Finder,
    /// Who watches what, until when.
    pub sessions: Sessions,
    /// How links reach people outside of the pages.
    pub messages: Messages,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// How often who may ask.
    pub limits: RateLimits,
    /// The pages that listen.
    pub pages: Pages,
    /// The newest revision of the facts that was acted on.
    pub changes: watch::Sender<i64>,
    /// Since when the program runs.
    pub started_at: Timestamp,
    /// Counts the looks of inspectors, which directors are told of at once.
    pub looks: watch::Sender<u64>,
    /// Cancelled when the program begins to stop.
    pub stop: CancellationToken,
}

/// What the gateway is started with.
pub struct Start {
    /// How this machine serves.
    pub config: Config,
    /// The time.
    pub clock: Clock,
    /// The certificate; plain HTTP without. It can be replaced while the gateway runs.
    pub tls: Option<RustlsConfig>,
}

/// A gateway that runs.
pub struct Running {
    /// The address that it listens on.
    pub address: SocketAddr,
    /// Its parts.
    pub app: Arc<App>,
    server: Server,
    tasks: Vec<JoinHandle<()>>,
    signer: JoinHandle<()>,
    signer_stop: CancellationToken,
}

impl App {
    /// Starts the parts in the order in which they need each other; what listens comes last.
    pub async fn start(Start { config, clock, tls }: Start) -> anyhow::Result<Running> {
        let started_at = clock.now();
        let secrets = config.secrets()?;
        let db = Db::open(&config.database.url).await?;
        let issuers = trusted(&config.issuers)?;
        let tokens = TokenKeys::load(&db, &secrets, config.server.public_url.as_str(), issuers, started_at).await?;
        let checkpoints = Checkpoints::load(&db, &secrets, &origin(&config), &clock).await?;
        let signer = checkpoint::signer(&db, &secrets, &origin(&config), &clock).await?;

        let messages = Messages::new(&config.messages).context("[messages] cannot be used")?;

        let mut registry = Registry::default();
        let media = Media::start(media_config(&config), clock.clone(), &mut registry)?;
        let (store, keeper, mover) = keeping(&config.recordings, &db, &clock, &mut registry)?;
        for missing in encryption::missing(&db, store.keys()).await? {
            tracing::error!("{missing}: they cannot be shown until it is there again");
        }
        let recorder = if config.recordings.enabled {
            let (db, media, store, clock, full) = (db.clone(), media.clone(), store.clone(), clock.clone(), keeper.full());
            let parts = RecorderParts { db, media, store, clock, length: LENGTH, full };
            Some(Recorder::start(parts, &mut registry).await?)
        } else {
            None
        };
        let metrics = Arc::new(Metrics::new(registry));
        let (facts, logins) =
            (Arc::new(Facts::new(db.clone())), Arc::new(LogIns::new(&db, &clock, &secrets, config.auth.second_factor)));
        let parts = Parts {
            db: db.clone(),
            facts: facts.clone(),
            logins: logins.clone(),
            media: media.clone(),
            clock: clock.clone(),
            metrics: metrics.clone(),
        };
        let app = Arc::new(Self {
            cookies: Cookies { secure: config.server.public_url.scheme() == "https" },
            sessions: Sessions::start(parts).await?,
            limits: RateLimits::default(),
            pages: Pages::default(),
            changes: watch::Sender::new(0),
            looks: watch::Sender::new(0),
            stop: CancellationToken::new(),
            store,
            keeper,
            recorder,
            defects: DefectBoard::default(),
            darkroom: Darkroom::default(),
            masker: Masker::default(),
            prober: Prober::new(clock.clone()),
            prover: Prover::new(&db),
            sealer: Sealer::new(&db, &clock),
            signer: Arc::new(signer),
            finder: Finder::default(),
            config,
            clock,
            db,
            secrets,
            facts,
            logins,
            tokens,
            media,
            messages,
            metrics,
            started_at,
        });
        app.say(Action::ServerStarted).await?;
        app.look().await.context("the facts cannot be read")?;

        let signer_stop = CancellationToken::new();
        let signer = tokio::spawn(checkpoints.run(signer_stop.clone()));
        let server = Server::start(app.config.server.listen, tls, router(&app))?;
        let pictures = (app.darkroom.clone(), app.defects.clone());
        let rounds = Rounds::new(app.db.clone(), app.media.clone(), app.clock.clone(), app.config.cameras.looks(), pictures);
        let mut tasks = vec![
            tokio::spawn(app.clone().keep_looking()),
            tokio::spawn(app.clone().keep_forgetting()),
            tokio::spawn(app.clone().keep_warning()),
            tokio::spawn(rounds.run(app.stop.clone())),
            tokio::spawn(app.sealer.clone().run(app.stop.clone())),
            tokio::spawn(app.keeper.clone().run(app.changes.subscribe(), app.stop.clone())),
        ];
        tasks.extend(mover.map(|mover| tokio::spawn(mover.run(app.stop.clone()))));
        Ok(Running { address: server.address, app, server, tasks, signer, signer_stop })
    }

    async fn keep_looking(self: Arc<Self>) {
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while self.stop.run_until_cancelled(look.tick()).await.is_some() {
            if let Err(error) = self.look().await {
                tracing::error!(error = format!("{error:#}"), "it cannot be seen whether facts have changed");
            }
        }
    }

    /// Once a day, lets go of what need not be known any more.
    async fn keep_forgetting(self: Arc<Self>) {
        let mut day = tokio::time::interval(DAY);
        while self.stop.run_until_cancelled(day.tick()).await.is_some() {
            match self.logins.forget().await {
                Ok(0) => {}
                Ok(logins) => tracing::info!(logins, "forgot where old log-ins came from"),
                Err(error) => tracing::error!(%error, "where old log-ins came from cannot be forgotten"),
            }
        }
    }

    /// Tells directors by message what is missing of recordings, where this gateway records.
    async fn keep_warning(self: Arc<Self>) {
        // The first hour is for cameras to connect.
        let mut next = self.clock.now();
        while self.recorder.is_some() {
            next = next.saturating_add(warnings::LOOK).unwrap_or(Timestamp::MAX);
            if self.stop.run_until_cancelled(self.clock.sleep_until(next)).await.is_none() {
                return;
            }
            next = self.clock.now();
            let (forecast, doubt) = (self.keeper.forecast().borrow().clone(), *self.keeper.doubt().borrow());
            let (db, messages, page) = (&self.db, &self.messages, self.config.server.public_url.as_str());
            let told = Warner { db, messages, page, forecast: &forecast, doubt }.tell(next);
            match self.stop.run_until_cancelled(told).await {
                None => return,
                Some(Err(error)) => tracing::error!(%error, "it cannot be seen whether directors are to be told of something"),
                Some(Ok(())) => {}
            }
        }
    }

    /// Acts on a change of facts, if there is one: streams that are no longer allowed come first.
    async fn look(&self) -> anyhow::Result<()> {
        let revision = db::revision(&self.db).await?;
        if revision == *self.changes.borrow() {
            return Ok(());
        }
        self.sessions.facts_changed(revision).await;
        self.tokens.reload(self.clock.now()).await?;
        self.media.set_cameras(db::cameras::sources(&self.db, &self.secrets).await?);
        if let Some(recorder) = &self.recorder {
            recorder.facts_changed().await?;
        }
        self.changes.send_replace(revision);
        Ok(())
    }

    /// Waits until the cameras here are those of the facts at `revision`: a camera that was added a moment ago is among them then.
    /// Not longer than a second, after which the next look is late or fails.
    pub async fn caught_up(&self, revision: i64) {
        let mut changes = self.changes.subscribe();
        let _ = tokio::time::timeout(CATCH_UP, changes.wait_for(|seen| *seen >= revision)).await;
    }

    /// Puts the start or end of the program on record.
    async fn say(&self, action: Action) -> Result<(), DbError> {
        let details = json!({ "version": env!("CARGO_PKG_VERSION") });
        let (at, subject) = (self.clock.now(), "server".to_owned());
        let tx = self.db.begin().await?;
        audit::append(&tx, Record { at, actor: None, kindergarten: None, action, subject, details }).await?;
        tx.commit().await
    }
}

impl Running {
    /// Stops in good order: pages are let go, streams end with `server_stopping`, and the last checkpoint covers it all.
    pub async fn shutdown(self) {
        let app = self.app;
        app.stop.cancel();
        app.sessions.stop().await;
        self.server.stop().await;
        if let Some(recorder) = &app.recorder {
            recorder.stop().await;
        }
        app.media.stop().await;
        for task in self.tasks {
            let _ = task.await;
        }
        // Nothing is recorded any more: what was is whole.
        app.sealer.seal_or_say().await;
        if let Err(error) = app.say(Action::ServerStopped).await {
            tracing::error!(%error, "the end is not on record");
        }
        self.signer_stop.cancel();
        let _ = self.signer.await;
        app.db.close().await;
    }
}

/// The name of the audit log: the public address without its scheme, as is custom.
fn origin(config: &Config) -> String {
    let url = &config.server.public_url;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}/audit", url.host_str().unwrap_or("tereze"))
}

fn trusted(issuers: &[config::Issuer]) -> anyhow::Result<Vec<TrustedIssuer>> {
    let read = |issuer: &config::Issuer| {
        let name = &issuer.name;
        let keys = std::fs::read_to_string(&issuer.jwks_file).with_context(|| format!("the keys of issuer {name}"))?;
        TrustedIssuer::new(name, &keys, issuer.kindergartens.clone()).with_context(|| format!("the keys of issuer {name}"))
    };
    issuers.iter().map(read).collect()
}

/// The files of recordings, who keeps them, and who moves them on where that is wanted.
fn keeping(
    config: &config::Recordings,
    db: &Db,
    clock: &Clock,
    registry: &mut Registry,
) -> anyhow::Result<(Store, Arc<Keeper>, Option<Mover>)> {
    let objects = config.objects.as_ref().map(Objects::open).transpose().context("[recordings.objects] cannot be used")?;
    // What is to be encrypted is not recorded otherwise because its key cannot be read.
    let keys = Keys::open(config).context("[recordings] key_file cannot be used")?;
    let store = Store::with_objects(&config.folder, objects.clone()).with_keys(keys);
    let parts = keeper::Parts {
        db: db.clone(),
        store: store.clone(),
        clock: clock.clone(),
        disk: Disk::of_this_machine(),
        reserve: config.reserve(),
        records: config.enabled,
        full: Arc::default(),
    };
    let keeper = Keeper::new(parts, registry);
    let mover = objects.map(|objects| Mover::new(db.clone(), store.clone(), objects, registry));
    Ok((store, keeper, mover))
}

fn media_config(config: &Config) -> MediaConfig {
    let announced = |address: IpAddr| (!address.is_unspecified()).then_some(address);
    let addresses = match config.media.addresses.as_slice() {
        [] => announced(config.server.listen.ip()).into_iter().collect(),
        given => given.to_vec(),
    };
    MediaConfig {
        udp_port: config.media.udp_port,
        addresses,
        shards: NonZeroUsize::new(config.media.shards),
        viewers: usize::try_from(config.limits.viewers).unwrap_or(usize::MAX),
    }
}
