//! The door: the one thread that reads the port.
//!
//! It answers connectivity checks itself, knows which client is behind which address, and hands what belongs to a client to the
//! shard that serves it. Everything else ends here, so that a flood of garbage keeps this thread busy and no other.

use super::{
    ice::Check,
    port::{BoundSocket, Path, Port},
    sdp::IceCredentials,
    shard::{Message, PeerId, ShardLink},
};
use crate::clock::monotonic;
use mio::{Events, Interest, Poll, Token, Waker, net::UdpSocket};
use quinn_udp::{BATCH_SIZE, RecvMeta};
use rtc_crypto::providers::AwsLcRsProvider;
use std::{
    collections::HashMap,
    io::{self, IoSliceMut},
    net::SocketAddr,
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

/// A client that has not sent a valid check for so long is gone (RFC 7675 §5.1).
const CONSENT: Duration = Duration::from_secs(30);
/// From how many addresses one client may be heard; a new one takes the place of the oldest.
const ADDRESSES: usize = 8;
/// How many datagrams of one client are let through in a second; an honest one sends a tenth.
const ALLOWANCE: u32 = 500;
/// One datagram, or as many of them as the kernel joins.
const BUFFER: usize = 1 << 16;
const BUFFERS: usize = if BATCH_SIZE < 16 { BATCH_SIZE } else { 16 };
/// How many batches are read from one socket before the rest gets its turn.
const ROUNDS: usize = 8;
const WAKE: Token = Token(usize::MAX);
const LOOK: Duration = Duration::from_millis(500);

/// What the control side and the shards tell the door.
pub(super) enum Notice {
    /// A stream has opened: expect its client.
    Admit { peer: PeerId, shard: usize, ice: IceCredentials },
    /// A stream's client will use new credentials.
    Restart { peer: PeerId, ice: IceCredentials },
    /// A stream has ended.
    Forget { peer: PeerId },
    /// The program stops.
    Stop,
}

/// How others reach the door.
#[derive(Clone)]
pub(super) struct DoorBell {
    notices: mpsc::Sender<Notice>,
    waker: Arc<Waker>,
}

impl DoorBell {
    /// Tells the door; it hears before it handles the next datagram.
    pub(super) fn tell(&self, notice: Notice) {
        // A door that is gone needs no telling.
        if self.notices.send(notice).is_ok() {
            let _ = self.waker.wake();
        }
    }
}

/// The state of the thread.
pub(super) struct Door {
    port: Arc<Port>,
    poll: Poll,
    /// The sockets as `poll` knows them: they must live as long.
    _watched: Vec<UdpSocket>,
    notices: mpsc::Receiver<Notice>,
    shards: Vec<ShardLink>,
    crypto: AwsLcRsProvider,
    guests: HashMap<PeerId, Guest>,
    by_ufrag: HashMap<String, PeerId>,
    by_address: HashMap<SocketAddr, PeerId>,
    stopping: bool,
}

/// A client as the door knows it.
struct Guest {
    shard: usize,
    /// The credentials in use, and after a restart also the new ones, until they are used.
    ice: Vec<IceCredentials>,
    addresses: Vec<SocketAddr>,
    path: Option<Path>,
    /// When the last valid check came; `None` before the first: the shard bounds the handshake.
    checked: Option<Instant>,
    allowance: Allowance,
}

/// How many datagrams may still pass this second.
struct Allowance {
    left: u32,
    since: Instant,
}

impl Allowance {
    fn new(now: Instant) -> Self {
        Self { left: ALLOWANCE, since: now }
    }

    fn take(&mut self, now: Instant) -> bool {
        if now.duration_since(self.since) >= Duration::from_secs(1) {
            *self = Self::new(now);
        }
        let some = self.left > 0;
        self.left -= u32::from(some);
        some
    }
}

impl Door {
    /// Prepares the door in front of `shards`.
    pub(super) fn new(port: Arc<Port>, shards: Vec<ShardLink>) -> io::Result<(Self, DoorBell)> {
        let poll = Poll::new()?;
        let mut watched = Vec::new();
        for (at, socket) in port.sockets.iter().enumerate() {
            let mut source = UdpSocket::from_std(socket.io.try_clone()?);
            poll.registry().register(&mut source, Token(at), Interest::READABLE)?;
            watched.push(source);
        }
        let waker = Arc::new(Waker::new(poll.registry(), WAKE)?);
        let (notices, heard) = mpsc::channel();
        let door = Self {
            port,
            poll,
            _watched: watched,
            notices: heard,
            shards,
            crypto: AwsLcRsProvider::new(),
            guests: HashMap::new(),
            by_ufrag: HashMap::new(),
            by_address: HashMap::new(),
            stopping: false,
        };
        Ok((door, DoorBell { notices, waker }))
    }

    /// Serves until it is told to stop.
    pub(super) fn run(mut self) {
        let port = self.port.clone();
        let mut events = Events::with_capacity(16);
        let mut memory = vec![0; BUFFER * BUFFERS];
        let (mut swept, mut more) = (monotonic(), false);
        loop {
            // Edge-triggered: a socket is read until it is empty, in turns with everything else.
            let wait = if more { Duration::ZERO } else { LOOK };
            if let Err(error) = self.poll.poll(&mut events, Some(wait))
                && error.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "the media port cannot be watched");
                return;
            }
            let now = monotonic();
            if !self.hear(now) {
                return;
            }
            more = false;
            for socket in &port.sockets {
                more |= self.receive(socket, &mut memory);
            }
            if now.duration_since(swept) >= LOOK {
                swept = now;
                self.sweep(now);
            }
        }
    }

    /// Reads some batches; returns whether there may be more.
    fn receive(&mut self, socket: &BoundSocket, memory: &mut [u8]) -> bool {
        let mut meta = [RecvMeta::default(); BUFFERS];
        for _ in 0..ROUNDS {
            let mut buffers = memory.chunks_mut(BUFFER).map(IoSliceMut::new).collect::<Vec<_>>();
            let received = match socket.receive(&mut buffers, &mut meta) {
                Ok(received) => received,
                Err(error) => return error.kind() == io::ErrorKind::Interrupted,
            };
            let now = monotonic();
            // A client may speak as soon as the control side has told us of it.
            if !self.hear(now) {
                return false;
            }
            for (meta, buffer) in meta.iter().zip(&buffers).take(received) {
                let path = Path { remote: meta.addr, local: meta.dst_ip };
                let joined = buffer.get(..meta.len).unwrap_or_default();
                joined.chunks(meta.stride.max(1)).for_each(|datagram| self.datagram(datagram, path, now));
            }
        }
        true
    }

    fn datagram(&mut self, datagram: &[u8], path: Path, now: Instant) {
        // What kind it is stands in the first byte (RFC 7983 §7). No answer can be sent to port 0.
        match datagram.first() {
            Some(0..=3) if path.remote.port() != 0 => self.check(datagram, path, now),
            Some(20..=63 | 128..=191) => {
                let Some(peer) = self.by_address.get(&path.remote) else { return };
                let Some(guest) = self.guests.get_mut(peer) else { return };
                if guest.allowance.take(now) {
                    self.shards[guest.shard].offer(Message::Datagram { peer: *peer, path, bytes: datagram.to_vec() });
                }
            }
            _ => {}
        }
    }

    fn check(&mut self, datagram: &[u8], path: Path, now: Instant) {
        let Some(check) = Check::parse(datagram) else { return };
        let Some(peer) = self.by_ufrag.get(check.ufrag()).copied() else { return };
        let Some(guest) = self.guests.get_mut(&peer).filter(|guest| guest.allowance.left > 0) else { return };
        guest.allowance.take(now);
        let Some(used) = guest.ice.iter().position(|ice| ice.ufrag == check.ufrag()) else { return };
        let Some(reply) = check.answer(&guest.ice[used], path.remote, &self.crypto) else { return };
        if reply.valid {
            guest.checked = Some(now);
            // The first use of new credentials retires the old ones (RFC 8445 §9).
            for retired in guest.ice.drain(..used) {
                self.by_ufrag.remove(&retired.ufrag);
            }
            if !guest.addresses.contains(&path.remote) {
                if guest.addresses.len() == ADDRESSES {
                    self.by_address.remove(&guest.addresses.remove(0));
                }
                guest.addresses.push(path.remote);
                self.by_address.insert(path.remote, peer);
            }
            if guest.path != Some(path) && (reply.nominates || guest.path.is_none()) {
                guest.path = Some(path);
                self.shards[guest.shard].send(Message::Path { peer, path });
            }
        }
        let _ = self.port.send(&path, &reply.bytes, reply.bytes.len());
    }

    /// Takes the notices; returns whether to go on.
    fn hear(&mut self, now: Instant) -> bool {
        while let Ok(notice) = self.notices.try_recv() {
            match notice {
                Notice::Admit { peer, shard, ice } => {
                    self.by_ufrag.insert(ice.ufrag.clone(), peer);
                    let (addresses, path, checked) = (Vec::new(), None, None);
                    self.guests
                        .insert(peer, Guest { shard, ice: vec![ice], addresses, path, checked, allowance: Allowance::new(now) });
                }
                Notice::Restart { peer, ice } => {
                    let Some(guest) = self.guests.get_mut(&peer) else { continue };
                    for unused in guest.ice.drain(1..) {
                        self.by_ufrag.remove(&unused.ufrag);
                    }
                    self.by_ufrag.insert(ice.ufrag.clone(), peer);
                    guest.ice.push(ice);
                }
                Notice::Forget { peer } => self.forget(peer),
                Notice::Stop => self.stopping = true,
            }
        }
        !self.stopping
    }

    fn forget(&mut self, peer: PeerId) {
        let Some(guest) = self.guests.remove(&peer) else { return };
        for ice in guest.ice {
            self.by_ufrag.remove(&ice.ufrag);
        }
        for address in guest.addresses {
            // The address may be another guest's by now.
            if self.by_address.get(&address) == Some(&peer) {
                self.by_address.remove(&address);
            }
        }
    }

    fn sweep(&mut self, now: Instant) {
        let silent = |guest: &Guest| guest.checked.is_some_and(|checked| now.duration_since(checked) > CONSENT);
        for (peer, guest) in self.guests.iter_mut().filter(|(_, guest)| silent(guest)) {
            guest.checked = None;
            self.shards[guest.shard].send(Message::Lost { peer: *peer });
        }
    }
}
