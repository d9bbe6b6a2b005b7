//! All viewers on one thread, so that they take as little as can be from what they measure.

use super::{
    LoadError,
    peer::{Behaviour, How, Peer},
    report::Figures,
    sdp::{Caller, Remote},
};
use crate::clock::monotonic;
use mio::{Events, Interest, Poll, Token};
use std::{
    collections::HashMap,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// How often viewers are looked after.
const LOOK: Duration = Duration::from_millis(20);
/// One datagram, or as many as the kernel joins.
const MEMORY: usize = 1 << 16;
/// How long the thread sleeps before it looks for packets: what is received is up to so much older.
const NAP: Duration = Duration::from_micros(300);

/// Names a viewer of a crowd.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ViewerId(usize);

/// What the thread is told.
enum Order {
    Join(ViewerId, Box<Peer>),
    Begin,
    Leave(ViewerId),
    Report(mpsc::Sender<Figures>),
    Stop,
}

/// Many viewers. Dropped, they all leave.
pub struct Crowd {
    caller: Arc<Caller>,
    /// Every so-manieth viewer opens all its packets; the others only their first key frame.
    open_every: usize,
    joins: bool,
    names: AtomicUsize,
    orders: mpsc::Sender<Order>,
    thread: Option<JoinHandle<()>>,
}

impl Crowd {
    /// Starts the thread. Every `open_every`th viewer opens all its packets. With `joins` the kernel hands over a burst of packets at once (UDP
    /// GRO), which is cheaper for both sides than what reaches a phone; without, each packet by itself.
    pub fn start(open_every: usize, joins: bool) -> Result<Self, LoadError> {
        let fail = |error: io::Error| LoadError::Client(error.to_string());
        let poll = Poll::new().map_err(fail)?;
        let (orders, heard) = mpsc::channel();
        let gathering = Gathering { poll, orders: heard, peers: HashMap::new(), left: Figures::default(), begun: monotonic() };
        let thread = std::thread::Builder::new().name("load".to_owned()).spawn(move || gathering.run()).map_err(fail)?;
        let (caller, names) = (Arc::new(Caller::new()?), AtomicUsize::new(0));
        Ok(Self { caller, open_every: open_every.max(1), joins, names, orders, thread: Some(thread) })
    }

    /// What all viewers have in common.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Adds the viewer that asked at `asked` and was answered with `remote`.
    pub fn join(&self, remote: Remote, asked: Instant, behaviour: Behaviour) -> Result<ViewerId, LoadError> {
        let id = ViewerId(self.names.fetch_add(1, Ordering::Relaxed));
        let how = How { behaviour, opens: id.0.is_multiple_of(self.open_every), joins: self.joins };
        let peer = Peer::new(self.caller.clone(), remote, asked, how)?;
        self.tell(Order::Join(id, Box::new(peer)));
        Ok(id)
    }

    /// Counts anew from now on.
    pub fn begin(&self) {
        self.tell(Order::Begin);
    }

    /// What all viewers together have seen since they joined, or since [`begin`](Self::begin).
    pub fn figures(&self) -> Figures {
        let (sender, figures) = mpsc::channel();
        self.tell(Order::Report(sender));
        figures.recv().unwrap_or_default()
    }

    /// Ends a viewer's session; what it has seen stays counted.
    pub fn leave(&self, viewer: ViewerId) {
        self.tell(Order::Leave(viewer));
    }

    fn tell(&self, order: Order) {
        // A thread that is gone has said why.
        let _ = self.orders.send(order);
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.tell(Order::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The state of the thread.
struct Gathering {
    poll: Poll,
    orders: mpsc::Receiver<Order>,
    peers: HashMap<usize, Peer>,
    /// What those have seen who have left.
    left: Figures,
    begun: Instant,
}

impl Gathering {
    fn run(mut self) {
        let mut events = Events::with_capacity(1_024);
        let mut memory = vec![0; MEMORY];
        let mut looked = monotonic();
        loop {
            // To be woken by every packet would cost the server that sends it, on this machine; a phone's waking costs it nothing.
            std::thread::sleep(NAP);
            if self.poll.poll(&mut events, Some(Duration::ZERO)).is_err_and(|error| error.kind() != io::ErrorKind::Interrupted) {
                return;
            }
            for event in &events {
                if let Some(peer) = self.peers.get_mut(&event.token().0) {
                    peer.readable(monotonic(), &mut memory);
                }
            }
            while let Ok(order) = self.orders.try_recv() {
                if !self.obey(order) {
                    return;
                }
            }
            let now = monotonic();
            if now.saturating_duration_since(looked) >= LOOK {
                looked = now;
                self.peers.values_mut().filter(|peer| !peer.closed).for_each(|peer| peer.look_after(now));
            }
        }
    }

    /// Returns whether to go on.
    fn obey(&mut self, order: Order) -> bool {
        match order {
            Order::Join(id, mut peer) => {
                let registered = self.poll.registry().register(&mut peer.socket, Token(id.0), Interest::READABLE);
                peer.closed |= registered.is_err();
                self.peers.insert(id.0, *peer);
            }
            Order::Begin => {
                self.begun = monotonic();
                self.left = Figures::default();
                self.peers.values_mut().for_each(|peer| peer.watched.begin());
            }
            Order::Leave(id) => {
                if let Some(mut peer) = self.peers.remove(&id.0) {
                    let now = monotonic();
                    peer.leave(now);
                    self.left.add(&peer, now);
                }
            }
            Order::Report(reply) => {
                let now = monotonic();
                let mut figures = self.left.clone();
                figures.seconds = now.saturating_duration_since(self.begun).as_secs_f64();
                for peer in self.peers.values() {
                    figures.viewers += usize::from(peer.connected.is_some() && !peer.closed);
                    figures.closed += usize::from(peer.closed);
                    figures.add(peer, now);
                }
                let _ = reply.send(figures);
            }
            Order::Stop => {
                let now = monotonic();
                self.peers.values_mut().for_each(|peer| peer.leave(now));
                return false;
            }
        }
        true
    }
}
