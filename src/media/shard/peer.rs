//! One viewer's peer: DTLS, then video and sound out, RTCP in.

use super::{
    FeedId, PeerId,
    batch::Batch,
    feedback::{self, Feedback},
    report::{Account, Wall, goodbye, sender_report},
    sound::Sound,
    video::{Next, Outlet, Video},
};
use crate::media::{
    Ending, ViewerStats,
    dtls::{Dtls, Progress},
    feed::Interest,
    metrics::{Counts, Metrics},
    plane::Place,
    port::{Path, Port},
    rtp::{HEADER, Reel, SoundFrame},
    sdp::Answer,
    srtp::{Exported, Opener, Sealer, SrtpError},
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::watch;

/// How long a client may take from the answer to the end of the handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How often a sender report goes out.
const REPORT: Duration = Duration::from_secs(1);

/// What ties a peer to the rest of the program.
pub(in crate::media) struct Seat {
    pub(in crate::media) id: PeerId,
    pub(in crate::media) feed: FeedId,
    /// Where the end is told.
    pub(in crate::media) ended: watch::Sender<Option<Ending>>,
    /// Where the figures are told, once a second.
    pub(in crate::media) stats: Arc<Mutex<ViewerStats>>,
    /// Held while it lives: the feed stays up, and its place among all viewers is taken.
    #[expect(dead_code, reason = "held, not read")]
    pub(in crate::media) held: (Interest, Place),
}

/// What a shard lends to its peers.
pub(super) struct Tools<'a> {
    pub(super) port: &'a Port,
    pub(super) batch: &'a mut Batch,
    pub(super) wall: &'a Wall,
    pub(super) metrics: &'a Metrics,
}

/// Whether a peer goes on.
pub(super) type Goes = Result<(), Ending>;

/// One viewer's peer.
pub(in crate::media) struct Peer {
    pub(super) seat: Seat,
    dtls: Dtls,
    srtp: Option<(Sealer, Opener)>,
    path: Option<Path>,
    video: Video,
    sound: Option<Sound>,
    cname: String,
    joined: Instant,
    reported: Instant,
    counted: Counts,
    counts: Counts,
    lost: u32,
    /// Whether it waits for its next burst.
    pub(super) paced: bool,
}

impl Peer {
    /// A peer whose client has been sent `answer` and is expected.
    pub(in crate::media) fn new(seat: Seat, dtls: Dtls, answer: &Answer, cname: String, now: Instant) -> Self {
        Self {
            seat,
            dtls,
            srtp: None,
            path: None,
            video: Video::new(answer.video.clone(), now),
            sound: answer.sound.clone().map(Sound::new),
            cname,
            joined: now,
            reported: now,
            counted: Counts::default(),
            counts: Counts::default(),
            lost: 0,
            paced: false,
        }
    }

    /// Whether the handshake is done.
    pub(super) fn connected(&self) -> bool {
        self.srtp.is_some()
    }

    /// The client is reached there from now on.
    pub(super) fn follow(&mut self, path: Path) {
        self.path = Some(path);
    }

    /// Takes a DTLS datagram; answers go where it came from. Returns whether it has connected by it.
    pub(super) fn dtls(&mut self, now: Instant, path: Path, datagram: Vec<u8>, tools: &mut Tools<'_>) -> Result<bool, Ending> {
        let progress = self.dtls.read(now, datagram);
        self.send_dtls(&path, tools.port);
        match progress {
            Progress::Going => Ok(false),
            Progress::Connected(keys) => {
                self.srtp = Some(sealers(&keys).map_err(|_| Ending::ConnectionLost)?);
                tools.metrics.connected(now.duration_since(self.joined));
                Ok(true)
            }
            Progress::Closed => Err(Ending::Closed),
            Progress::Failed(why) => {
                tracing::debug!(why, "a client did not connect");
                Err(Ending::ConnectionLost)
            }
        }
    }

    /// Takes an RTCP packet. Returns whether the client is sent pictures again from the newest key frame on.
    pub(super) fn rtcp(&mut self, now: Instant, mut packet: Vec<u8>, reel: &Reel, tools: &mut Tools<'_>) -> bool {
        let (Some((sealer, opener)), Some(path)) = (&mut self.srtp, &self.path) else { return false };
        let Ok(compound) = opener.rtcp(&mut packet) else { return false };
        let (video, counts, lost) = (&mut self.video, &mut self.counts, &mut self.lost);
        let before = counts.replays;
        let mut outlet = Outlet { port: tools.port, path, sealer, batch: tools.batch };
        feedback::read(compound, |feedback| match feedback {
            Feedback::Missing { ssrc, first, after } if video.is(ssrc) => {
                counts.missing += u64::from(after.count_ones() + 1);
                video.repair(first, after, reel, now, &mut outlet);
            }
            Feedback::KeyFrame { ssrc } if video.is(ssrc) => {
                counts.key_requests += 1;
                counts.replays += u64::from(video.replay(reel, now));
            }
            Feedback::Lost { ssrc, total } if video.is(ssrc) => *lost = total,
            _ => {}
        });
        counts.replays > before
    }

