//! What `/metrics` tells of the media plane. No label names a person, a camera or an address.

use super::Health;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};
use std::{sync::atomic::AtomicU64, time::Duration};

/// What a stream has counted; the figures of all streams are added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// RTP packets, repairs apart.
    pub(super) packets: u64,
    /// Their bytes.
    pub(super) bytes: u64,
    /// Packets that clients reported missing.
    pub(super) missing: u64,
    /// Packets sent again.
    pub(super) repaired: u64,
    /// Key frames that clients asked for.
    pub(super) key_requests: u64,
    /// How many of these were answered from what is kept.
    pub(super) replays: u64,
    /// How often a viewer fell behind and jumped to a key frame.
    pub(super) jumps: u64,
}

impl Counts {
    /// What has been added since `before`.
    pub(super) fn since(&self, before: &Self) -> Self {
        Self {
            packets: self.packets - before.packets,
            bytes: self.bytes - before.bytes,
            missing: self.missing - before.missing,
            repaired: self.repaired - before.repaired,
            key_requests: self.key_requests - before.key_requests,
            replays: self.replays - before.replays,
            jumps: self.jumps - before.jumps,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct State {
    state: &'static str,
}

/// The figures; clones share them.
#[derive(Clone)]
pub(super) struct Metrics {
    viewers: Gauge,
    handshakes: Histogram,
    packets: Counter,
    bytes: Counter,
    missing: Counter,
    repaired: Counter,
    key_requests: Counter,
    replays: Counter,
    jumps: Counter,
    dropped: Counter,
    waiting: Gauge,
    late: Gauge<f64, AtomicU64>,
    feeds: Family<State, Gauge>,
}

impl Metrics {
    /// Registers them.
    pub(super) fn new(registry: &mut Registry) -> Self {
        let metrics = Self {
            viewers: Gauge::default(),
            handshakes: Histogram::new(exponential_buckets(0.01, 2.0, 11)),
            packets: Counter::default(),
            bytes: Counter::default(),
            missing: Counter::default(),
            repaired: Counter::default(),
            key_requests: Counter::default(),
            replays: Counter::default(),
            jumps: Counter::default(),
            dropped: Counter::default(),
            waiting: Gauge::default(),
            late: Gauge::default(),
            feeds: Family::default(),
        };
        let media = registry.sub_registry_with_prefix("media");
        media.register("viewers", "Streams that are connected", metrics.viewers.clone());
        media.register_with_unit(
            "handshake",
            "From the answer to the end of the handshake",
            Unit::Seconds,
            metrics.handshakes.clone(),
        );
        media.register("packets_sent", "RTP packets sent, repairs apart", metrics.packets.clone());
        media.register_with_unit("sent", "RTP sent, repairs apart", Unit::Bytes, metrics.bytes.clone());
        media.register("packets_missing", "RTP packets that clients reported missing", metrics.missing.clone());
        media.register("packets_repaired", "RTP packets sent again as RTX", metrics.repaired.clone());
        media.register("key_frames_requested", "Key frames that clients asked for", metrics.key_requests.clone());
        media.register("key_frames_replayed", "Key frames sent again because a client asked", metrics.replays.clone());
        media.register("viewer_jumps", "Times a viewer fell behind and went on at a key frame", metrics.jumps.clone());
        media.register("frames_dropped", "Frames that a busy thread did not take", metrics.dropped.clone());
        media.register("queue_depth", "Messages that wait for the sending threads", metrics.waiting.clone());
        media.register_with_unit(
            "late",
            "How old pictures are when the last viewer of the slowest thread is sent them",
            Unit::Seconds,
            metrics.late.clone(),
        );
        media.register("feeds", "Cameras' streams by state", metrics.feeds.clone());
        metrics
    }

    /// A client has connected, so long after its answer.
    pub(super) fn connected(&self, after: Duration) {
        self.viewers.inc();
        self.handshakes.observe(after.as_secs_f64());
    }

    /// A client that had connected is gone.
    pub(super) fn disconnected(&self) {
        self.viewers.dec();
    }

    /// Adds what a stream has counted.
    pub(super) fn add(&self, counts: &Counts) {
        self.packets.inc_by(counts.packets);
        self.bytes.inc_by(counts.bytes);
        self.missing.inc_by(counts.missing);
        self.repaired.inc_by(counts.repaired);
        self.key_requests.inc_by(counts.key_requests);
        self.replays.inc_by(counts.replays);
        self.jumps.inc_by(counts.jumps);
    }

    /// A thread was too busy to take a frame.
    pub(super) fn dropped(&self) {
        self.dropped.inc();
    }

    /// So many messages wait for the sending threads.
    pub(super) fn waiting(&self, messages: usize) {
        self.waiting.set(i64::try_from(messages).unwrap_or(i64::MAX));
    }

    /// Pictures are so old by the time the last viewer of the slowest thread is sent them.
    pub(super) fn late(&self, late: Duration) {
        self.late.set(late.as_secs_f64());
    }

    /// A feed's state is another one now.
    pub(super) fn feed(&self, before: Option<Health>, now: Option<Health>) {
        let gauge = |health: Health| self.feeds.get_or_create(&State { state: health.code() }).clone();
        if let Some(health) = before {
            gauge(health).dec();
        }
        if let Some(health) = now {
            gauge(health).inc();
        }
    }
}
