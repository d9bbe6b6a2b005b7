//! The one live connection to one stream of one camera, and its fan-out.
//!
//! A feed is a task. It runs the camera while somebody wants it, makes packets of its frames once, and hands them to every shard.
//! It stays when the camera goes: viewers keep their streams and go on when it is back.

mod board;
mod inspect;
mod tap;
mod task;
mod writer;

pub(super) use board::Board;
pub use tap::{Missing, Tap, Tapped};
pub(super) use task::{Facts, FeedHandle, FeedPlan, Interest};
pub use writer::FeedWriter;

use super::{CameraSource, Quality};
use crate::clock::Clock;
use futures::future::BoxFuture;
use std::sync::Arc;

/// How a feed gets its frames: runs until it is dropped, and connects again by itself whenever the camera fails.
pub type Intake = Arc<dyn Fn(CameraSource, Quality, FeedWriter, Clock) -> BoxFuture<'static, ()> + Send + Sync>;
