//! Recordings: written from the feeds, kept as long as the rules say, read by those whom the policy lets.

pub mod calendar;
mod camera;
mod cutter;
pub mod disk;
pub mod encryption;
pub mod export;
mod file;
pub mod forecast;
mod holes;
mod index;
pub mod keeper;
mod metrics;
pub mod mover;
pub mod mp4;
pub mod objects;
pub mod pieces;
pub mod playback;
pub mod playlist;
mod recorder;
mod repair;
pub mod retention;
mod segment;
pub mod sound;
pub mod store;
mod time;
pub mod timeline;
pub mod verify;
mod wall;
mod worker;

pub use file::{SegmentFile, Whole};
pub use mp4::{Fragment, Head, Layout};
pub use recorder::{LENGTH, Recorder, RecorderParts};

use crate::{clock::Clock, db::Db, media::Media};
use index::Index;
use metrics::Metrics;
use std::sync::Arc;
use store::Store;
use tokio::sync::Notify;

/// What everything that records shares.
struct Parts {
    db: Db,
    media: Media,
    store: Store,
    clock: Clock,
    /// How long a segment is.
    length: time::Nanos,
    /// Told whenever the disk is full.
    full: Arc<Notify>,
    index: Index,
    metrics: Metrics,
}
