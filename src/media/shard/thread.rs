//! The thread of a shard.

use super::{
    FeedId, Inbox, Message, PeerId,
    batch::Batch,
    peer::{Peer, Tools},
    report::Wall,
    video::Next,
};
use crate::{
    clock::monotonic,
    media::{
        Ending,
        door::{DoorBell, Notice},
        metrics::Metrics,
        port::{Path, Port},
        rtp::Reel,
    },
};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

/// Between two bursts to one viewer: with sixteen packets each, 50 Mbit/s.
const PACE: Duration = Duration::from_millis(3);
/// When the kernel had no room.
const RETRY: Duration = Duration::from_millis(1);
/// How often peers are looked after.
const TICK: Duration = Duration::from_millis(100);
/// How many messages are taken before pictures are sent.
const ROUND: usize = 256;
/// How long handshakes may keep those waiting who already watch.
const HANDSHAKES: Duration = Duration::from_millis(4);
/// How many handshake datagrams may wait; their clients repeat them.
const WAITING_HANDSHAKES: usize = 1_024;

/// A feed as a shard has it.
#[derive(Default)]
struct Show {
    reel: Reel,
    viewers: Vec<PeerId>,
    /// Whether pictures have come that the viewers have not been sent.
    fresh: bool,
}

/// The state of the thread.
pub(in crate::media) struct Shard {
    inbox: Inbox,
    port: Arc<Port>,
    bell: DoorBell,
    wall: Wall,
    metrics: Metrics,
    shows: HashMap<FeedId, Show>,
    peers: HashMap<PeerId, Peer>,
    /// Those who wait for their next burst, and when it is due.
    paced: Vec<PeerId>,
    pace: Instant,
    /// Those who are served in this round; kept for its memory.
    queue: Vec<PeerId>,
    handshakes: VecDeque<(PeerId, Path, Vec<u8>)>,
    ticked: Instant,
    /// Whether lateness was noted since then.
    noted: bool,
    batch: Batch,
    stopping: bool,
}

impl Shard {
    /// A shard that takes from `inbox`, sends through `port` and tells the door of what has ended.
    pub(in crate::media) fn new(inbox: Inbox, port: Arc<Port>, bell: DoorBell, wall: Wall, metrics: Metrics) -> Self {
        let now = monotonic();
        Self {
            inbox,
            port,
            bell,
            wall,
            metrics,
            shows: HashMap::new(),
            peers: HashMap::new(),
            paced: Vec::new(),
            pace: now,
            queue: Vec::new(),
            handshakes: VecDeque::new(),
            ticked: now,
            noted: false,
            batch: Batch::new(),
            stopping: false,
        }
    }

    /// Serves until it is told to stop.
    pub(in crate::media) fn run(mut self) {
        while !self.stopping {
            let mut wait = self.wait(monotonic());
            for _ in 0..ROUND {
                let Some(message) = self.inbox.next(wait) else { break };
                self.take(message);
                wait = Duration::ZERO;
            }
            self.pump(monotonic());
            self.shake_hands(monotonic());
            self.tick(monotonic());
        }
        let peers: Vec<PeerId> = self.peers.keys().copied().collect();
        peers.into_iter().for_each(|peer| self.end(peer, Ending::ServerStopping));
    }

