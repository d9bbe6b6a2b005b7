//! One open stream, as the control side holds it.

use super::{
    SdpError,
    door::{DoorBell, Notice},
    port::Port,
    sdp::{Fragment, IceCredentials, restart_fragment},
    shard::{Message, PeerId, ShardLink},
};
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::watch;

/// A stream that has opened.
#[derive(Debug)]
pub struct Opened {
    /// The SDP answer.
    pub answer: String,
    /// The stream.
    pub viewer: Viewer,
}

/// Why a stream ended. Its [`code`](Ending::code) is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The client closed it.
    Closed,
    /// The client's network is gone: no valid check for thirty seconds (RFC 7675), or it never came.
    ConnectionLost,
    /// The same account opened another stream.
    TakenOver,
    /// The log-in that it stood on has ended.
    LoggedOut,
    /// The camera is no longer configured, or is another one.
    CameraRemoved,
    /// What the camera sends now cannot be shown in a browser. Another stream of it perhaps can.
    CodecChanged,
    /// The program stops.
    ServerStopping,
    /// The policy says no now; the code is the refusal's.
    Refused(&'static str),
}

impl Ending {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::ConnectionLost => "connection_lost",
            Self::TakenOver => "taken_over",
            Self::LoggedOut => "logged_out",
            Self::CameraRemoved => "camera_removed",
            Self::CodecChanged => "codec_changed",
            Self::ServerStopping => "server_stopping",
            Self::Refused(code) => code,
        }
    }
}

/// What a stream has carried so far; brought up to date every second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ViewerStats {
    /// Whether the peer has connected.
    pub connected: bool,
    /// RTP packets sent, without repairs.
    pub packets: u64,
    /// Their bytes, headers included.
    pub bytes: u64,
    /// Packets sent again as RTX (RFC 4588).
    pub repaired: u64,
    /// Packets of the video that the client says it lost (RFC 3550 §6.4.1).
    pub lost: u32,
}

/// One open stream. Dropping it closes the stream: none goes on that nobody answers for.
pub struct Viewer {
    pub(super) peer: PeerId,
    pub(super) mid: String,
    pub(super) shard: ShardLink,
    pub(super) bell: DoorBell,
    pub(super) port: Arc<Port>,
    pub(super) ended: watch::Receiver<Option<Ending>>,
    pub(super) stats: Arc<Mutex<ViewerStats>>,
}

impl Viewer {
    /// Takes a trickle fragment (RFC 8840). An ICE-lite server needs no candidate of the client's, so it is only read.
    pub fn trickle(&self, fragment: &str) -> Result<(), SdpError> {
        self.check_open()?;
        Fragment::parse(fragment).map(drop)
    }

    /// Restarts ICE with the credentials in `fragment` (RFC 8840); returns the server's fragment. Until the client uses the new
    /// credentials, the stream goes on under the old ones.
    pub fn restart(&self, fragment: &str) -> Result<String, SdpError> {
        self.check_open()?;
        Fragment::parse(fragment)?.ice.ok_or(SdpError::IceCredentials)?;
        let ice = IceCredentials::generate();
        let answer = restart_fragment(&self.mid, &ice, self.port.candidates());
        self.bell.tell(Notice::Restart { peer: self.peer, ice });
        Ok(answer)
    }

    /// Ends the stream; the first reason given stays.
    pub fn close(&self, ending: Ending) {
        self.shard.send(Message::Close { peer: self.peer, ending });
    }

    /// Waits until the stream has ended and says why.
    pub async fn ended(&self) -> Ending {
        let mut ended = self.ended.clone();
        // A shard that is gone without a word has stopped with the program.
        ended.wait_for(Option::is_some).await.ok().and_then(|ended| *ended).unwrap_or(Ending::ServerStopping)
    }

    /// What it has carried so far.
    pub fn stats(&self) -> ViewerStats {
        *self.stats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check_open(&self) -> Result<(), SdpError> {
        if self.ended.borrow().is_some() { Err(SdpError::Ended) } else { Ok(()) }
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        self.close(Ending::Closed);
    }
}

impl fmt::Debug for Viewer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Viewer").field("peer", &self.peer).finish_non_exhaustive()
    }
}
