//! What is written to standard error.

use crate::config::{Format, Level, Log};
use std::io::{self, IsTerminal};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{Layer, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Starts logging; a second time does nothing. No environment variable changes it: `retina` writes camera addresses.
pub fn start(log: &Log) {
    let level = match log.level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
    };
    let targets = Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_target("tereze", level)
        .with_target("retina", LevelFilter::OFF)
        // It warns of every TLS extension of a browser that it does not know.
        .with_target("rtc_dtls", LevelFilter::OFF);
    let lines = fmt::layer().with_writer(io::stderr);
    // Colours are for somebody who looks; in a file or a journal they would be garbage between the words.
    let lines = if io::stderr().is_terminal() { lines } else { lines.with_ansi(false) };
    let lines = match log.format {
        Format::Text => lines.boxed(),
        Format::Json => lines.json().boxed(),
    };
    // A filter of the one layer would do the same, but forgets: after a library has asked whether a line would be written, as `sqlx`
    // does before each statement, the next line that was to be written is not.
    let _ = tracing_subscriber::registry().with(targets).with(lines).try_init();
}
