//! Single pictures: one key frame, decoded small, judged or handed out as JPEG; and [`Pictures`] one after the other, for an export whose
//! masks are burnt in.
//!
//! The video that people watch is never decoded; a picture now and then is, so that a director learns of a lens that is covered
//! and sees what a camera shows that is tested. The bytes are a camera's, and a camera may be anybody's: they are bounded before
//! they reach the decoder, which is safe Rust, and a decoder that panics or takes too long costs one picture.

mod appearance;
mod cover;
mod decode;
mod jpeg;

pub use appearance::Appearance;
pub use decode::{Pictures, Undecodable};
pub use jpeg::Still;

use crate::{media::KeyFrame, model::Area};
use rusty_h264_common::YuvFrame;
use std::{sync::Arc, time::Duration};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

/// How long one waits for the pictures before.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long one picture is waited for; the largest takes some 0.3 s.
const LONGEST: Duration = Duration::from_secs(10);

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotDeveloped {
    /// Other pictures are being decoded.
    #[error("other pictures are being decoded")]
    Busy,
    /// The decoder does not take it.
    #[error(transparent)]
    Undecodable(#[from] Undecodable),
}

/// Where key frames are decoded, one after the other: so viewers keep the other cores, whoever asks for pictures. Clones are handles to
/// the same one.
#[derive(Clone)]
pub struct Darkroom(Arc<Semaphore>);

impl Default for Darkroom {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

impl Darkroom {
    /// What the camera shows in `frame`.
    pub async fn look(&self, frame: KeyFrame) -> Result<Appearance, NotDeveloped> {
        self.develop(frame, Appearance::of).await
    }

    /// The picture in `frame` as a JPEG file. It is the only way out for a picture, and `areas` of it are black before it is encoded.
    pub async fn still(&self, frame: KeyFrame, areas: Vec<Area>) -> Result<Vec<u8>, NotDeveloped> {
        let jpeg = move |picture: &YuvFrame| {
            let mut still = Still::of(picture);
            still.cover(&areas);
            still.jpeg()
        };
        self.develop(frame, jpeg).await?.ok_or(NotDeveloped::Undecodable(Undecodable::Refused))
    }

    /// The place is free again when the work is done, not when nobody waits for it any more.
    async fn develop<T: Send + 'static>(
        &self,
        frame: KeyFrame,
        make: impl FnOnce(&YuvFrame) -> T + Send + 'static,
    ) -> Result<T, NotDeveloped> {
        let place = timeout(PATIENCE, self.0.clone().acquire_owned()).await;
        let place = place.ok().and_then(Result::ok).ok_or(NotDeveloped::Busy)?;
        let work = spawn_blocking(move || {
            let _place = place;
            decode::decode(&frame).map(|picture| make(&picture))
        });
        match timeout(LONGEST, work).await {
            Ok(Ok(made)) => Ok(made?),
            // It panicked, which ends that task alone.
            Ok(Err(_)) => Err(Undecodable::Refused.into()),
            Err(_) => {
                tracing::warn!("a camera's picture takes too long to decode");
                Err(Undecodable::Refused.into())
            }
        }
    }
}
