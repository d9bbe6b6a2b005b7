//! Video with the privacy masks burnt in: its pictures are decoded, covered, and coded anew.
//!
//! What is recorded shows everything, so that it can prove what was; what leaves the house need not. A picture is only ever coded after its
//! areas are covered, from its pixels; no byte of the recorded pictures is in what is made, and one that cannot be decoded ends it with an
//! error, so that nothing is shown that nobody has covered. Sound and times stay as they are.
//!
//! It is the only place where video is coded, and it costs a core: one film at a time, on a thread that yields to all others.

mod coder;
mod film;
mod paint;

pub use film::{Film, Made};

use crate::{
    db::segments::SegmentRow,
    recording::mp4::LayoutError,
    still::{Pictures, Undecodable},
};
use jiff::SignedDuration;
use std::{io, sync::Arc};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The longest span with masks burnt in. A core codes some 30 pictures of 1080 lines a second, so this may take a quarter of an hour.
pub const LONGEST: SignedDuration = SignedDuration::from_mins(15);

/// Why masks cannot be burnt in.
#[derive(Debug, thiserror::Error)]
pub enum NotMasked {
    /// A picture is of another codec, or larger, or codes what the decoder does not know.
    #[error(transparent)]
    Undecodable(#[from] Undecodable),
    /// Pictures are not decoded in the order in which they are shown.
    #[error("the pictures are not in the order in which they are shown")]
    Reordered,
    /// The encoder does not take the picture.
    #[error("the picture cannot be coded: {0}")]
    Uncodable(&'static str),
    /// The file is not one of a recording.
    #[error("the file is not as recordings are")]
    NoFilm,
    /// What is made cannot be written as MP4.
    #[error(transparent)]
    Mp4(#[from] mp4_atom::Error),
    /// The disk, or whoever fetches it.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<LayoutError> for NotMasked {
    fn from(error: LayoutError) -> Self {
        match error {
            LayoutError::Io(error) => error.into(),
            LayoutError::NoHead => Self::NoFilm,
        }
    }
}

/// Whether the pictures of `segment` may be such that they can be covered, by what its row says of them.
pub(super) fn may_be_masked(segment: &SegmentRow) -> Result<(), NotMasked> {
    if !segment.codec.starts_with("avc1.") {
        return Err(Undecodable::OtherCodec.into());
    }
    let [width, height] = [segment.width, segment.height].map(|side| usize::try_from(side).unwrap_or(usize::MAX));
    Ok(Pictures::fits(width, height)?)
}

/// The one place where masks are burnt in. Clones are handles to the same one.
#[derive(Clone)]
pub struct Masker(Arc<Semaphore>);

impl Default for Masker {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

impl Masker {
    /// Whether nobody has it.
    pub fn is_free(&self) -> bool {
        self.0.available_permits() > 0
    }

    /// The place, until what is returned is dropped.
    pub fn take(&self) -> Option<OwnedSemaphorePermit> {
        self.0.clone().try_acquire_owned().ok()
    }
}
