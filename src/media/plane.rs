//! The media plane as the rest of the program holds it.

use super::{
    CameraClock, CameraSource, CameraState, Ending, Health, Intake, Look, MediaConfig, MediaError, OpenError, Opened, Quality, Tap,
    VideoCodec, Viewer, ViewerStats,
    door::{Door, DoorBell, Notice},
    dtls::{Dtls, Identity},
    feed::{Board, Facts, FeedHandle, FeedPlan, Interest, Purpose},
    metrics::Metrics,
    port::Port,
    reading::Reading,
    run_camera,
    sdp::{Answer, IceCredentials, Local, Offer, negotiate},
    shard::{FeedId, Message, Peer, PeerId, Seat, Shard, ShardLink, Wall},
};
use crate::{
    clock::{Clock, monotonic},
    id::CameraId,
    policy::Grant,
};
use futures::FutureExt;
use prometheus_client::registry::Registry;
use std::{
    collections::{BTreeMap, HashMap},
    num::NonZeroUsize,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How long a cold camera is waited for.
const COLD: Duration = Duration::from_secs(5);
/// How soon it is worth asking again: for a camera, and for a place.
const CAMERA_AGAIN: Duration = Duration::from_secs(5);
const PLACE_AGAIN: Duration = Duration::from_secs(10);
/// A shard whose last viewer gets pictures that are so old takes nobody more.
const LATE: Duration = Duration::from_millis(250);
/// How long the threads may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// The media plane: every feed, every viewer, and the threads that serve them. Clones are handles to the same one.
#[derive(Clone)]
pub struct Media(Arc<Plane>);

struct Plane {
    clock: Clock,
    intake: Intake,
    reading: Arc<Reading>,
    metrics: Metrics,
    board: Board,
    identity: Arc<Identity>,
    port: Arc<Port>,
    bell: DoorBell,
    shards: Vec<ShardLink>,
    feeds: Mutex<Feeds>,
    /// How many viewers each shard has, and how many all may have.
    places: Arc<Vec<AtomicUsize>>,
    most: usize,
    names: AtomicU64,
    threads: Mutex<Vec<thread::JoinHandle<()>>>,
}

#[derive(Default)]
struct Feeds {
    cameras: HashMap<CameraId, CameraSource>,
    running: HashMap<(CameraId, Quality), FeedHandle>,
}

/// A viewer's place on a shard, taken as long as this lives.
pub(super) struct Place {
    places: Arc<Vec<AtomicUsize>>,
    shard: usize,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places[self.shard].fetch_sub(1, Ordering::Relaxed);
    }
}

impl Media {
    /// Starts it, with cameras that are real.
    #[allow(clippy::needless_pass_by_value, reason = "the plane takes its set-up over")]
    pub fn start(config: MediaConfig, clock: Clock, registry: &mut Registry) -> Result<Self, MediaError> {
        // Dropping the future ends the camera's session too, in the background.
        let camera = |source, quality, writer, _| run_camera(source, quality, writer, CancellationToken::new()).boxed();
        Self::with_intake(&config, clock, registry, Arc::new(camera))
    }

    /// Starts it, with frames that come from `intake`: tests have their own.
    pub fn with_intake(config: &MediaConfig, clock: Clock, registry: &mut Registry, intake: Intake) -> Result<Self, MediaError> {
        let port = Arc::new(Port::bind(config)?);
        let identity = Arc::new(Identity::generate()?);
        let metrics = Metrics::new(registry);
        let wall = Wall::new(&clock);
        let cores = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let (shards, inboxes): (Vec<_>, Vec<_>) =
            (0..config.shards.map_or_else(cores, NonZeroUsize::get)).map(|_| ShardLink::new()).unzip();
        let (door, bell) = Door::new(port.clone(), shards.clone()).map_err(MediaError::Thread)?;
        let spawn =
            |name: String, run: Box<dyn FnOnce() + Send>| thread::Builder::new().name(name).spawn(run).map_err(MediaError::Thread);
        let mut threads = vec![spawn("media-door".to_owned(), Box::new(move || door.run()))?];
        for (number, inbox) in inboxes.into_iter().enumerate() {
            let shard = Shard::new(inbox, port.clone(), bell.clone(), wall, metrics.clone());
            threads.push(spawn(format!("media-{number}"), Box::new(move || shard.run()))?);
        }
        let reading = Arc::new(Reading::start().map_err(MediaError::Thread)?);
        let board = Board::new(clock.clone(), metrics.clone());
        let places = Arc::new(shards.iter().map(|_| AtomicUsize::new(0)).collect());
        let (feeds, names, threads) = (Mutex::default(), AtomicU64::new(1), Mutex::new(threads));
        let most = config.viewers;
        Ok(Self(Arc::new(Plane {
            clock,
            intake,
            reading,
            metrics,
            board,
            identity,
            port,
            bell,
            shards,
            feeds,
            places,
            most,
            names,
            threads,
        })))
    }

