//! The demo: a kindergarten to try everything in, with simulated cameras.

pub mod camera;
