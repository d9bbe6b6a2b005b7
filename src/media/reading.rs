//! The thread on which cameras are read: all of them, and their feeds.
//!
//! Each packet would wake it, thousands of times a second where many cameras are recorded, and waking is most of what a packet costs. So while nobody
//! watches, what has come is taken a hundred times a second, from all cameras together; with the first viewer it is taken as it comes.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};
use tokio::{
    runtime::{Builder, Handle},
    task::JoinHandle,
};
use tokio_util::sync::{CancellationToken, DropGuard};

/// How long a packet waits at most while nobody watches. At 16 Mbit/s that is 20 kB, of which a connection holds many times as much.
const CALM: Duration = Duration::from_millis(10);
/// How long cameras may take to be told goodbye when the thread ends.
const GOODBYE: Duration = Duration::from_secs(2);

/// The thread. Dropping it ends it, and what runs on it.
pub(super) struct Reading {
    runtime: Handle,
    hurried: Arc<AtomicUsize>,
    _stop: DropGuard,
}

/// Somebody watches: what comes is not to wait, for as long as this lives.
pub(super) struct Hurry(Arc<AtomicUsize>);

impl Reading {
    /// Starts it.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(super) fn start() -> io::Result<Self> {
        let (hurried, stop) = (Arc::new(AtomicUsize::new(0)), CancellationToken::new());
        let (calm, stopped) = (hurried.clone(), stop.clone());
        let rest = move || {
            if calm.load(Ordering::Relaxed) == 0 {
                thread::sleep(CALM);
            }
        };
        let runtime = Builder::new_current_thread().enable_all().on_thread_park(rest).build()?;
        let handle = runtime.handle().clone();
        let run = move || {
            runtime.block_on(async {
                stopped.cancelled().await;
                tokio::time::sleep(GOODBYE).await;
            });
            // A name that is still being looked up keeps nobody waiting.
            runtime.shutdown_background();
        };
        thread::Builder::new().name("media-read".to_owned()).spawn(run)?;
        Ok(Self { runtime: handle, hurried, _stop: stop.drop_guard() })
    }

    /// Runs `task` on it.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        self.runtime.spawn(task)
    }

    /// What those hold who watch.
    pub(super) fn hurry(&self) -> Hurry {
        self.hurried.fetch_add(1, Ordering::Relaxed);
        Hurry(self.hurried.clone())
    }
}

impl Drop for Hurry {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::monotonic;
    use std::sync::mpsc;

    /// The shortest time between two of thirty things that are due every millisecond.
    fn shortest(reading: &Reading) -> Duration {
        let (done, measured) = mpsc::channel();
        reading.spawn(async move {
            let mut shortest = Duration::MAX;
            for _ in 0..30 {
                let before = monotonic();
                tokio::time::sleep(Duration::from_millis(1)).await;
                shortest = shortest.min(before.elapsed());
            }
            done.send(shortest).unwrap();
        });
        measured.recv().unwrap()
    }

    #[test]
    fn it_takes_its_time_until_somebody_watches() {
        let reading = Reading::start().unwrap();
        assert!(shortest(&reading) >= CALM);
        let hurry = reading.hurry();
        assert!(shortest(&reading) < CALM);
        drop(hurry);
        assert!(shortest(&reading) >= CALM);
    }
}
