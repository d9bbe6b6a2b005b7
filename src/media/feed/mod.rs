//! The one live connection to one stream of one camera, and its fan-out.
//!
//! A feed is a task. It runs the camera while somebody wants it, makes packets of its frames once, while somebody watches, and hands them to every
//! shard. It stays when the camera goes: viewers keep their streams and go on when it is back.

mod board;
mod handle;
mod inspect;
mod stage;
mod tap;
mod task;
mod writer;

pub(super) use board::Board;
pub(super) use handle::{Facts, FeedHandle, FeedPlan, Interest, Purpose};
pub use tap::{Gone, Missing, Tap, Tapped};
pub use writer::FeedWriter;

use super::{CameraSource, Quality};
use crate::clock::Clock;
use futures::future::BoxFuture;
use std::sync::Arc;

/// How a feed gets its frames: runs until it is dropped, and connects again by itself whenever the camera fails.
pub type Intake = Arc<dyn Fn(CameraSource, Quality, FeedWriter, Clock) -> BoxFuture<'static, ()> + Send + Sync>;
