//! Recordings: written from the feeds, kept as long as the rules say, read by those whom the policy lets.

pub mod disk;
pub mod forecast;
pub mod keeper;
pub mod mover;
pub mod objects;
pub mod retention;
mod file;
pub mod mp4;
pub mod sound;
pub mod store;
pub mod verify;

pub use file::{SegmentFile, Whole};
pub use mp4::{Fragment, Head, Layout};
