//! Recordings: what is written, that it plays, and what becomes of it when things go wrong.

mod cameras;
mod crashes;
mod files;
mod h265;
mod story;
