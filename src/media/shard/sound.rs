//! The sound of one viewer: passed on as it comes. A packet of it is twenty milliseconds: nobody asks for it again.

use super::{batch::Head, report::Account, video::Outlet};
use crate::media::{
    rtp::{Extensions, SOUND_CLOCK, SoundFrame},
    sdp::SoundPlan,
};
use std::time::Instant;

/// The sound of one viewer.
pub(super) struct Sound {
    plan: SoundPlan,
    bare: Extensions,
    sequence: u64,
    shift: u64,
    last: Option<(u64, Instant)>,
    pub(super) packets: u64,
    pub(super) bytes: u64,
}

impl Sound {
    /// Begins at random numbers (RFC 3550 §5.1).
    pub(super) fn new(plan: SoundPlan) -> Self {
        let [a, b, c, d, e, f] = crate::random::bytes();
        let (sequence, shift) = (u16::from_be_bytes([a & 0x7f, b]), u32::from_be_bytes([c, d, e, f]));
        let bare = Extensions::default();
        Self { plan, bare, sequence: u64::from(sequence), shift: u64::from(shift), last: None, packets: 0, bytes: 0 }
    }

    /// The SSRC that it uses.
    pub(super) fn ssrc(&self) -> u32 {
        self.plan.ssrc
    }

    /// Sends a frame. If the kernel has no room, it is lost.
    pub(super) fn send(&mut self, frame: &SoundFrame, outlet: &mut Outlet<'_>) {
        let timestamp = frame.timestamp + self.shift;
        let SoundPlan { payload_type, ssrc } = self.plan;
        // The first packet after a silence is marked (RFC 3551 §4.1).
        let (marker, sequence, extensions) = (self.last.is_none(), self.sequence, &self.bare);
        let head = Head { payload_type, marker, padded: false, sequence, timestamp, ssrc, extensions };
        outlet.batch.push(outlet.sealer, &head, &[&frame.payload]);
        let (packets, bytes) = outlet.batch.load();
        outlet.batch.send(outlet.port, outlet.path);
        self.sequence += 1;
        self.last = Some((timestamp, frame.captured));
        self.packets += packets;
        self.bytes += bytes;
    }

    /// What a sender report says; `None` before the first packet.
    pub(super) fn account(&self) -> Option<Account> {
        let (timestamp, captured) = self.last?;
        let (ssrc, packets, bytes) = (self.plan.ssrc, self.packets, self.bytes);
        Some(Account { ssrc, clock: SOUND_CLOCK, timestamp, captured, packets, bytes })
    }
}