    /// How old the picture is that it is sent next, or was sent last; `None` for who is still being brought to the live edge.
    pub(super) fn behind(&self, reel: &Reel, now: Instant) -> Option<Duration> {
        self.connected().then(|| self.video.behind(reel, now)).flatten()
    }

    /// Sends the next burst of video, if there is anybody to send to.
    pub(super) fn pump(&mut self, reel: &Reel, tools: &mut Tools<'_>) -> Next {
        let (Some((sealer, _)), Some(path)) = (&self.srtp, &self.path) else { return Next::Edge };
        self.video.send(reel, &mut Outlet { port: tools.port, path, sealer, batch: tools.batch })
    }

    /// Sends sound.
    pub(super) fn sound(&mut self, frame: &SoundFrame, tools: &mut Tools<'_>) {
        let (Some(sound), Some((sealer, _)), Some(path)) = (&mut self.sound, &self.srtp, &self.path) else { return };
        sound.send(frame, &mut Outlet { port: tools.port, path, sealer, batch: tools.batch });
    }

    /// Does what is due: repeats in the handshake, its end, reports.
    pub(super) fn tick(&mut self, now: Instant, reel: Option<&Reel>, tools: &mut Tools<'_>) -> Goes {
        if self.srtp.is_none() {
            if now.duration_since(self.joined) > HANDSHAKE {
                return Err(Ending::ConnectionLost);
            }
            self.dtls.timeout(now);
            if let Some(path) = self.path {
                self.send_dtls(&path, tools.port);
            }
        } else if now.duration_since(self.reported) >= REPORT {
            self.reported = now;
            let accounts: Vec<Account> = reel
                .and_then(|reel| self.video.account(reel))
                .into_iter()
                .chain(self.sound.as_ref().and_then(Sound::account))
                .collect();
            if !accounts.is_empty() {
                let overhead = self.srtp.as_ref().map_or(0, |(sealer, _)| HEADER + sealer.tag()) as u64;
                self.send_rtcp(sender_report(tools.wall, now, &accounts, overhead, &self.cname), tools.port);
            }
            self.count(tools.metrics);
        }
        Ok(())
    }

    /// Says goodbye and tells why.
    pub(super) fn end(mut self, now: Instant, ending: Ending, tools: &mut Tools<'_>) {
        let ssrcs = self.video.ssrcs().chain(self.sound.as_ref().map(Sound::ssrc)).collect();
        self.send_rtcp(goodbye(ssrcs), tools.port);
        self.dtls.close(now);
        if let Some(path) = self.path {
            self.send_dtls(&path, tools.port);
        }
        self.count(tools.metrics);
        if self.connected() {
            tools.metrics.disconnected();
        }
        self.seat.ended.send_if_modified(|ended| {
            let first = ended.is_none();
            *ended = ended.or(Some(ending));
            first
        });
    }

    fn count(&mut self, metrics: &Metrics) {
        let sound = self.sound.as_ref().map_or((0, 0), |sound| (sound.packets, sound.bytes));
        self.counts.packets = self.video.packets + sound.0;
        self.counts.bytes = self.video.bytes + sound.1;
        self.counts.repaired = self.video.repaired;
        self.counts.jumps = self.video.jumps;
        metrics.add(&self.counts.since(&self.counted));
        self.counted = self.counts;
        let Counts { packets, bytes, repaired, .. } = self.counts;
        let stats = ViewerStats { connected: self.connected(), packets, bytes, repaired, lost: self.lost };
        *self.seat.stats.lock().unwrap_or_else(PoisonError::into_inner) = stats;
    }

    fn send_dtls(&mut self, path: &Path, port: &Port) {
        while let Some(datagram) = self.dtls.transmit() {
            let _ = port.send(path, &datagram, datagram.len());
        }
    }

    fn send_rtcp(&mut self, mut packet: Vec<u8>, port: &Port) {
        let (Some((sealer, _)), Some(path)) = (&mut self.srtp, &self.path) else { return };
        if sealer.rtcp(&mut packet).is_ok() {
            let _ = port.send(path, &packet, packet.len());
        }
    }
}

fn sealers(keys: &Exported) -> Result<(Sealer, Opener), SrtpError> {
    Ok((Sealer::new(keys)?, Opener::new(keys)?))
}
