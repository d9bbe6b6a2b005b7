//! Waiting for a camera to come back.

use super::error::CameraError;
use std::time::Duration;
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};
use url::Url;

/// Time between two knocks.
const INTERVAL: Duration = Duration::from_secs(1);

/// The port of RTSP (RFC 2326 §3.2).
const RTSP_PORT: u16 = 554;

/// Waits for `pause`. For a camera that could not be reached it looks meanwhile whether its port has opened, and returns as soon as it
/// has: a camera that comes back is not kept waiting by the length of its absence, and an open port is no log-in that it could count.
pub(super) async fn wait_or_knock(pause: Duration, error: &CameraError, url: &Url) {
    if *error != CameraError::Unreachable {
        return sleep(pause).await;
    }
    let opened = async {
        let Some(host) = url.host_str() else { return std::future::pending().await };
        // An IPv6 address stands in brackets in a URL, and without them elsewhere.
        let address = (host.trim_matches(['[', ']']), url.port().unwrap_or(RTSP_PORT));
        loop {
            sleep(INTERVAL.min(pause)).await;
            if let Ok(Ok(_)) = timeout(INTERVAL, TcpStream::connect(address)).await {
                return;
            }
        }
    };
    tokio::select! {
        () = sleep(pause) => {}
        () = opened => {}
    }
}