    /// How long nothing is due.
    fn wait(&self, now: Instant) -> Duration {
        if !self.handshakes.is_empty() {
            return Duration::ZERO;
        }
        let tick = (self.ticked + TICK).saturating_duration_since(now);
        if self.paced.is_empty() { tick } else { tick.min(self.pace.saturating_duration_since(now)) }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Picture(feed, picture) => {
                let show = self.shows.entry(feed).or_default();
                show.reel.push(picture);
                show.fresh = true;
            }
            Message::Sound(feed, frame) => {
                let (show, peers, mut tools) = self.lend();
                for viewer in show.get(&feed).map_or(&[][..], |show| &show.viewers) {
                    if let Some(peer) = peers.get_mut(viewer) {
                        peer.sound(&frame, &mut tools);
                    }
                }
            }
            Message::Stale(feed) => {
                if let Some(show) = self.shows.get_mut(&feed) {
                    show.reel.clear();
                }
            }
            Message::Gone(feed, ending) => {
                let viewers = self.shows.remove(&feed).map(|show| show.viewers).unwrap_or_default();
                viewers.into_iter().for_each(|peer| self.end(peer, ending));
            }
            Message::Join(peer) => {
                self.shows.entry(peer.seat.feed).or_default().viewers.push(peer.seat.id);
                self.peers.insert(peer.seat.id, *peer);
            }
            Message::Path { peer, path } => {
                if let Some(peer) = self.peers.get_mut(&peer) {
                    peer.follow(path);
                }
            }
            Message::Datagram { peer, path, bytes } => self.datagram(peer, path, bytes),
            Message::Lost { peer } => self.end(peer, Ending::ConnectionLost),
            Message::Close { peer, ending } => self.end(peer, ending),
            Message::Stop => self.stopping = true,
        }
    }

    /// By the first byte DTLS, else RTP or RTCP (RFC 7983 §7); of these RTCP by the second (RFC 5761 §4). Clients send no RTP.
    fn datagram(&mut self, id: PeerId, path: Path, bytes: Vec<u8>) {
        match bytes[..] {
            [20..=63, ..] if self.handshakes.len() < WAITING_HANDSHAKES => self.handshakes.push_back((id, path, bytes)),
            [128..=191, 192..=223, ..] => {
                let (shows, peers, mut tools) = self.lend();
                let Some(peer) = peers.get_mut(&id) else { return };
                let Some(show) = shows.get(&peer.seat.feed) else { return };
                if peer.rtcp(monotonic(), bytes, &show.reel, &mut tools) && !peer.paced {
                    peer.paced = true;
                    self.paced.push(id);
                }
            }
            _ => {}
        }
    }

    /// Sends what is due: new pictures to those who are up to date, the next burst to those who are not.
    fn pump(&mut self, now: Instant) {
        let mut queue = std::mem::take(&mut self.queue);
        if now >= self.pace {
            queue.append(&mut self.paced);
        }
        let (shows, peers, mut tools) = self.lend();
        for show in shows.values_mut().filter(|show| show.fresh) {
            show.fresh = false;
            queue.extend(show.viewers.iter().filter(|viewer| peers.get(viewer).is_some_and(|peer| !peer.paced)));
        }
        let (mut blocked, last) = (false, queue.last().copied());
        queue.retain(|id| {
            let Some(peer) = peers.get_mut(id) else { return false };
            let Some(show) = shows.get(&peer.seat.feed) else { return false };
            let next = if blocked { Next::Blocked } else { peer.pump(&show.reel, &mut tools) };
            blocked |= next == Next::Blocked;
            peer.paced = next != Next::Edge;
            peer.paced
        });
        self.paced.append(&mut queue);
        self.note_lateness(last);
        if !self.paced.is_empty() && now >= self.pace {
            self.pace = now + if blocked { RETRY } else { PACE };
        }
        self.queue = queue;
    }

    /// Notes how old the pictures are by the time the last viewer of a round has them.
    fn note_lateness(&mut self, last: Option<PeerId>) {
        let behind = last.and_then(|last| {
            let peer = self.peers.get(&last)?;
            peer.behind(&self.shows.get(&peer.seat.feed)?.reel, monotonic())
        });
        if let Some(behind) = behind {
            self.inbox.lateness.note(behind);
            self.noted = true;
        }
    }

    /// Goes on with handshakes, for a little while at a time.
    fn shake_hands(&mut self, now: Instant) {
        while let Some((id, path, datagram)) = self.handshakes.pop_front() {
            let (shows, peers, mut tools) = self.lend();
            let Some(peer) = peers.get_mut(&id) else { continue };
            match peer.dtls(now, path, datagram, &mut tools) {
                Ok(false) => {}
                Ok(true) => {
                    if let Some(show) = shows.get(&peer.seat.feed)
                        && peer.pump(&show.reel, &mut tools) != Next::Edge
                    {
                        peer.paced = true;
                        self.paced.push(id);
                    }
                }
                Err(ending) => self.end(id, ending),
            }
            if monotonic().duration_since(now) > HANDSHAKES {
                return;
            }
        }
    }

    fn tick(&mut self, now: Instant) {
        if now.duration_since(self.ticked) < TICK {
            return;
        }
        self.ticked = now;
        if !std::mem::take(&mut self.noted) {
            self.inbox.lateness.none();
        }
        let (shows, peers, mut tools) = self.lend();
        let mut over = Vec::new();
        for (id, peer) in peers.iter_mut() {
            let reel = shows.get(&peer.seat.feed).map(|show| &show.reel);
            over.extend(peer.tick(now, reel, &mut tools).err().map(|ending| (*id, ending)));
        }
        over.into_iter().for_each(|(peer, ending)| self.end(peer, ending));
    }

    fn end(&mut self, id: PeerId, ending: Ending) {
        let Some(peer) = self.peers.remove(&id) else { return };
        if let Some(show) = self.shows.get_mut(&peer.seat.feed) {
            show.viewers.retain(|viewer| *viewer != id);
        }
        self.bell.tell(Notice::Forget { peer: id });
        let (_, _, mut tools) = self.lend();
        peer.end(monotonic(), ending, &mut tools);
    }

    /// Its parts, apart from each other: shows, peers, and what peers need to work.
    fn lend(&mut self) -> (&mut HashMap<FeedId, Show>, &mut HashMap<PeerId, Peer>, Tools<'_>) {
        let tools = Tools { port: &self.port, batch: &mut self.batch, wall: &self.wall, metrics: &self.metrics };
        (&mut self.shows, &mut self.peers, tools)
    }
}
