//! Work that waits for the disk, which may hang: a mount whose server is gone, a controller that resets, a file system that is frozen.
//!
//! Nothing can call such work off. So whoever gives it goes on after a while, and a disk that hangs for days holds one thread for each worker:
//! the next piece of work is not begun until the last one is done.

use std::{io, sync::Arc, time::Duration};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

/// A disk that has not answered for so long hangs. One that spins up or flushes its cache answers sooner, and about so much of a large
/// camera's stream can wait meanwhile.
const PATIENCE: Duration = Duration::from_secs(15);

/// Does one piece of work after the other, on threads that may wait. Those that are cloned from each other are the same worker.
#[derive(Debug, Clone)]
pub(super) struct Worker(Arc<Semaphore>);

impl Worker {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }

    /// Does `work` when what was given before is done, and waits for it as long as a disk may take.
    ///
    /// # Errors
    /// What the work says; or [`io::ErrorKind::TimedOut`], and then the work may still be done later, if it has begun.
    pub(super) async fn does<T: Send + 'static>(&self, work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
        let done = async {
            let turn = self.0.clone().acquire_owned().await.map_err(io::Error::other)?;
            let done = spawn_blocking(move || {
                let done = work();
                drop(turn);
                done
            });
            done.await.map_err(io::Error::other)?
        };
        timeout(PATIENCE, done).await.unwrap_or_else(|_| Err(hangs()))
    }

    /// Says so if the last piece of work is not done yet: whoever has better things to do than to wait asks this first.
    pub(super) fn is_free(&self) -> io::Result<()> {
        if self.0.available_permits() > 0 { Ok(()) } else { Err(hangs()) }
    }
}

fn hangs() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the disk hangs")
}