    /// Takes the cameras as they are configured now. Feeds of cameras that are gone or changed close, and their viewers with them.
    pub fn set_cameras(&self, cameras: Vec<CameraSource>) {
        let mut feeds = self.0.feeds();
        let cameras: HashMap<CameraId, CameraSource> = cameras.into_iter().map(|source| (source.camera, source)).collect();
        feeds.running.retain(|(camera, _), feed| {
            let stays = cameras.get(camera) == Some(&feed.source);
            if !stays {
                feed.close(Ending::CameraRemoved);
            }
            stays
        });
        self.0.board.show(&cameras.keys().copied().collect::<Vec<_>>());
        feeds.cameras = cameras;
    }

    /// How every camera is, and since when.
    pub fn states(&self) -> watch::Receiver<Arc<BTreeMap<CameraId, CameraState>>> {
        self.0.board.states()
    }

    /// What `camera` said of its clock last, if it ever did.
    pub fn clock(&self, camera: CameraId) -> Option<CameraClock> {
        self.0.board.clock_of(camera)
    }

    /// Looks at `camera` as a viewer would, at a stream that runs already if there is one, the smaller first. Waits some seconds at most
    /// until it is known whether pictures come, which is in [`states`](Self::states). `None` when there is no such camera.
    pub async fn look(&self, camera: CameraId) -> Option<Look> {
        let quality = self.0.running(camera);
        let (_, interest, mut facts) = self.0.feed(camera, quality, Purpose::Keep).ok()?;
        let known = |facts: &Facts| facts.state.health == Health::Online || facts.state.health.failed();
        // One that takes longer is not known, or fails a moment later and is told then.
        let _ = tokio::time::timeout(COLD, facts.wait_for(known)).await;
        Some(Look::new(facts, interest))
    }

    /// Every frame of a stream of `camera`, for whoever keeps them; what was kept, the policy is asked about. `None` when there is no such
    /// camera.
    pub fn tap(&self, camera: CameraId, quality: Quality) -> Option<Tap> {
        self.0.with_feed(camera, quality, FeedHandle::tap)
    }

    /// Opens a stream of the grant's camera for a client's SDP offer. A cold camera is waited for, a few seconds at most.
    ///
    /// Where browsers cannot show the wanted stream, H.265 for example, the camera's other one is opened. Sound goes with the picture only if the grant says so, the camera has it and the client takes it.
    pub async fn open(&self, grant: &Grant, offer: &str, quality: Quality) -> Result<Opened, OpenError> {
        let offer = Offer::parse(offer)?;
        let place = self.0.place()?;
        let (feed, interest, facts) = match self.0.warm(grant.camera(), quality).await {
            Err(OpenError::WrongCodec { .. }) if self.0.has_other(grant.camera()) => {
                self.0.warm(grant.camera(), quality.other()).await?
            }
            warm => warm?,
        };
        self.0.seat(grant, &offer, feed, &facts, (interest, place))
    }

    /// Ends every stream, says goodbye to every client and stops the threads.
    pub async fn stop(&self) {
        self.0.feeds().running.drain().for_each(|(_, feed)| feed.close(Ending::ServerStopping));
        self.0.shards.iter().for_each(|shard| shard.send(Message::Stop));
        let threads = std::mem::take(&mut *self.0.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let bell = self.0.bell.clone();
        let joined = tokio::task::spawn_blocking(move || {
            // The door is the first, and the last to go: the shards still tell it who has left.
            let mut threads = threads.into_iter();
            let door = threads.next();
            threads.for_each(|thread| drop(thread.join()));
            bell.tell(Notice::Stop);
            door.map(thread::JoinHandle::join)
        });
        if tokio::time::timeout(GOODBYE, joined).await.is_err() {
            tracing::warn!("a media thread did not stop in time");
        }
    }
}

impl Plane {
    fn feeds(&self) -> MutexGuard<'_, Feeds> {
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place on the shard that has the fewest viewers. One that is late already would only become later, for everybody: whoever
    /// watches goes on, and the newcomer is asked to come back.
    fn place(&self) -> Result<Place, OpenError> {
        let taken: Vec<usize> = self.places.iter().map(|taken| taken.load(Ordering::Relaxed)).collect();
        let shard = (0..taken.len()).min_by_key(|shard| taken[*shard]).unwrap_or(0);
        if self.shards[shard].lateness() > LATE {
            return Err(OpenError::Overloaded { retry_after: PLACE_AGAIN });
        }
        if taken.iter().sum::<usize>() >= self.most {
            return Err(OpenError::Overloaded { retry_after: PLACE_AGAIN });
        }
        self.places[shard].fetch_add(1, Ordering::Relaxed);
        Ok(Place { places: self.places.clone(), shard })
    }

    /// The feed of a camera, started if need be, and the wish that it runs. A camera without a second stream gives its first.
    fn feed(
        &self,
        camera: CameraId,
        quality: Quality,
        purpose: Purpose,
    ) -> Result<(FeedId, Interest, watch::Receiver<Facts>), OpenError> {
        let offline =
            || OpenError::CameraOffline { health: Health::Unreachable, since: self.clock.now(), retry_after: CAMERA_AGAIN };
        self.with_feed(camera, quality, |feed| (feed.id, feed.interest(purpose), feed.facts())).ok_or_else(offline)
    }

