//! How it is measured: viewers come, are let settle, and are counted for a while.

use crate::server::{Joined, Server};
use anyhow::ensure;
use futures::{StreamExt, stream};
use std::{ops::Range, time::Duration};
use tereze::{
    clock::monotonic,
    load::{Behaviour, Crowd, Figures},
};

/// How many ask at the same time.
const AT_ONCE: usize = 16;
/// After the last one has come.
const SETTLE: Duration = Duration::from_secs(3);

/// What a while has cost, and what was seen in it.
#[derive(Debug, Clone)]
pub struct While {
    /// What the viewers saw.
    pub figures: Figures,
    /// What the server used.
    pub cpu: Duration,
    /// Its memory at the end, in bytes.
    pub memory: u64,
}

impl While {
    /// Processor time for each packet that arrived, in microseconds.
    #[allow(clippy::cast_precision_loss, reason = "counts of a minute")]
    pub fn micros_a_packet(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.figures.packets.max(1) as f64
    }

    /// The share of its core that the server used.
    pub fn share(&self) -> f64 {
        self.cpu.as_secs_f64() / self.figures.seconds.max(0.001)
    }
}

/// Has the viewers with these numbers come, `rate` a second.
pub async fn come(server: &Server, crowd: &Crowd, numbers: Range<usize>, rate: f64) -> anyhow::Result<Vec<Joined>> {
    let (began, first) = (monotonic(), numbers.start);
    let coming = numbers.map(|number| async move {
        let due = began + Duration::from_secs_f64((number - first) as f64 / rate);
        tokio::time::sleep_until(due.into()).await;
        server.join(crowd, number, Behaviour::Honest).await
    });
    stream::iter(coming).buffered(AT_ONCE).collect::<Vec<_>>().await.into_iter().collect()
}

/// Waits until `viewers` of the crowd are connected.
pub async fn settle(crowd: &Crowd, viewers: usize) -> anyhow::Result<()> {
    let began = monotonic();
    while crowd.figures().viewers < viewers {
        ensure!(began.elapsed() < Duration::from_secs(30), "{} of {viewers} viewers are connected", crowd.figures().viewers);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tokio::time::sleep(SETTLE).await;
    Ok(())
}

/// Counts for `seconds`.
pub async fn count(server: &Server, crowd: &Crowd, seconds: u64) -> anyhow::Result<While> {
    crowd.begin();
    let before = server.usage()?;
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let (after, figures) = (server.usage()?, crowd.figures());
    Ok(While { figures, cpu: after.cpu.saturating_sub(before.cpu), memory: after.memory })
}
