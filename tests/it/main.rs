//! Everything that is tested against real parts, in one binary: it links once.

mod apply;
mod audit;
mod db;

#[path = "../world/mod.rs"]
mod world;
