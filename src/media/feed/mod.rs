//! The one live connection to one stream of one camera, and its fan-out.

mod writer;

pub use writer::FeedWriter;

use super::{CameraSource, Quality};
use crate::clock::Clock;
use futures::future::BoxFuture;
use std::sync::Arc;

/// How a feed gets its frames: runs until it is dropped, and connects again by itself whenever the camera fails.
pub type Intake = Arc<dyn Fn(CameraSource, Quality, FeedWriter, Clock) -> BoxFuture<'static, ()> + Send + Sync>;
