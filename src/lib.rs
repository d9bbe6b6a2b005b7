#![doc = include_str!("README.md")]

pub mod clock;
pub mod db;
pub mod id;
pub mod media;
pub mod model;
pub mod policy;
pub mod secret;
