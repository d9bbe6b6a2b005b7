//! Recordings: what is written, and that it plays.

mod files;
