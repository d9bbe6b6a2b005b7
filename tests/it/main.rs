//! Everything that is tested against real parts, in one binary: it links once.

mod audit;

#[path = "../world/mod.rs"]
mod world;
