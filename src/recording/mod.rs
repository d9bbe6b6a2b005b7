//! Recordings: written from the feeds, kept as long as the rules say, read by those whom the policy lets.

pub mod store;
pub mod verify;
