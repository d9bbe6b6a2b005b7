//! A small H.264 encoder for drawn pictures: Constrained Baseline, CAVLC, intra 16×16, and inter without motion.
//!
//! What does not change costs nothing (`P_Skip`), and that is nearly everything in a drawn scene. A picture is made of bands, each a
//! slice of its own, so that a band can be coded once and shown again. References are to ITU-T H.264 (08/2021).

mod bits;
mod cavlc;
mod parameters;
mod picture;
mod predict;
mod residual;
mod slice;
mod tables;
mod transform;

pub use parameters::VideoFormat;
pub use picture::{Picture, Plane};
pub use slice::{BandEncoder, SliceKind};