    /// What `ask` takes from that feed; `None` when there is no such camera.
    fn with_feed<T>(&self, camera: CameraId, quality: Quality, ask: impl FnOnce(&FeedHandle) -> T) -> Option<T> {
        let mut feeds = self.feeds();
        let source = feeds.cameras.get(&camera)?.clone();
        let quality = if source.sub.is_none() { Quality::Main } else { quality };
        let feed = feeds.running.entry((camera, quality)).or_insert_with(|| {
            let plan = FeedPlan {
                id: FeedId(self.name()),
                source,
                quality,
                intake: self.intake.clone(),
                shards: self.shards.clone(),
                board: self.board.clone(),
                metrics: self.metrics.clone(),
                clock: self.clock.clone(),
            };
            FeedHandle::start(plan, self.reading.clone())
        });
        Some(ask(feed))
    }

    /// The stream that shows pictures now, and the smaller one where both or none do.
    fn running(&self, camera: CameraId) -> Quality {
        let feeds = self.feeds();
        let online = |quality| {
            feeds.running.get(&(camera, quality)).is_some_and(|feed| feed.facts().borrow().state.health == Health::Online)
        };
        if online(Quality::Main) && !online(Quality::Sub) { Quality::Main } else { Quality::Sub }
    }

    /// Whether a camera has a second stream.
    fn has_other(&self, camera: CameraId) -> bool {
        self.feeds().cameras.get(&camera).is_some_and(|source| source.sub.is_some())
    }

    /// A feed that has pictures to show: waits until it has some, or has none to give.
    async fn warm(&self, camera: CameraId, quality: Quality) -> Result<(FeedId, Interest, Facts), OpenError> {
        let (feed, interest, mut facts) = self.feed(camera, quality, Purpose::Watch)?;
        let decided =
            |facts: &Facts| facts.state.health.failed() || (facts.parameters.is_some() && facts.state.health == Health::Online);
        let offline =
            |state: &CameraState| OpenError::CameraOffline { health: state.health, since: state.since, retry_after: CAMERA_AGAIN };
        let last = facts.clone();
        match tokio::time::timeout(COLD, facts.wait_for(decided)).await {
            Ok(Ok(facts)) if facts.state.health == Health::WrongCodec => {
                Err(OpenError::WrongCodec { camera: facts.arriving.map(VideoCodec::encoding) })
            }
            Ok(Ok(facts)) if facts.state.health.failed() => Err(offline(&facts.state)),
            Ok(Ok(facts)) => Ok((feed, interest, facts.clone())),
            Ok(Err(_)) | Err(_) => Err(offline(&last.borrow().state)),
        }
    }

    /// Answers the offer and expects the client.
    fn seat(
        &self,
        grant: &Grant,
        offer: &Offer,
        feed: FeedId,
        facts: &Facts,
        held: (Interest, Place),
    ) -> Result<Opened, OpenError> {
        let ice = IceCredentials::generate();
        let cname = format!("{:016x}", u64::from_be_bytes(crate::random::bytes()));
        let ssrcs = ssrcs(u32::from_be_bytes(crate::random::bytes()));
        let local =
            Local { ice: &ice, fingerprint: &self.identity.fingerprint, candidates: self.port.candidates(), cname: &cname, ssrcs };
        let sound = facts.sound.filter(|_| grant.sound());
        let parameters = facts.parameters.as_ref().ok_or(OpenError::Overloaded { retry_after: CAMERA_AGAIN })?;
        let answer: Answer = negotiate(offer, parameters, sound, &local).map_err(|camera| OpenError::NoCommonCodec { camera })?;

        let (peer, shard) = (PeerId(self.name()), held.1.shard);
        let link = self.shards[shard].clone();
        let (ended, end) = watch::channel(None);
        let stats = Arc::new(Mutex::new(ViewerStats::default()));
        let seat = Seat { id: peer, feed, ended, stats: stats.clone(), held };
        let dtls = Dtls::new(self.identity.clone(), offer.fingerprints.clone());
        link.send(Message::Join(Box::new(Peer::new(seat, dtls, &answer, cname, monotonic()))));
        self.bell.tell(Notice::Admit { peer, shard, ice });
        let viewer =
            Viewer { peer, mid: answer.mid, shard: link, bell: self.bell.clone(), port: self.port.clone(), ended: end, stats };
        Ok(Opened { answer: answer.sdp, viewer })
    }

    fn name(&self) -> u64 {
        self.names.fetch_add(1, Ordering::Relaxed)
    }
}

/// Three SSRCs that differ, none of them zero.
fn ssrcs(random: u32) -> [u32; 3] {
    let first = (random & !3) | 1;
    [first, first + 1, first + 2]
}
