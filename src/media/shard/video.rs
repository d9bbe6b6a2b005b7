//! The video of one viewer: what it is sent next, and again.

use super::{
    batch::{Batch, Head, Sent},
    feedback::missing,
    report::Account,
};
use crate::media::{
    port::{Path, Port},
    rtp::{Extensions, Reel, Runs, Slot, VIDEO_CLOCK},
    sdp::VideoPlan,
    srtp::Sealer,
};
use std::time::{Duration, Instant};

/// How many packets go out at once; more follow a few milliseconds later, so that no buffer on the way overflows.
const BURST: usize = 16;
/// How many repairs a client may have at once, and how many more a second.
const REPAIRS: f64 = 128.0;
const REPAIRS_A_SECOND: f64 = 400.0;
/// How long a client waits for another replay; the camera's own next key frame mostly comes as soon.
const REPLAY: Duration = Duration::from_secs(1);
/// The oldest newest picture that is still shown as live. While a camera is silent, browsers ask for key frames; to answer with what
/// was would show parents the last seconds again and again.
const LIVE: Duration = Duration::from_secs(2);

/// What a shard lends for sending.
pub(super) struct Outlet<'a> {
    pub(super) port: &'a Port,
    pub(super) path: &'a Path,
    pub(super) sealer: &'a Sealer,
    pub(super) batch: &'a mut Batch,
}

/// After a burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Everything there is has been sent.
    Edge,
    /// There is more, a few milliseconds later.
    More,
    /// The kernel has no room.
    Blocked,
}

/// The video of one viewer.
pub(super) struct Video {
    plan: VideoPlan,
    bare: Extensions,
    runs: Runs,
    rtx_sequence: u64,
    repairs: f64,
    repaired_at: Instant,
    replayed: Option<Instant>,
    /// Whether it goes back to the newest key frame after the picture that it is in.
    replaying: bool,
    /// What it has been sent, repairs apart; the bytes with header and tag.
    pub(super) packets: u64,
    pub(super) bytes: u64,
    /// How many packets it has been sent again.
    pub(super) repaired: u64,
    /// How often it jumped over pictures.
    pub(super) jumps: u64,
}

impl Video {
    /// Begins at random numbers (RFC 3550 §5.1).
    pub(super) fn new(plan: VideoPlan, now: Instant) -> Self {
        let [a, b, c, d, e, f, g, h] = crate::random::bytes();
        // In the lower half, so that the first wrap comes late and no receiver mistakes it (RFC 3711 §3.3.1).
        let sequence = u16::from_be_bytes([a & 0x7f, b]);
        let runs = Runs::new(sequence, u32::from_be_bytes([c, d, e, f]));
        let rtx_sequence = u64::from(u16::from_be_bytes([g & 0x7f, h]));
        Self {
            plan,
            bare: Extensions::default(),
            runs,
            rtx_sequence,
            repairs: REPAIRS,
            repaired_at: now,
            replayed: None,
            replaying: false,
            packets: 0,
            bytes: 0,
            repaired: 0,
            jumps: 0,
        }
    }

    /// Whether feedback for `ssrc` is about this.
    pub(super) fn is(&self, ssrc: u32) -> bool {
        self.plan.ssrc == ssrc
    }

    /// The SSRCs that it uses.
    pub(super) fn ssrcs(&self) -> impl Iterator<Item = u32> {
        [Some(self.plan.ssrc), self.plan.rtx.map(|(_, ssrc)| ssrc)].into_iter().flatten()
    }

    /// Sends the next burst.
    pub(super) fn send(&mut self, reel: &Reel, outlet: &mut Outlet<'_>) -> Next {
        // Jumps come before the burst: what cannot be sent is taken back to where it began.
        self.jumps += u64::from(self.runs.follow(reel));
        if self.replaying && self.runs.between_pictures() {
            self.replaying = false;
            self.runs.jump(reel);
        }
        let segments = outlet.port.segments(outlet.path);
        let mut mark = self.runs.cursor();
        for _ in 0..BURST {
            let Some(slot) = self.runs.slot(reel).filter(|_| !(self.replaying && self.runs.between_pictures())) else { break };
            let Some(payload) = slot.picture.payloads.get(slot.packet) else { break };
            if !outlet.batch.takes(Batch::size(outlet.sealer, self.extensions(&slot), payload.len()), segments) {
                if self.flush(outlet) == Sent::Blocked {
                    self.runs.back(mark);
                    return Next::Blocked;
                }
                mark = self.runs.cursor();
            }
            let head = Head { extensions: self.extensions(&slot), ..self.head(&slot) };
            outlet.batch.push(outlet.sealer, &head, &[payload]);
            self.runs.step(&slot);
        }
        if self.flush(outlet) == Sent::Blocked {
            self.runs.back(mark);
            return Next::Blocked;
        }
        if self.replaying || self.runs.slot(reel).is_some() { Next::More } else { Next::Edge }
    }

