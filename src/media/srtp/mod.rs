//! SRTP and SRTCP for a peer that only sends (RFC 3711, with the ciphers of RFC 7714): RTP is sealed, RTCP goes both ways.
//!
//! It is ours because it is the hot path: a packet is sealed where it lies in the batch, with no copy and no allocation.

mod cipher;
mod keys;
mod replay;
#[cfg(test)]
mod tests;

pub(super) use keys::{Exported, Profile};

use cipher::Cipher;
use keys::Label;
use replay::Window;

/// Something that cannot be sealed or opened. It says no more on purpose: whoever sent it learns nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("SRTP")]
pub(super) struct SrtpError;

/// The length of the fixed RTCP header with its SSRC, which stays readable (RFC 3711 §3.4).
const RTCP_HEADER: usize = 8;
/// The length of the word behind an RTCP packet: one bit says that it is encrypted, the rest is its index.
const INDEX_WORD: usize = 4;
const ENCRYPTED: u32 = 1 << 31;

/// Seals what this side sends.
pub(super) struct Sealer {
    rtp: Cipher,
    rtcp: Cipher,
    rtcp_index: u32,
}

impl Sealer {
    /// Derives the session keys of the sending side.
    pub(super) fn new(keys: &Exported) -> Result<Self, SrtpError> {
        let derive = |label| Cipher::new(keys.profile, &keys.server, label);
        Ok(Self { rtp: derive(Label::Rtp)?, rtcp: derive(Label::Rtcp)?, rtcp_index: 0 })
    }

    /// How many bytes [`rtp`](Self::rtp) needs behind the payload.
    pub(super) fn tag(&self) -> usize {
        self.rtp.tag()
    }

    /// Seals an RTP packet in place. `packet` is its header (`header` bytes, extensions included), its payload and room for the tag;
    /// `rollover` counts the wraps of its sequence number (RFC 3711 §3.3.1). The caller never seals two different packets of one
    /// SSRC under the same number: with GCM that would give the key away.
    pub(super) fn rtp(&self, packet: &mut [u8], header: usize, rollover: u32) -> Result<(), SrtpError> {
        let (sequence, ssrc) = (read_u16(packet, 2)?, read_u32(packet, 8)?);
        let index = (u64::from(rollover) << 16) | u64::from(sequence);
        self.rtp.seal_rtp(packet, header, ssrc, index)
    }

    /// Seals a compound RTCP packet and appends what belongs behind it.
    pub(super) fn rtcp(&mut self, packet: &mut Vec<u8>) -> Result<(), SrtpError> {
        let ssrc = read_u32(packet, 4)?;
        if packet.len() < RTCP_HEADER || self.rtcp_index >= ENCRYPTED {
            return Err(SrtpError);
        }
        let index = self.rtcp_index;
        self.rtcp_index += 1;
        self.rtcp.seal_rtcp(packet, ssrc, index)
    }
}

/// Opens the RTCP that the client sends.
pub(super) struct Opener {
    rtcp: Cipher,
    seen: Window,
}

impl Opener {
    /// Derives the session keys of the client's side.
    pub(super) fn new(keys: &Exported) -> Result<Self, SrtpError> {
        Ok(Self { rtcp: Cipher::new(keys.profile, &keys.client, Label::Rtcp)?, seen: Window::default() })
    }

    /// Opens a compound RTCP packet in place; refuses what is not authentic, not encrypted or not new.
    pub(super) fn rtcp<'p>(&mut self, packet: &'p mut [u8]) -> Result<&'p [u8], SrtpError> {
        let ssrc = read_u32(packet, 4)?;
        let (index, length) = self.rtcp.open_rtcp(packet, ssrc, |index| self.seen.is_new(index))?;
        self.seen.note(index);
        packet.get(..length).ok_or(SrtpError)
    }
}

fn read_u16(packet: &[u8], at: usize) -> Result<u16, SrtpError> {
    let bytes = packet.get(at..at + 2).ok_or(SrtpError)?;
    Ok(u16::from_be_bytes([bytes[0], bytes[1]]))
}

fn read_u32(packet: &[u8], at: usize) -> Result<u32, SrtpError> {
    let bytes = packet.get(at..at + 4).ok_or(SrtpError)?;
    Ok(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}
