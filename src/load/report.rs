//! What all viewers together have seen.

use super::peer::Peer;
use std::{
    fmt,
    time::{Duration, Instant},
};

/// What all viewers together have seen.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// How long they were counted, in seconds.
    pub seconds: f64,
    /// How many are connected.
    pub viewers: usize,
    /// How many the server has ended.
    pub closed: usize,
    /// Packets of the video that arrived, repairs apart, and their bytes.
    pub packets: u64,
    /// The bytes of these.
    pub bytes: u64,
    /// Pictures that arrived.
    pub pictures: u64,
    /// Packets that never came.
    pub lost: u64,
    /// The longest time that a viewer was without a new picture, each viewer's.
    pub pauses: Spread,
    /// From asking to the end of the handshake.
    pub connected: Spread,
    /// From asking to a whole key frame.
    pub key_frames: Spread,
    /// From the camera's sending a picture to the arrival of its first packet, where the camera stamps its pictures.
    pub delays: Spread,
    /// The same, to the arrival of its last packet.
    pub whole_delays: Spread,
}

/// Durations, of which some are asked for later.
#[derive(Debug, Clone, Default)]
pub struct Spread(Vec<Duration>);

impl Spread {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds one.
    pub fn push(&mut self, duration: Duration) {
        self.0.push(duration);
    }

    /// The one that `share` of all (0 to 1) do not exceed; `None` of none.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a position in a list in memory"
    )]
    pub fn at(&self, share: f64) -> Option<Duration> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let position = (sorted.len() as f64 * share).ceil() as usize;
        sorted.get(position.saturating_sub(1)).copied()
    }

    /// The longest.
    pub fn longest(&self) -> Option<Duration> {
        self.0.iter().max().copied()
    }
}

impl Figures {
    pub(super) fn add(&mut self, peer: &Peer, now: Instant) {
        let watched = &peer.watched;
        self.packets += watched.packets;
        self.bytes += watched.bytes;
        self.pictures += watched.pictures;
        self.lost += watched.lost();
        if peer.connected.is_some() {
            self.pauses.push(watched.longest_pause(now));
        }
        self.connected.0.extend(peer.connected.map(|at| at.saturating_duration_since(peer.asked)));
        self.key_frames.0.extend(watched.key_frame().map(|at| at.saturating_duration_since(peer.asked)));
        let micros = |delays: &Vec<u32>| delays.iter().map(|micros| Duration::from_micros(u64::from(*micros))).collect::<Vec<_>>();
        self.delays.0.extend(micros(&watched.delays));
        self.whole_delays.0.extend(micros(&watched.whole_delays));
    }
}

impl fmt::Display for Figures {
    #[allow(clippy::cast_precision_loss, reason = "for people to read")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = |count: u64| count as f64 / self.seconds.max(0.001);
        writeln!(f, "viewers        {} connected, {} ended by the server", self.viewers, self.closed)?;
        writeln!(f, "counted        {:.1} s", self.seconds)?;
        writeln!(f, "packets        {} ({:.0} a second), {} lost", self.packets, rate(self.packets), self.lost)?;
        writeln!(f, "received       {:.1} Mbit/s", rate(self.bytes) * 8.0 / 1e6)?;
        writeln!(f, "pictures       {} ({:.0} a second)", self.pictures, rate(self.pictures))?;
        let rows = [
            ("connected after", &self.connected),
            ("key frame after", &self.key_frames),
            ("longest pause", &self.pauses),
            ("delay", &self.delays),
            ("whole picture", &self.whole_delays),
        ];
        for (name, spread) in rows {
            let [Some(half), Some(most), Some(longest)] = [spread.at(0.5), spread.at(0.95), spread.longest()] else { continue };
            let ms = |duration: Duration| duration.as_secs_f64() * 1e3;
            writeln!(f, "{name:<15}p50 {:.1} ms, p95 {:.1} ms, at most {:.1} ms", ms(half), ms(most), ms(longest))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_tells_what_a_share_does_not_exceed() {
        let spread = Spread((1..=100).rev().map(Duration::from_millis).collect());
        let at = |share| spread.at(share).unwrap().as_millis();
        assert_eq!((at(0.5), at(0.95), at(1.0), at(0.0)), (50, 95, 100, 1));
        assert_eq!(Spread::default().at(0.5), None);
    }
}
