//! What the whole test run writes to its log, for the tests that read it.

use std::{
    io,
    sync::{Arc, Mutex, OnceLock},
};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter, layer::SubscriberExt};

/// A log in memory.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// The log of this process from the first call on: tasks move between threads, so one log takes all. It is as talkative as the
    /// program can be.
    pub fn of_this_process() -> Self {
        static LOG: OnceLock<Log> = OnceLock::new();
        let start = || {
            let log = Self::default();
            let lines = tracing_subscriber::fmt::layer().with_writer(log.clone()).with_ansi(false);
            let all = tracing_subscriber::registry().with(EnvFilter::new("tereze=trace,debug")).with(lines);
            tracing::subscriber::set_global_default(all).unwrap();
            log
        };
        LOG.get_or_init(start).clone()
    }

    /// Everything so far.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
