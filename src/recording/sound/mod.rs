//! Sound in a file: browsers play no G.711 from files, so that it is unfolded to 16 bits and packed as FLAC, without loss.

mod bits;
mod flac;
mod g711;

pub use flac::{LONGEST_BLOCK, pack};
pub use g711::unfold;