    /// How old the picture is that it is sent next, or was sent last; `None` while it replays what was before it came.
    pub(super) fn behind(&self, reel: &Reel, now: Instant) -> Option<Duration> {
        let picture = self.runs.slot(reel).map_or_else(|| reel.newest(), |slot| reel.picture(slot.picture.number))?;
        self.runs.caught_up().then(|| now.saturating_duration_since(picture.ready))
    }

    /// Sends missing packets again, each as a new packet of the repair stream (RFC 4588 §4): never under a number that was used.
    /// Without a repair stream, or over the allowed rate, the client is left to ask for a key frame.
    pub(super) fn repair(&mut self, first: u16, after: u16, reel: &Reel, now: Instant, outlet: &mut Outlet<'_>) {
        let Some((payload_type, ssrc)) = self.plan.rtx else { return };
        let passed = now.saturating_duration_since(self.repaired_at).as_secs_f64();
        self.repairs = (self.repairs + passed * REPAIRS_A_SECOND).min(REPAIRS);
        self.repaired_at = now;
        let segments = outlet.port.segments(outlet.path);
        for sequence in missing(first, after) {
            let Some(slot) = self.runs.sent(sequence, reel).filter(|_| self.repairs >= 1.0) else { continue };
            let Some(payload) = slot.picture.payloads.get(slot.packet) else { continue };
            self.repairs -= 1.0;
            if !outlet.batch.takes(Batch::size(outlet.sealer, &self.bare, 2 + payload.len()), segments) {
                outlet.batch.send(outlet.port, outlet.path);
            }
            let head = Head { payload_type, ssrc, sequence: self.rtx_sequence, extensions: &self.bare, ..self.head(&slot) };
            outlet.batch.push(outlet.sealer, &head, &[&sequence.to_be_bytes(), payload]);
            self.rtx_sequence += 1;
            self.repaired += 1;
        }
        outlet.batch.send(outlet.port, outlet.path);
    }

    /// Has the pictures since the newest key frame sent again, for a decoder that cannot go on; returns whether it will, and was not
    /// just before.
    pub(super) fn replay(&mut self, reel: &Reel, now: Instant) -> bool {
        let due = self.replayed.is_none_or(|before| now.duration_since(before) >= REPLAY);
        let live = reel.newest().is_some_and(|newest| now.saturating_duration_since(newest.captured) < LIVE);
        let replays = due && live && self.packets > 0 && reel.key().is_some();
        if replays {
            self.replayed = Some(now);
            self.replaying = true;
        }
        replays
    }

    /// What a sender report says; `None` before the first packet.
    pub(super) fn account(&self, reel: &Reel) -> Option<Account> {
        let (newest, shift) = (reel.newest()?, self.runs.shift().filter(|_| self.packets > 0)?);
        let (ssrc, timestamp, captured) = (self.plan.ssrc, newest.timestamp + shift, newest.captured);
        Some(Account { ssrc, clock: VIDEO_CLOCK, timestamp, captured, packets: self.packets, bytes: self.bytes })
    }

    /// Key frames carry header extensions; that is often enough for things that do not change.
    fn extensions(&self, slot: &Slot<'_>) -> &Extensions {
        if slot.picture.key { &self.plan.extensions } else { &self.bare }
    }

    fn head(&self, slot: &Slot<'_>) -> Head<'_> {
        let VideoPlan { payload_type, ssrc, .. } = self.plan;
        Head {
            payload_type,
            marker: slot.marker(),
            padded: slot.picture.payloads.padded(slot.packet),
            sequence: slot.sequence,
            timestamp: slot.timestamp,
            ssrc,
            extensions: &self.bare,
        }
    }

    fn flush(&mut self, outlet: &mut Outlet<'_>) -> Sent {
        let (packets, bytes) = outlet.batch.load();
        let sent = outlet.batch.send(outlet.port, outlet.path);
        if sent == Sent::Gone {
            self.packets += packets;
            self.bytes += bytes;
        }
        sent
    }
}
