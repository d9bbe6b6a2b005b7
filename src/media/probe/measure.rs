//! What is measured while a camera plays.

use super::Probe;
use crate::media::{
    FrameKind, KeyFrame, ParameterSets, VideoCodec,
    camera::{Picture, time_of_day},
    h265::Sps,
};
use jiff::{SignedDuration, Timestamp};
use std::{sync::Arc, time::Instant};

/// Pictures as they come in.
#[derive(Default)]
pub(super) struct Measurement {
    first: Option<Instant>,
    last: Option<Instant>,
    pictures: u32,
    bytes: u64,
    keys: Vec<Instant>,
    bidirectional: bool,
    parameters: Option<Arc<ParameterSets>>,
    clock_ahead: Option<SignedDuration>,
    newest: Option<KeyFrame>,
}

impl Measurement {
    pub(super) const fn has_pictures(&self) -> bool {
        self.pictures > 0
    }

    pub(super) fn take(&mut self, picture: &Picture) {
        let frame = &picture.frame;
        let FrameKind::Video { key, parameters } = &frame.kind else { return };
        self.first.get_or_insert(frame.arrived);
        self.last = Some(frame.arrived);
        self.pictures += 1;
        self.bytes += frame.data.len() as u64;
        self.bidirectional |= picture.bidirectional;
        if *key {
            self.keys.push(frame.arrived);
            self.newest = Some(KeyFrame { parameters: parameters.clone(), arrived: frame.arrived, data: frame.data.clone() });
        }
        self.parameters = Some(Arc::clone(parameters));
    }

    /// Compares the time of day in a sender report with `now`. The way from the camera, some milliseconds, is not taken off.
    pub(super) fn take_report(&mut self, report: &retina::rtcp::ReceivedCompoundPacket, now: Timestamp) {
        if let Some(camera) = time_of_day(report) {
            self.clock_ahead = Some(camera.duration_since(now));
        }
    }

    pub(super) fn into_probe(self) -> Probe {
        let span = self.first.zip(self.last).map(|(first, last)| last - first).filter(|span| !span.is_zero());
        let gaps = self.keys.windows(2).map(|two| two[1] - two[0]);
        Probe {
            codec: self.parameters.as_ref().map(|p| p.codec().name().into()),
            profile: self.parameters.as_deref().and_then(profile),
            resolution: self.parameters.as_ref().map(|p| (p.width, p.height)),
            // There is a picture more than there are spans between pictures.
            frame_rate: span.map(|span| f64::from(self.pictures.saturating_sub(1)) / span.as_secs_f64()),
            key_frame_interval: gaps.max(),
            bit_rate: span.and_then(|span| (self.bytes * 8_000).checked_div(u64::try_from(span.as_millis()).ok()?)),
            b_frames: self.bidirectional,
            clock_ahead: self.clock_ahead,
            picture: self.newest,
            ..Probe::default()
        }
    }
}

/// The profile in words.
fn profile(parameters: &ParameterSets) -> Option<&'static str> {
    match parameters.codec() {
        VideoCodec::H264 => parameters.profile_level_id().map(profile_name),
        VideoCodec::H265 => Sps::read(&parameters.sps).map(|sps| sps.profile_name()),
    }
}

/// `profile_idc` and the constraint flags in words (ITU-T H.264 §A.2).
const fn profile_name([profile, constraints, _]: [u8; 3]) -> &'static str {
    match (profile, constraints & 0x40 != 0) {
        (66, true) => "Constrained Baseline",
        (66, false) => "Baseline",
        (77, _) => "Main",
        (88, _) => "Extended",
        (100, _) => "High",
        (110, _) => "High 10",
        (122, _) => "High 4:2:2",
        (244, _) => "High 4:4:4 Predictive",
        _ => "another",
    }
}
