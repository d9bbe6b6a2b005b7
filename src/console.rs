//! What a director changes, beside what `site.toml` declares.
//!
//! Every change takes a [`Mandate`](crate::policy::Mandate), which only the policy gives, and is one transaction with its audit record.

pub mod pauses;
