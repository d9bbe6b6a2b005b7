//! What is written to standard error.

use crate::config::{Format, Level, Log};
use std::io;
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
    let lines = match log.format {
        Format::Text => lines.boxed(),
        Format::Json => lines.json().boxed(),
    };
    let _ = tracing_subscriber::registry().with(lines.with_filter(targets)).try_init();
}
