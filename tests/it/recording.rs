//! Recordings: what is written, that it plays, and what becomes of it when things go wrong.

mod cameras;
mod crashes;
mod disks;
mod exports;
mod files;
mod h265;
mod lives;
mod masked;
mod place;
mod story;
