//! From packets of video to [`Frame`]s.

use super::{
    access_unit::{AccessUnit, Assembler, Packet},
    parameters::Parameters,
};
use crate::media::{Frame, FrameKind};

/// Where unwrapped timestamps begin, so that a camera's clock may go back a few times: the low 32 bits stay the camera's.
const ORIGIN: i64 = 1 << 40;

/// Makes frames of one connection's packets.
pub(crate) struct Pictures {
    assembler: Assembler,
    parameters: Parameters,
    /// A decoder can start at a key frame only; what comes before the first is of no use.
    started: bool,
}

/// A frame, and what matters about it besides.
pub(crate) struct Picture {
    pub(crate) frame: Frame,
    /// Whether it has B slices, which browsers cannot show over WebRTC; told of H.264 only.
    pub(crate) bidirectional: bool,
}

impl Pictures {
    /// Starts with the parameter sets of the SDP.
    pub(crate) fn new(parameters: Parameters) -> Self {
        Self { assembler: Assembler::new(parameters.codec()), parameters, started: false }
    }

    /// Takes the next packet; gives the frames that it completes, at most two.
    pub(crate) fn push(&mut self, packet: &retina::rtp::ReceivedPacket) -> Vec<Picture> {
        let packet = Packet {
            payload: packet.payload(),
            timestamp: timestamp(packet),
            marker: packet.mark(),
            lost: packet.loss(),
            arrived: packet.ctx().received(),
        };
        self.assembler.push(&packet).filter_map(|unit| self.frame(unit)).collect()
    }

    fn frame(&mut self, unit: AccessUnit) -> Option<Picture> {
        unit.parameters.iter().for_each(|nal| self.parameters.update(nal));
        let parameters = self.parameters.current()?;
        self.started |= unit.key;
        let kind = FrameKind::Video { key: unit.key, parameters };
        let frame = Frame { kind, timestamp: unit.timestamp, arrived: unit.arrived, data: unit.data };
        self.started.then_some(Picture { frame, bidirectional: unit.bidirectional })
    }
}

/// The unwrapped timestamp of a packet.
pub(super) fn timestamp(packet: &retina::rtp::ReceivedPacket) -> u64 {
    ORIGIN.wrapping_add(packet.timestamp().timestamp()).cast_unsigned()
}
